import type { Logger } from '../logger.ts'

/** Most hints kept for one turn of the event loop; a lost hint is found by the comparison of heads. */
const maxHints = 10_000

/** Collects the hints of one turn of the event loop and hands them over together. */
export function createHintBatcher(handler: (bodies: readonly string[]) => void, logger: Logger) {
  let waiting: string[] = []

  function flush(): void {
    const bodies = waiting
    waiting = []
    try {
      handler(bodies)
    } catch (error) {
      logger.error({ err: error, hints: bodies.length }, 'hint handler failed')
    }
  }

  return {
    add(body: string): void {
      if (waiting.length >= maxHints) return
      if (waiting.length === 0) setImmediate(flush)
      waiting.push(body)
    },
  }
}
