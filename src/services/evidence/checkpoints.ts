/** Makes checkpoints of the log while the service runs; any number of replicas take turns. */
import { isTransient, isUniqueViolation } from '../../database/database-errors.ts'
import type { Logger } from '../../logger.ts'
import type { Scheduler } from '../../scheduler.ts'
import { makeCheckpoint, type CheckpointDeps } from './make-checkpoint.ts'

export type Checkpoints = {
  start(): void
  /** Makes a last one over what has moved, so that a stopped service leaves nothing unproven. May be called twice. */
  stop(): Promise<void>
}

export type CheckpointsDeps = CheckpointDeps & {
  readonly logger: Logger
  readonly scheduler: Scheduler
}

export function createCheckpoints(deps: CheckpointsDeps): Checkpoints {
  let cancelTimer = () => {}
  let turn = Promise.resolve()
  let stopped = true

  /** Makes one if it is time; answers the milliseconds to the next look. */
  async function make(early: boolean): Promise<number> {
    try {
      const { made, waitMs } = await makeCheckpoint(deps, { early })
      // The service log is kept elsewhere than the database: it shows when the newest checkpoints were taken away.
      if (made) deps.logger.info({ checkpoint: made.number, digest: made.digest, streams: made.streams, keyId: deps.key.id }, 'checkpoint of the log')
      return waitMs
    } catch (error) {
      if (!isTransient(error) && !isUniqueViolation(error)) deps.logger.error({ err: error }, 'no checkpoint of the log could be made')
      return deps.everySeconds * 1_000
    }
  }

  function schedule(waitMs: number): void {
    // Spread, so that replicas do not ask in step.
    cancelTimer = deps.scheduler.after(waitMs + deps.scheduler.random() * 250, run)
  }

  async function takeTurn(): Promise<void> {
    const waitMs = await make(false)
    if (!stopped) schedule(waitMs)
  }

  function run(): void {
    turn = takeTurn()
  }

  return {
    start() {
      stopped = false
      run()
    },
    async stop() {
      if (stopped) return
      stopped = true
      cancelTimer()
      await turn
      await make(true)
    },
  }
}
