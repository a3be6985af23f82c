/** Tells how quick a trivial query is while something else goes on. */
export type Probe = { stop(): Promise<readonly number[]> }

const pauseMs = 5

/** Asks `{ __typename }` again and again on a connection of its own; `stop` answers the milliseconds of each. */
export function startProbe(url: string): Probe {
  const times: number[] = []
  let stopped = false
  const run = async () => {
    while (!stopped) {
      const started = performance.now()
      const response = await fetch(`${url}/graphql`, {
        method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: '{"query":"{ __typename }"}',
      })
      const answer: unknown = await response.json()
      if (response.status !== 200 || JSON.stringify(answer) !== '{"data":{"__typename":"Query"}}') throw new Error(`A trivial query was answered with ${response.status}.`)
      times.push(performance.now() - started)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const running = run()
  // Told by stop.
  running.catch(() => {})
  return {
    async stop() {
      stopped = true
      await running
      return times
    },
  }
}

/** The value that 99 of 100 do not exceed. */
export const p99 = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0
