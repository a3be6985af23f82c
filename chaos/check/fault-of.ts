/** Which fault explains that an agent's work was lost. */
import type { Fault } from './records.ts'

/** A server that is back is found again a little later: reconnects have their backoff, heartbeats their interval. */
const serverEchoMs = 20_000

/** The fault of the agent, else of a server or of a replica that held its messages, between two times. A replica that dies holds nothing up. */
export function faultOf(faults: readonly Fault[], agent: string, from: number, until: number): string | null {
  const during = (echoMs: number) => faults.filter((fault) => fault.from <= until && (fault.until ?? Infinity) + echoMs >= from)
  const own = during(0).find(({ targets }) => targets.includes(agent))
  if (own) return own.kind
  return during(serverEchoMs).find(({ kind, targets }) => targets.includes('broker') || targets.includes('database') || kind === 'freeze-replica')?.kind ?? null
}
