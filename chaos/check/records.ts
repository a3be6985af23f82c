/** What people, agents and the wire tap wrote down during the run. Ids are without their type here, as in the tables. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Draft = {
  readonly number: number
  readonly key: string
  readonly userId: string
  readonly steps: readonly { readonly parameters: { readonly token: string; readonly ending: string } }[]
  readonly decision: 'approve' | 'reject' | 'approve_other_hash' | 'none'
  readonly cancelAfterMs: number | null
}
/** A plan as a person read it before deciding. */
export type Proposal = { readonly number: number; readonly requestId: string; readonly planId: string; readonly contentHash: string; readonly tasks: readonly ReadTask[] }
export type ReadTask = {
  readonly order: number; readonly name: string; readonly intent: string; readonly workType: string; readonly agentType: string
  readonly parameters: unknown; readonly dependsOn: readonly { readonly order: number }[]; readonly effect: string
  readonly timeoutSeconds: number; readonly maxAttempts: number; readonly requires: Readonly<Record<string, unknown>>
  readonly sameAgent: boolean; readonly useExternalAi: boolean; readonly capabilityDigest: string
}
/** Something a person said; the answer is null where there was none. */
export type Said = {
  readonly number: number
  readonly what: 'submit' | 'generate' | 'decide' | 'cancel' | 'resolve'
  readonly input: { readonly planId?: string; readonly approved?: boolean; readonly contentHash?: string; readonly taskId?: string; readonly outcome?: string }
  readonly answer: { readonly type: string; readonly id: string | null } | null
}
/** `until` is null where the run ended before it was over. */
export type Fault = { readonly kind: string; readonly trigger: string; readonly targets: readonly string[]; readonly killed: number; readonly from: number; readonly until: number | null }
export type WireMessage = { readonly exchange: string; readonly agent: string; readonly messageId: string; readonly type: string; readonly data: Readonly<Record<string, unknown>> }
export type Execution = {
  readonly execution: string; readonly agent: string; readonly instance: string; readonly planId: string; readonly taskId: string; readonly attempt: number
  readonly contentHash: string; readonly approvalId: string; readonly inputs: Readonly<Record<string, { readonly execution?: string } | null>>
  readonly startedAt: number
  /** Null where the agent was killed in the middle. */
  readonly endedAt: number | null
  readonly how: string | null
}
export type Confirmed = { readonly t: number; readonly agent: string; readonly messageId: string; readonly word: string; readonly taskId: string; readonly attempt: number }

export type Records = {
  readonly drafts: readonly Draft[]
  readonly proposals: readonly Proposal[]
  readonly said: readonly Said[]
  readonly faults: readonly Fault[]
  /** Numbers of the plans whose people saw them to the end. */
  readonly left: ReadonlySet<number>
  readonly over: { readonly failed: readonly string[]; readonly deadLetters: number; readonly exits: readonly (number | null)[] } | null
  readonly wire: readonly WireMessage[]
  readonly executions: readonly Execution[]
  readonly confirmed: readonly Confirmed[]
}

type Line = Readonly<Record<string, unknown>> & { readonly t: number; readonly event: string }

/** `Task_0190…` → `0190…`. */
export const bareId = (id: unknown): string => String(id).replace(/^[A-Za-z]+_/, '')

export function readRecords(directory: string): Records {
  const journal = readLines(join(directory, 'journal.jsonl'))
  const ledgers = readdirSync(directory).filter((name) => name.startsWith('ledger-')).flatMap((name) => readLines(join(directory, name)))
  const of = (lines: readonly Line[], event: string) => lines.filter((line) => line.event === event)
  const wire = readLines(join(directory, 'wire.jsonl')) as unknown as (Omit<WireMessage, 'agent'> & { routingKey: string })[]
  return {
    drafts: of(journal, 'draft') as unknown as Draft[],
    proposals: of(journal, 'proposed').map(readProposal),
    said: [...of(journal, 'asked'), ...of(journal, 'answered')].map(readSaid),
    faults: readFaults(of(journal, 'fault') as unknown as Fault[]),
    left: new Set(of(journal, 'left').map(({ number }) => Number(number))),
    over: (of(journal, 'over')[0] ?? null) as unknown as Records['over'],
    wire: wire.map((message) => ({ ...message, agent: message.routingKey.split('.')[1] ?? '' })),
    executions: readExecutions(of(ledgers, 'started'), of(ledgers, 'ended')),
    confirmed: (of(ledgers, 'confirmed') as unknown as Confirmed[]).map((line) => ({ ...line, taskId: bareId(line.taskId) })),
  }
}

/** A writer that was killed may have left half a line at the end, and nothing else that is no JSON. */
function readLines(path: string): Line[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  const complete = lines.slice(0, -1)
  return complete.map((line) => JSON.parse(line) as Line)
}

function readProposal(line: Line): Proposal {
  const plan = line.plan as { id: string; contentHash: string; tasks: ReadTask[] }
  return { number: Number(line.number), requestId: bareId(line.requestId), planId: bareId(plan.id), contentHash: plan.contentHash, tasks: plan.tasks }
}

function readSaid(line: Line): Said {
  const input = line.input as Said['input']
  const answer = line.answer as { type: string; id?: string } | undefined
  return {
    number: Number(line.number),
    what: line.what as Said['what'],
    input: { ...input, ...(input.planId && { planId: bareId(input.planId) }), ...(input.taskId && { taskId: bareId(input.taskId) }) },
    answer: answer ? { type: answer.type, id: answer.id ? bareId(answer.id) : null } : null,
  }
}

/** A fault is written down when it begins and again when it is over. */
function readFaults(lines: readonly Fault[]): Fault[] {
  const faults = new Map<string, Fault>()
  for (const fault of lines) faults.set(`${fault.from} ${fault.kind} ${fault.targets.join()}`, fault)
  return [...faults.values()]
}

function readExecutions(started: readonly Line[], ended: readonly Line[]): Execution[] {
  const ends = new Map(ended.map((line) => [line.execution, line]))
  return started
    .map((line) => {
      const end = ends.get(line.execution)
      return {
        ...(line as unknown as Execution),
        planId: bareId(line.planId),
        taskId: bareId(line.taskId),
        approvalId: bareId(line.approvalId),
        inputs: Object.fromEntries(Object.entries(line.inputs as Execution['inputs']).map(([id, input]) => [bareId(id), input])),
        startedAt: line.t,
        endedAt: end?.t ?? null,
        how: end ? String(end.how) : null,
      }
    })
    .sort((a, b) => a.startedAt - b.startedAt)
}
