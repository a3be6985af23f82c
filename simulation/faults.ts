/** What goes wrong between processes, database and broker, and how often: drawn once for each seed. */
import type { Random } from './random.ts'
import type { Process, World } from './world.ts'

/** An error of the server's by its SQLSTATE, or the end of the connection before or after the statements took effect. */
export type DatabaseFault = '40P01' | '40001' | '57014' | 'cut before' | 'cut after'

/** What becomes of a message on its way to the broker: stored, nowhere, or stored without the publisher learning of it. */
export type PublishFault = 'lost' | 'unconfirmed'

export type Faults = {
  /** Milliseconds from a process to database or broker, or back. */
  latency(process: Process): number
  /** What befalls a round trip with these statements. */
  ofStatements(process: Process, statements: readonly { readonly text: string }[]): DatabaseFault | null
  ofPublish(): PublishFault | null
  databaseIsAway(process: Process): boolean
  brokerIsAway(process: Process): boolean
  /** A delivered message stays on its queue too. */
  duplicates(): boolean
  /** A message is delivered out of turn. */
  reorders(): boolean
  losesHint(): boolean
  /** Kills the process in the middle of its work: about when its next commit takes effect, or after it was handed the next results. */
  doom(process: Process): void
  /** The process is handed results. */
  ofDelivery(process: Process): void
  /** How often each kind of disaster strikes in the time of faults. */
  readonly disasters: Readonly<Record<Disaster, number>>
  /** Length of the time of faults, in virtual milliseconds. */
  readonly lastMs: number
  /** From now on nothing goes wrong any more. */
  end(): void
  readonly ended: boolean
}

export const disasters = [
  'replica killed', 'replica frozen', 'all replicas killed', 'agent killed', 'agent frozen', 'agent deaf',
  'database away', 'broker away', 'channel closed', 'queue removed', 'old messages again', 'forged messages',
] as const
export type Disaster = (typeof disasters)[number]

type Outage = { readonly from: number; readonly to: number; readonly process: string | null }

export function createFaults(world: World): Faults & { databaseOutage(outage: Outage): void; brokerOutage(outage: Outage): void } {
  const draw = world.random('faults')
  const sometimes = (random: Random, most: number) => (random.chance(0.5) ? 0 : random.between(0, most))
  const rates = {
    conflict: sometimes(draw, 0.02),
    timeout: sometimes(draw, 0.01),
    cutBefore: sometimes(draw, 0.02),
    cutAfter: sometimes(draw, 0.02),
    commitUnknown: sometimes(draw, 0.15),
    lost: sometimes(draw, 0.2),
    unconfirmed: sometimes(draw, 0.2),
    duplicate: sometimes(draw, 0.2),
    reorder: sometimes(draw, 0.3),
    hint: sometimes(draw, 0.5),
    slow: sometimes(draw, 0.05),
  }
  const often = Object.fromEntries(disasters.map((kind) => [kind, draw.chance(0.6) ? 0 : 1 + draw.below(3)])) as Record<Disaster, number>
  const databaseOutages: Outage[] = []
  const brokerOutages: Outage[] = []
  const doomed = { atCommit: new Set<Process>(), atDelivery: new Set<Process>() }
  let ended = false

  const happens = (rate: number) => !ended && rate > 0 && draw.chance(rate)
  const isAway = (outages: readonly Outage[], { name }: Process) =>
    !ended && outages.some(({ from, to, process }) => from <= world.now && world.now < to && (process === null || process === name))

  return {
    latency: () => (happens(rates.slow) ? draw.between(50, 2_000) : draw.between(0.1, 3)),
    ofStatements(process, statements) {
      const commits = statements.some(({ text }) => text === 'commit')
      if (commits && doomed.atCommit.delete(process)) {
        const isLate = draw.chance(0.5)
        // Too late for the commit to leave, or before or after its answer is there: that takes up to three milliseconds.
        world.at(null, isLate ? draw.between(0, 6) : 0, () => process.kill())
        if (!isLate) return 'cut before'
      }
      if (commits) {
        if (!happens(rates.commitUnknown)) return null
        return draw.chance(0.5) ? 'cut before' : 'cut after'
      }
      if (happens(rates.conflict)) return draw.chance(0.5) ? '40P01' : '40001'
      if (happens(rates.timeout)) return '57014'
      if (happens(rates.cutBefore)) return 'cut before'
      return happens(rates.cutAfter) ? 'cut after' : null
    },
    ofPublish: () => (happens(rates.lost) ? 'lost' : happens(rates.unconfirmed) ? 'unconfirmed' : null),
    databaseIsAway: (process) => isAway(databaseOutages, process),
    brokerIsAway: (process) => isAway(brokerOutages, process),
    duplicates: () => happens(rates.duplicate),
    reorders: () => happens(rates.reorder),
    losesHint: () => happens(rates.hint),
    disasters: often,
    lastMs: draw.between(5_000, 40_000),
    databaseOutage: (outage) => void databaseOutages.push(outage),
    brokerOutage: (outage) => void brokerOutages.push(outage),
    doom: (process) => void draw.pick([doomed.atCommit, doomed.atDelivery]).add(process),
    ofDelivery(process) {
      // Its transaction takes four trips.
      if (doomed.atDelivery.delete(process)) world.at(null, draw.between(0, 15), () => process.kill())
    },
    end() {
      ended = true
      doomed.atCommit.clear()
      doomed.atDelivery.clear()
    },
    get ended() {
      return ended
    },
  }
}
