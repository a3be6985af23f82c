import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import canonicalize from 'canonicalize'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEvidence, isEntry, rowOf, type Evidence } from './evidence-of-a-plan.ts'
import type { EvidenceRecord } from '../../src/services/evidence/export-evidence.ts'

type Records = EvidenceRecord[]

describe('an export checked offline', () => {
  let evidence: Evidence
  let genuine: Records
  let planId: string
  beforeAll(async () => {
    evidence = await createEvidence()
    genuine = await evidence.read()
    planId = evidence.plan.id
  })
  afterAll(() => evidence?.stop())

  const entryAt = (sequence: number) => genuine.findIndex((record) => isEntry(record, planId, sequence))
  const changed = (index: number, fields: object) => genuine.with(index, { ...genuine[index]!, ...fields })
  /** The entry with other words in it, and the hash that follows from them. */
  function rewritten(records: Records, stream: string, from: number): Records {
    let previous: Buffer = Buffer.alloc(32)
    return records.map((record) => {
      if (record.record !== 'entry' || rowOf(record).stream !== stream) return record
      const row = rowOf(record).sequence === from ? { ...rowOf(record), message: 'Something else.' } : rowOf(record)
      previous = createHash('sha256').update(previous).update(canonicalize(row)!).digest()
      return { ...record, row, hash: previous.toString('hex') }
    })
  }

  test('is intact as it was written, and every entry in it is proven', async () => {
    const { faults, counts, proven, unproven, last } = await evidence.verify(genuine)
    expect(faults).toEqual([])
    expect(counts).toMatchObject({ checkpoints: 2, approvals: 2 })
    expect(counts.entries).toBeGreaterThan(12)
    expect([proven, unproven.entries, last?.number]).toEqual([counts.entries, 0, 2])
  })

  test('what is younger than the last checkpoint is told as unproven', async () => {
    await evidence.service.plan({ intent: 'copy' })
    const later = await evidence.read()
    const { faults, unproven, proven, counts } = await evidence.verify(later)
    expect(faults).toEqual([])
    expect(unproven).toMatchObject({ streams: 2, first: [{ fromSequence: 1 }, { fromSequence: 1 }] })
    expect(unproven.entries).toBe(counts.entries - proven)
    expect(unproven.entries).toBeGreaterThan(0)
  })

  const tampered: readonly [string, (records: Records) => Records, RegExp][] = [
    ['an entry was altered', () => changed(entryAt(3), { row: { ...rowOf(genuine[entryAt(3)]!), message: 'Something else.' } }), /^Plan_[\w-]+\/3 was altered/],
    ['the hash of an entry was altered', () => changed(entryAt(3), { hash: 'ab'.repeat(32) }), /^Plan_[\w-]+\/3 was altered/],
    ['an entry was altered and the chain after it made anew', (records) => rewritten(records, planId, 3), /^Plan_[\w-]+\/\d+ was rewritten together with others: checkpoint 2/],
    ['an entry was removed', () => genuine.toSpliced(entryAt(3), 1), /^Plan_[\w-]+\/3 was removed: entry 4 stands in its place/],
    ['two entries were exchanged', () => genuine.with(entryAt(3), genuine[entryAt(4)]!).with(entryAt(4), genuine[entryAt(3)]!), /^Plan_[\w-]+\/4 was reordered: it stands where entry 3 belongs/],
    ['an entry was moved to another stream', () => changed(entryAt(1), { row: { ...rowOf(genuine[entryAt(1)]!), stream: evidence.rejected.id } }), /stands in the stream Plan_[\w-]+, where it does not belong/],
    ['the end of a stream was cut', (records) => records.filter((record) => !(record.record === 'entry' && rowOf(record).stream === planId && rowOf(record).sequence > 5)), /^Plan_[\w-]+ was cut: checkpoint 2 was signed over \d+ entries, 5 are left/],
    ['a stream was removed', (records) => records.filter((record) => (record.record === 'head' || record['stream'] !== planId) && record['id'] !== `Plan_${planId}` && record['planId'] !== `Plan_${planId}` && !(record.record === 'entry' && rowOf(record).stream === planId)), /^Stream [\w-]+ was removed: checkpoint 2/],
    ['a checkpoint was altered', (records) => records.map((record) => (record.record === 'checkpoint' ? { ...record, statement: { ...(record['statement'] as object), at: '2020-01-01T00:00:00.000Z' } } : record)), /^Checkpoint 1 was altered: its signature does not fit/],
    ['a head of a checkpoint was altered', (records) => records.with(records.findIndex(({ record }) => record === 'head'), { ...records.find(({ record }) => record === 'head')!, head: '00'.repeat(32) }), /^Checkpoint 1 was over \d+ streams; the \d+ heads in the export are not those/],
    ['the first checkpoint was removed', (records) => records.toSpliced(1, records.findLastIndex(({ record }) => record === 'checkpoint') - 1), /^Checkpoint 2 follows checkpoint 0: those between them were removed/],
    ['a task was altered after it was approved', (records) => records.map((record) => (record.record === 'plan' && record['id'] === `Plan_${planId}` ? { ...record, content: (record['content'] as object[]).map((task) => ({ ...task, intent: 'delete' })) } : record)), /^Plan_[\w-]+ was altered: its tasks have the content hash/],
    ['an approval names another person', (records) => records.map((record) => (record.record === 'approval' ? { ...record, decidedBy: 'mallory' } : record)), /^Approval_[\w-]+ was altered: it names mallory, Plan_[\w-]+\/\d+ names user:bob/],
    ['a rejection was turned into an approval', (records) => records.map((record) => (record.record === 'approval' && record['decision'] === 'REJECTED' ? { ...record, decision: 'APPROVED' } : record)), /^Approval_[\w-]+ was altered: it says APPROVED/],
    ['the notes of an approval were altered', (records) => records.map((record) => (record.record === 'approval' ? { ...record, notes: 'As agreed.' } : record)), /^Approval_[\w-]+ was altered: it has other notes than Plan_/],
    ['the time of an approval was altered', (records) => records.map((record) => (record.record === 'approval' ? { ...record, at: '2020-01-01T00:00:00.000Z' } : record)), /^Approval_[\w-]+ was altered: it says 2020-01-01/],
    ['the status of a plan was altered', (records) => records.map((record) => (record.record === 'plan' ? { ...record, status: 'APPROVED' } : record)), /^Plan_[\w-]+ was altered: it is APPROVED, its log says COMPLETED/m],
    ['a plan was given to another request', (records) => records.map((record) => (record.record === 'plan' ? { ...record, requestId: 'Request_x' } : record)), /^Plan_[\w-]+ was altered: it belongs to Request_x/],
    ['an entry is called something else', () => changed(entryAt(3), { id: `Plan_${planId}/4` }), /^Plan_[\w-]+\/3 was altered: its line calls it Plan_[\w-]+\/4/],
    ['a stream is called something else', (records) => records.map((record) => (record.record === 'stream' ? { ...record, id: `${record['id'] as string}x` } : record)), /was altered: its line calls it \w+_[\w-]+x/],
    ['an approval was removed', (records) => records.filter(({ record }) => record !== 'approval'), /^Approval_[\w-]+ was removed/],
    ['a plan was removed with its approvals', (records) => records.filter(({ record }) => record !== 'plan' && record !== 'approval').map((record) => (record.record === 'end' ? { ...record, approvals: 0 } : record)), /^Plan_[\w-]+ was removed: its log is in the export/],
    ['the export was cut', (records) => records.slice(0, -1), /^The export is incomplete/],
  ]

  test.each(tampered)('%s: the first fault says so', async (_what, tamper, told) => {
    const { faults } = await evidence.verify(tamper(genuine))
    expect(faults.map(({ place, what }) => `${place} ${what}`).join('\n')).toMatch(told)
  })

  test('checkpoints signed with another key prove nothing', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const forged = genuine.map((record) => (record.record === 'checkpoint'
      ? { ...record, signature: sign(null, Buffer.from(canonicalize(record['statement'])!), privateKey).toString('base64') }
      : record))
    const { faults, last, proven } = await evidence.verify(forged)
    expect(faults[0]).toEqual({ place: 'Checkpoint 1', what: 'was altered: its signature does not fit' })
    expect([last, proven]).toEqual([null, 0])
  })

  test('checkpoints that were taken away show by the service log', async () => {
    const digests = new Map(genuine.flatMap((record) => (record.record === 'checkpoint'
      ? [[(record['statement'] as { number: number }).number, record['digest'] as string] as const] : [])))
    expect((await evidence.verify(genuine, digests)).faults).toEqual([])
    const second = genuine.findLastIndex(({ record }) => record === 'checkpoint')
    const firstStream = genuine.findIndex(({ record }) => record === 'stream')
    const without = genuine.toSpliced(second, firstStream - second).map((record) => (record.record === 'end' ? { ...record, checkpoints: 1 } : record))
    expect((await evidence.verify(without)).faults).toEqual([])
    expect((await evidence.verify(without, digests)).faults).toEqual([{ place: 'Checkpoint 2', what: 'is in the service log and not in the export: it was removed' }])
  })
})
