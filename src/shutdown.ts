import type { Logger } from './logger.ts'

/** Closes one part; may be called only once and may take its time within the limit of the whole. */
export type Closer = () => Promise<void> | void

export type ShutdownOptions = {
  readonly logger: Pick<Logger, 'info' | 'error'>
  /** Milliseconds that all closers have together. */
  readonly timeoutMs: number
  /** Ends the process (process.exit). */
  readonly exit?: (code: number) => void
}

export type Shutdown = {
  /** Adds a part; parts close in the order they were added. */
  add(name: string, close: Closer): void
  /** Closes everything once and returns the exit code, to later calls too: 0, or 1 if a part failed or time ran out. */
  close(reason: string): Promise<number>
  /**
   * Closes and ends the process on SIGTERM or SIGINT; a second signal ends it at once, with 128 plus the signal's
   * number. Returns a function that takes the listeners off again.
   */
  onSignals(): () => void
}

const signals = { SIGINT: 2, SIGTERM: 15 } as const

/** Takes the parts of a process down in order, within a bounded time, and reports each error on the way. */
export function createShutdown({ logger, timeoutMs, exit = process.exit }: ShutdownOptions): Shutdown {
  const parts: { name: string; close: Closer }[] = []
  let closing: Promise<number> | undefined

  async function closeParts(left: { name: string; close: Closer }[]): Promise<number> {
    let failed = 0
    while (left[0] !== undefined) {
      const { name, close } = left[0]
      try {
        await close()
      } catch (error) {
        failed++
        logger.error({ err: error, part: name }, 'A part did not close cleanly.')
      }
      left.shift()
    }
    return failed === 0 ? 0 : 1
  }

  async function closeInTime(reason: string): Promise<number> {
    logger.info({ reason }, 'Stopping.')
    const left = [...parts]
    const late = Promise.withResolvers<number>()
    const timer = setTimeout(() => {
      logger.error({ timeoutMs, open: left.map(({ name }) => name) }, 'Stopping took too long; ending with parts open.')
      late.resolve(1)
    }, timeoutMs)
    const code = await Promise.race([closeParts(left), late.promise])
    clearTimeout(timer)
    logger.info({ code }, 'Stopped.')
    return code
  }

  const close = (reason: string) => (closing ??= closeInTime(reason))

  return {
    add: (name, closer) => parts.push({ name, close: closer }),
    close,
    onSignals() {
      const onSignal = (signal: keyof typeof signals) => {
        if (closing) exit(128 + signals[signal])
        else void close(signal).then(exit)
      }
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
      return () => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal)
      }
    },
  }
}
