/** Tells how quick a trivial query is while something else goes on. */
type Probe = { stop(): Promise<readonly number[]> }

const pauseMs = 5

/** Asks `{ __typename }` again and again on a connection of its own; `stop` answers the milliseconds of each. */
function startProbe(url: string): Probe {
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
const p99 = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0

/** The p99 of a trivial query while the work is done. */
export async function probed(url: string, work: () => Promise<unknown>): Promise<number> {
  const probe = startProbe(url)
  await work()
  return p99(await probe.stop())
}

/** The p99 on the quiet service: what the machine can do. */
export const probeQuiet = (url: string): Promise<number> => probed(url, () => new Promise((resolve) => setTimeout(resolve, 1_000)))

/**
 * Whether a p99 is good: below 250 ms or, where the machine is slow by itself because others use it too, below thrice
 * what the quiet service took before or takes now.
 */
export const isQuick = async (url: string, measured: number, quietBefore: number): Promise<boolean> =>
  measured < 250 || measured < 3 * Math.max(quietBefore, await probeQuiet(url))
