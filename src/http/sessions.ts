/** Connections that stay open end when the credentials they were opened with are valid no more. */
import { UnauthenticatedError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { Authenticate, Credentials } from './authenticate.ts'

export type Sessions = {
  /** Watches over an open connection: `end` is called once its credentials are refused. Answers what to call when it closes. */
  open(credentials: Credentials, end: () => void): () => void
  stop(): void
}

export type SessionsDeps = {
  readonly authenticate: Authenticate
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** Milliseconds between two checks of everything that is open. */
  readonly checkMs: number
}

/** Credentials checked at a time. */
const together = 16

export function createSessions({ authenticate, logger, checkMs }: SessionsDeps): Sessions {
  const ends = new Map<string, Set<() => void>>()
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  async function check(authorization: string): Promise<void> {
    try {
      await authenticate({ authorization })
    } catch (error) {
      // While nobody can tell whether they are valid, what is open stays open.
      if (!(error instanceof UnauthenticatedError)) return logger.warn({ err: error }, 'the credentials of open connections cannot be checked')
      const closing = [...(ends.get(authorization) ?? [])]
      logger.info({ connections: closing.length }, 'connections end because their credentials are valid no more')
      for (const end of closing) end()
    }
  }

  async function checkAll(): Promise<void> {
    const open = [...ends.keys()]
    for (let next = 0; next < open.length && !stopped; next += together) {
      await Promise.all(open.slice(next, next + together).map(check))
    }
    timer = null
    schedule()
  }

  function schedule(): void {
    if (timer || stopped || ends.size === 0) return
    timer = setTimeout(() => void checkAll(), checkMs)
    timer.unref()
  }

  return {
    open({ authorization }, end) {
      const key = authorization ?? ''
      const group = ends.get(key) ?? new Set()
      ends.set(key, group.add(end))
      schedule()
      return () => {
        group.delete(end)
        if (group.size === 0 && ends.get(key) === group) ends.delete(key)
      }
    },
    stop() {
      stopped = true
      if (timer) clearTimeout(timer)
    },
  }
}
