/** Calls `beat` at once and then every interval, never twice at the same time; a beat that fails is logged. */
import type { Logger } from '../logger.ts'

export type Heartbeat = {
  start(): void
  /** Beats now, besides the rhythm; returns when it is out or failed. */
  now(): Promise<void>
  stop(): void
}

export function createHeartbeat(beat: () => Promise<void>, intervalMs: number, logger: Logger): Heartbeat {
  let timer: NodeJS.Timeout | undefined
  let inFlight = false

  async function now(): Promise<void> {
    try {
      await beat()
    } catch (error) {
      logger.warn({ err: error }, 'heartbeat failed')
    }
  }

  async function tick(): Promise<void> {
    // While the broker is away or blocks, one unanswered heartbeat is enough.
    if (inFlight) return
    inFlight = true
    await now()
    inFlight = false
  }

  return {
    start() {
      void tick()
      timer = setInterval(() => void tick(), intervalMs)
    },
    now,
    stop() {
      clearInterval(timer)
    },
  }
}
