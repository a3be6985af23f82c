/** The stream of the log that belongs to no request, plan or agent. */
import type pg from 'pg'
import { isUniqueViolation } from '../database/database-errors.ts'
import { withTransaction } from '../database/transaction.ts'
import type { LogDraft } from '../lifecycle/log-draft.ts'
import { emptyHead } from './recording/execution-log.ts'
import { appendLog, lockStreams } from './recording/rows.ts'

/** Its id, the same in every installation. */
const installationStream = '00000000-0000-4000-8000-000000000001'

/**
 * Appends one entry, in one transaction with the `change` that it records, if any. The first two of an installation may
 * race for the stream's row; the loser tries again.
 */
export async function logForInstallation(
  pool: pg.Pool,
  entry: Omit<LogDraft, 'stream' | 'streamKind'>,
  change?: (client: pg.PoolClient) => Promise<unknown>,
): Promise<void> {
  const append = () =>
    withTransaction(pool, async (client) => {
      const { heads, now } = await lockStreams(client, [installationStream])
      const known = heads.size > 0 ? heads : new Map([[installationStream, emptyHead(installationStream, 'INSTALLATION')]])
      await change?.(client)
      await Promise.all(appendLog(client, known, [{ ...entry, stream: installationStream, streamKind: 'INSTALLATION' }], now).writes)
    })
  await append().catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error
    return append()
  })
}
