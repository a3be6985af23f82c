/** The evidence of a real installation in which two plans were decided about and one was carried out. */
import { generateKeyPairSync } from 'node:crypto'
import { Client } from 'pg'
import { readPublicKeys } from '../../scripts/audit/verify-checkpoints.ts'
import { verifyExport, type Verdict } from '../../scripts/audit/verify-export.ts'
import { exportEvidence, type EvidenceRecord } from '../../src/services/evidence/export-evidence.ts'
import { makeCheckpoint } from '../../src/services/evidence/make-checkpoint.ts'
import { publicKeyId } from '../../src/signing-key.ts'
import { createTestDatabase } from '../harness/database.ts'
import { catalogOf } from '../harness/plan-builder.ts'
import { startService } from '../harness/service.ts'

export type Evidence = Awaited<ReturnType<typeof createEvidence>>

export async function createEvidence() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = { id: publicKeyId(publicKey), privateKey }
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const database = await createTestDatabase()
  const service = await startService(database.url, catalogOf([{ id: 'copy' }, { id: 'move' }]))
  await service.startAgent('infra-1', async () => ({ moved: 1.5, name: 'päth' }))
  const plan = await service.plan({ intent: 'copy' }, { intent: 'move', dependsOn: [1] })
  const checkpoint = () => makeCheckpoint({ pool: service.pool, key, everySeconds: 10 }, { early: true })
  await checkpoint()
  await service.decide(plan)
  await service.planReaches(plan.id, 'COMPLETED')
  const rejected = await service.plan({ intent: 'copy' })
  await service.decide(rejected, { approved: false })
  await checkpoint()

  async function read(): Promise<EvidenceRecord[]> {
    const client = new Client({ connectionString: database.url })
    await client.connect()
    try {
      const records: EvidenceRecord[] = []
      for await (const record of exportEvidence(client)) records.push(record)
      return records
    } finally {
      await client.end()
    }
  }

  return {
    service, plan, rejected, publicPem, checkpoint, read, url: database.url,
    verify: (records: readonly EvidenceRecord[], logged?: Map<number, string>): Promise<Verdict> =>
      verifyExport(records.map((record) => JSON.stringify(record)), { keys: readPublicKeys([publicPem]), logged }),
    async stop() {
      await service.stop()
      await database.drop()
    },
  }
}

/** Fields of a record that a test may want to change. */
export type Row = { sequence: number; stream: string; message: string; kind: string }
export const rowOf = (record: EvidenceRecord): Row => record['row'] as Row
export const isEntry = (record: EvidenceRecord, stream: string, sequence: number): boolean =>
  record.record === 'entry' && rowOf(record).stream === stream && rowOf(record).sequence === sequence
