/** Calls the API on whichever replica answers, again and again, as a careful client does. */
import { setTimeout as sleep } from 'node:timers/promises'

export type Answer = { readonly type: string } & Readonly<Record<string, unknown>>
export type Caller = {
  /**
   * The answer to one root field. Tries again on any replica until it is definite: after a lost connection, no answer
   * in time, or one that says to try later. Throws when there is none in ten minutes.
   */
  call(document: string, variables: Readonly<Record<string, unknown>>): Promise<{ readonly answer: Answer; readonly replica: string }>
  /** Answers that were no typed errors, by what they said. */
  readonly untyped: ReadonlyMap<string, number>
}

const answerWithinMs = 12_000
const patienceMs = 600_000

export function createCaller(replicas: readonly { readonly name: string; readonly url: string }[]): Caller {
  const untyped = new Map<string, number>()

  async function tryOnce(url: string, document: string, variables: unknown): Promise<Answer | null> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: document, variables }),
      signal: AbortSignal.timeout(answerWithinMs),
    })
    const { data, errors } = (await response.json()) as { data?: Record<string, Answer | null>; errors?: { message: string; extensions?: { code?: string } }[] }
    const error = errors?.[0]
    if (error) {
      const said = `${error.extensions?.code ?? 'no code'}: ${error.message}`
      if (error.extensions?.code !== 'UNAVAILABLE') untyped.set(said, (untyped.get(said) ?? 0) + 1)
      return null
    }
    const answer = Object.values(data ?? {})[0] ?? null
    return answer?.type === 'UnavailableError' || answer?.type === 'RateLimitedError' ? null : answer
  }

  return {
    untyped,
    async call(document, variables) {
      const end = performance.now() + patienceMs
      for (let tries = 0; performance.now() < end; tries++) {
        const replica = replicas[Math.floor(Math.random() * replicas.length)]
        if (!replica) throw new RangeError('There is no replica to call.')
        const answer = await tryOnce(replica.url, document, variables).catch(() => null)
        if (answer) return { answer, replica: replica.name }
        await sleep(Math.min(1_000, 50 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random()))
      }
      throw new Error(`No replica gave an answer in ${patienceMs / 1_000} s: ${JSON.stringify(variables)}`)
    },
  }
}
