/** One attempt in a simulated agent, with the habits of the SDK: accept, wait for a grant, work, report until it is confirmed. */
import type { WorkRequested } from '../../src/messaging/messages.ts'
import type { Delivery } from '../../src/messaging/port.ts'
import type { Faults } from '../faults.ts'
import type { Process, World } from '../world.ts'
import type { Ledger } from './ledger.ts'
import type { Report } from './reports.ts'

export type AttemptParts = {
  readonly world: World
  readonly faults: Faults
  readonly process: Process
  readonly ledger: Ledger
  readonly agent: string
  readonly instance: string
  /** Publishes until the broker has confirmed it. */
  readonly report: (work: WorkRequested, report: Report, confirmed?: () => void) => void
  /** Its end is certainly known to the broker. */
  readonly settled: (end: Report) => void
}

const grantWaitMs = 60_000

export function createAttempt(parts: AttemptParts, work: WorkRequested, delivery: Delivery) {
  const { world, faults, process, ledger, report } = parts
  const { random } = process
  let phase: 'waiting' | 'ungranted' | 'running' | 'reported' = 'waiting'
  let unacknowledged: Delivery[] | null = [delivery]
  let cancelGrantTimer = () => {}

  function acknowledge(): void {
    for (const held of unacknowledged ?? []) held.ack()
    unacknowledged = null
  }

  function finish(end: Report): void {
    phase = 'reported'
    cancelGrantTimer()
    report(work, end, () => {
      acknowledge()
      parts.settled(end)
    })
  }

  function start(): void {
    phase = 'running'
    cancelGrantTimer()
    const execution = { work, agent: parts.agent, instance: parts.instance, startedAt: world.now, output: null as unknown }
    ledger.executions.push(execution)
    world.note(process.name, `runs ${work.taskId} ${work.attempt}`)
    const lasts = faults.ended || random.chance(0.8) ? random.between(20, 3_000) : random.between(3_000, 90_000)
    if (random.chance(0.3)) world.at(process, lasts / 2, () => report(work, { word: 'progressed', data: { progress: 0.5 } }))
    world.at(process, lasts, () => {
      if (phase !== 'running') return
      const end = drawEnd()
      if (end.word === 'succeeded') execution.output = end.data.output
      finish(end)
    })
  }

  function drawEnd(): Report {
    const usage = work.useExternalAi ? { model: 'simulated', inputTokens: 100 + random.below(900), outputTokens: random.below(500), costMicroUsd: random.below(2_000) } : undefined
    const fate = random.next()
    if (usage) ledger.usages.push({ taskId: work.taskId, attempt: work.attempt, tokens: usage.inputTokens + usage.outputTokens, costMicroUsd: usage.costMicroUsd })
    if (fate < 0.8) return { word: 'succeeded', data: { output: { task: work.taskId, attempt: work.attempt, instance: parts.instance }, usage } }
    const error = { code: 'BROKEN', message: 'It did not work.', retryable: fate < 0.95 }
    return { word: 'failed', data: { error, usage } }
  }

  return {
    work,
    get phase() {
      return phase
    },
    redeliver(again: Delivery): void {
      if (unacknowledged === null) again.ack()
      else unacknowledged.push(again)
    },
    begin(granted: boolean): void {
      report(work, { word: 'accepted', data: {} }, acknowledge)
      if (work.effect !== 'irreversible' || granted) {
        start()
        return
      }
      phase = 'ungranted'
      cancelGrantTimer = world.at(process, grantWaitMs, () => finish({ word: 'failed', data: { error: { code: 'NOT_GRANTED', message: 'No grant came.', retryable: true } } }))
    },
    grant(): void {
      if (phase === 'ungranted') start()
    },
    cancel(): void {
      if (phase === 'waiting' || phase === 'ungranted' || (phase === 'running' && random.chance(0.6))) {
        finish({ word: 'stopped', data: { outcome: 'stopped' } })
        return
      }
      report(work, { word: 'stopped', data: { outcome: phase === 'running' ? 'ignored' : 'finished' } })
    },
    refuse(code: string): void {
      finish({ word: 'failed', data: { error: { code, message: 'Nothing was started.', retryable: true } } })
    },
  }
}

export type Attempt = ReturnType<typeof createAttempt>
