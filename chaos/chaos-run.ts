/** One chaos run: the system as real processes, load, faults, and afterwards the check of all that was recorded. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Logger } from '../src/logger.ts'
import { checkRun, type Verdict } from './check/check-run.ts'
import { drawFaults, type FaultKind } from './draws/draw-faults.ts'
import { drawPlans } from './draws/draw-plans.ts'
import { direct } from './faults/director.ts'
import { createSightings } from './faults/sightings.ts'
import { openJournal } from './journal.ts'
import { createCaller } from './load/caller.ts'
import { runLoad, type Progress } from './load/run-load.ts'
import { startStack, untilRemembered, type Stack } from './stack/stack.ts'
import { startTap, type Tap } from './wire/tap.ts'

export type ChaosOptions = {
  readonly plans: number
  readonly seed: number
  /** Processes to kill; 0: a run without faults. */
  readonly kills: number
  /** Only these kinds of faults; null: all. */
  readonly kinds: readonly FaultKind[] | null
  /** No plan is begun later than this. */
  readonly minutes: number
  /** Plans lived at once. */
  readonly inFlight: number
  readonly slowPercent: number
  readonly leaseSeconds: number
  /** Takes everything the run writes; must be empty. */
  readonly directory: string
  readonly logger: Logger
  /** Told now and then how far the run is. */
  readonly onProgress?: (line: string) => void
}

export type ChaosResult = Verdict & {
  /** Seconds of load. */
  readonly seconds: number
  /** Answers of the service that were no typed errors, by what they said. */
  readonly untyped: Readonly<Record<string, number>>
}

const heartbeatMs = 1_500
/** Results may still be repeated and leases may have to end, milliseconds. */
const settleWithinMs = 120_000

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { directory, leaseSeconds, logger } = options
  await mkdir(directory, { recursive: true })
  const sightings = createSightings()
  const finished = new Set<string>()
  const stack = await startStack({
    directory, leaseSeconds, heartbeatMs, logger, replicas: 3, agents: 6, agentSlots: 8, repeatPercent: 30,
    onAgentMessage(message) {
      const { event, agent, taskId, how } = message as { event: string; agent: string; taskId?: string; how?: string }
      if (event === 'started') sightings.tell({ what: 'started', agent })
      if (event === 'ended' && how === 'succeeded' && taskId) finished.add(taskId)
    },
  })
  try {
    return await runOn(options, stack, sightings, finished)
  } finally {
    await stack.stop()
  }
}

async function runOn(options: ChaosOptions, stack: Stack, sightings: ReturnType<typeof createSightings>, finished: ReadonlySet<string>): Promise<ChaosResult> {
  const { directory, plans, seed, kills, kinds, minutes, inFlight, slowPercent, leaseSeconds } = options
  const tap = await startTap({
    url: stack.broker.url,
    prefix: stack.prefix,
    path: join(directory, 'wire.jsonl'),
    seen(word, agent) {
      if (word === 'requested' || word === 'accepted' || word === 'succeeded') sightings.tell({ what: word, agent })
    },
  })
  await untilRemembered(stack, 'tap')
  const journal = openJournal(join(directory, 'journal.jsonl'))
  const progress: Progress = { lived: 0, load: 0, faults: 0, over: false, failed: [] }
  const caller = createCaller(stack.replicas)
  const drafts = drawPlans({ plans, seed, slowPercent, slowMs: [2_000, leaseSeconds * 1_500] })
  const faults = drawFaults({ seed, kills, leaseSeconds, kinds })
  const ticker = setInterval(() => options.onProgress?.(`${progress.lived} of ${plans} plans`), 10_000)
  const begun = performance.now()
  try {
    const load = runLoad({
      caller, journal,
      approved: (replica) => sightings.tell({ what: 'approved', replica }),
      isFinished: (taskId) => finished.has(taskId),
    }, drafts, { inFlight, forMs: minutes * 60_000 }, progress)
    await Promise.all([load, direct({ stack, journal, sightings, progress }, faults)])
  } finally {
    clearInterval(ticker)
  }
  const seconds = Math.round((performance.now() - begun) / 1_000)
  options.onProgress?.(`${progress.lived} plans were lived in ${seconds} s; waiting for the last messages`)
  await settle(stack, tap)
  const { deadLetters } = await tap.depths()
  const exits = [...(await stack.stopAgents()), ...(await stack.stopReplicas())]
  await tap.stop()
  journal.write({ event: 'over', failed: progress.failed, deadLetters, exits })
  journal.close()
  const verdict = await checkRun({ directory, databaseUrl: stack.database.url })
  return { ...verdict, seconds, untyped: Object.fromEntries(caller.untyped) }
}

/** Waits until nothing is on its way any more, twice in a row, longer than agents take to repeat a result. */
async function settle(stack: Stack, tap: Tap): Promise<void> {
  const end = performance.now() + settleWithinMs
  for (let quiet = 0; quiet < 2 && performance.now() < end; ) {
    await sleep(3_000)
    const { tap: unread, results } = await tap.depths().catch(() => ({ tap: 1, results: 1 }))
    quiet = unread + results + (await openWork(stack)) === 0 ? quiet + 1 : 0
  }
}

async function openWork({ database }: Stack): Promise<number> {
  const client = new Client({ connectionString: database.url })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ open: number }>(`select (select count(*) from outbox_message)::int
      + (select count(*) from attempt where status in ('DISPATCHED', 'ACCEPTED', 'GRANTED'))::int as open`)
    return rows[0]!.open
  } finally {
    await client.end()
  }
}
