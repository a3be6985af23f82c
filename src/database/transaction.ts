import type pg from 'pg'
import { pause, systemScheduler, type Scheduler } from '../scheduler.ts'
import { isConflict } from './database-errors.ts'

export type TransactionOptions = {
  /** Tries in all when transactions conflict (5). */
  readonly tries?: number
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** Times the wait between two tries (the process's own). */
  readonly scheduler?: Pick<Scheduler, 'after' | 'random'>
}

const firstDelayMs = 5
const longestDelayMs = 250

/**
 * What runs in a transaction. It may call `commit` right after it has sent its last statements, and await it with their
 * answers: a pipelining client then needs no round trip of its own for it. Otherwise the commit follows its result.
 */
export type TransactionWork<Result> = (client: pg.PoolClient, commit: () => Promise<void>) => Promise<Result>

/**
 * Runs `work` in one transaction and returns its result once that is committed. A deadlock or serialization failure
 * rolls back and runs `work` again after a short random wait, so `work` does nothing that a rollback cannot undo.
 * Any other error is thrown after the rollback. After a lost connection during the commit the outcome is not known.
 */
export async function withTransaction<Result>(
  pool: pg.Pool,
  work: TransactionWork<Result>,
  { tries = 5, isolation, scheduler = systemScheduler }: TransactionOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(pool, work, isolation)
    } catch (error) {
      if (attempt >= tries || !isConflict(error)) throw error
      await pause(scheduler, scheduler.random() * Math.min(longestDelayMs, firstDelayMs * 2 ** attempt))
    }
  }
}

async function runOnce<Result>(
  pool: pg.Pool,
  work: TransactionWork<Result>,
  isolation: TransactionOptions['isolation'],
): Promise<Result> {
  const client = await pool.connect()
  let broken: Error | undefined
  let committing: Promise<void> | null = null
  const commit = () => (committing ??= commitOn(client))
  try {
    const begun = client.query(isolation ? `begin isolation level ${isolation}` : 'begin')
    // A pipelining client sends the first statement right behind; a failed begin fails that one too.
    if ('pipeline' in client && client.pipeline) begun.catch(() => {})
    else await begun
    const result = await work(client, commit)
    await commit()
    return result
  } catch (error) {
    broken = await rollback(client)
    throw error
  } finally {
    client.release(broken)
  }
}

async function commitOn(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit')
  // After a failed statement, even one whose error was caught, PostgreSQL answers a commit by rolling back.
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it had failed.')
}

/** Returns the fault if the rollback failed too: nobody knows what state such a connection is in. */
async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
