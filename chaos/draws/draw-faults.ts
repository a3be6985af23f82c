/** Which faults a run will see, and what they wait for, all from the seed. */
import { createRandom } from './random.ts'

/** kill: SIGKILL. freeze: SIGSTOP, later SIGCONT. stop: SIGTERM. hold-commit: a replica dies with its commits held on the way. */
export type FaultKind =
  | 'kill-agent' | 'kill-replica' | 'kill-broker' | 'kill-database' | 'kill-everything' | 'hold-commit'
  | 'freeze-agent' | 'freeze-replica' | 'freeze-broker' | 'stop-agent' | 'stop-replica'

/** What is seen right before a fault strikes; `nothing` strikes at random. */
export type Trigger = 'nothing' | 'approved' | 'requested' | 'started' | 'accepted' | 'succeeded'

export type FaultDraft = {
  readonly kind: FaultKind
  readonly trigger: Trigger
  /** Decides who is struck where the trigger names nobody, 0 ≤ x < 1. */
  readonly choice: number
  /** How long it lasts: a freeze, or the time until what was killed is started again, milliseconds. */
  readonly lastsMs: number
}

export type FaultShape = { readonly seed: number; readonly kills: number; readonly leaseSeconds: number; readonly kinds: readonly FaultKind[] | null }

/** Weights by kind and trigger; kills of servers are rarer, because everything waits for them. */
const weights: Readonly<Partial<Record<`${FaultKind} ${Trigger}`, number>>> = {
  'kill-agent started': 14, 'kill-agent accepted': 9, 'kill-agent requested': 5, 'kill-agent nothing': 8,
  'kill-replica approved': 12, 'kill-replica succeeded': 10, 'kill-replica accepted': 5, 'kill-replica nothing': 6,
  'hold-commit nothing': 10,
  'kill-database approved': 2, 'kill-database succeeded': 2, 'kill-database nothing': 1,
  'kill-broker requested': 2, 'kill-broker succeeded': 2, 'kill-broker approved': 1,
  'kill-everything nothing': 1.5,
  'freeze-agent started': 8, 'freeze-replica succeeded': 3, 'freeze-replica nothing': 2, 'freeze-broker nothing': 2,
  'stop-agent started': 3, 'stop-replica nothing': 3,
}

/** Kinds after which a process was killed. */
export const isKill = (kind: FaultKind): boolean => kind.startsWith('kill') || kind === 'hold-commit'

/** Draws faults until so many of them kill; with kinds given only those. Without kills there are no faults. */
export function drawFaults({ seed, kills, leaseSeconds, kinds }: FaultShape): FaultDraft[] {
  const random = createRandom(seed ^ 0x5eed)
  const allowed = Object.fromEntries(Object.entries(weights).filter(([key]) => !kinds || kinds.some((kind) => key.startsWith(`${kind} `))))
  const faults: FaultDraft[] = []
  const counts = (kind: FaultKind) => isKill(kind) || kinds !== null
  while (faults.filter(({ kind }) => counts(kind)).length < kills) {
    const [kind, trigger] = random.weighted(allowed).split(' ') as [FaultKind, Trigger]
    faults.push({ kind, trigger, choice: random.next(), lastsMs: drawLength(kind, random.next(), leaseSeconds) })
  }
  return faults
}

function drawLength(kind: FaultKind, x: number, leaseSeconds: number): number {
  // An agent is frozen shorter than its lease as often as far beyond it.
  if (kind === 'freeze-agent') return x < 0.3 ? 1_000 : leaseSeconds * 1_000 * (1.1 + x)
  if (kind === 'freeze-replica') return 1_000 + x * leaseSeconds * 1_000
  if (kind === 'freeze-broker') return 1_000 + x * 6_000
  return x * x * 4_000
}
