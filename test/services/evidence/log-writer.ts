/** Appends entries to streams of the log as the service does, without plans around them. */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { withTransaction } from '../../../src/database/transaction.ts'
import { emptyHead } from '../../../src/services/recording/execution-log.ts'
import { appendLog, lockStreams } from '../../../src/services/recording/rows.ts'

const entry = (stream: string, message: string) =>
  ({ stream, streamKind: 'REQUEST', kind: 'REQUEST_SUBMITTED', actor: 'user:ann', message, detail: { said: message } }) as const

export const newStreams = (count: number): string[] => Array.from({ length: count }, () => randomUUID())

/** One entry in each of the streams, in one transaction; `before` runs inside it after the entries have their time. */
export function appendTo(pool: pg.Pool, streams: readonly string[], message = 'one more', before?: () => Promise<void>): Promise<void> {
  return withTransaction(pool, async (client) => {
    const { heads, now } = await lockStreams(client, streams)
    const known = new Map(streams.map((id) => [id, heads.get(id) ?? emptyHead(id, 'REQUEST')]))
    await before?.()
    await Promise.all(appendLog(client, known, streams.map((id) => entry(id, message)), now).writes)
  })
}
