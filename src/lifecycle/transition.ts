/** One step of a plan under construction: the rules read and write through it, the state it began with stays untouched. */
import type { LogDraft } from './log-draft.ts'
import type { AttemptState, PlanState, TaskDefinition, TaskState } from './plan-state.ts'

/** A message to an agent that must leave if the step is committed. */
export type AgentMessage =
  | { readonly type: 'requested'; readonly order: number; readonly attempt: number; readonly agentName: string }
  | { readonly type: 'granted'; readonly order: number; readonly attempt: number; readonly agentName: string; readonly instance: string }
  | { readonly type: 'cancelled'; readonly order: number; readonly attempt: number; readonly agentName: string; readonly reason: string }

/** The result of one event. */
export type Step = {
  readonly plan: PlanState
  readonly log: readonly LogDraft[]
  readonly messages: readonly AgentMessage[]
  /** Orders of the tasks that changed. */
  readonly tasks: ReadonlySet<number>
  /** Attempts that began (`opened`) or changed, by order of their task. */
  readonly attempts: readonly { readonly order: number; readonly opened: boolean; readonly attempt: AttemptState }[]
  /** Attempts whose message, if it did not leave yet, must not leave any more. */
  readonly withdrawn: readonly { readonly order: number; readonly attempt: number }[]
  /** True where the message is kept as evidence although the step was taken (a result after a cancel). */
  readonly evidence: 'after_cancel' | null
}

type Entry = Omit<LogDraft, 'stream' | 'streamKind' | 'taskId'>

export type Transition = ReturnType<typeof beginTransition>

/** @param now ISO time of the transaction, by the database's clock */
export function beginTransition(before: PlanState, now: string) {
  const { definition } = before
  const changed = new Map<number, TaskState>()
  const attempts: { order: number; opened: boolean; attempt: AttemptState }[] = []
  const log: LogDraft[] = []
  const messages: AgentMessage[] = []
  const withdrawn: { order: number; attempt: number }[] = []
  let plan: Omit<PlanState, 'tasks' | 'definition'> = before
  let evidence: Step['evidence'] = null

  const task = (order: number): TaskState => changed.get(order) ?? before.tasks[order - 1]!
  const definitionOf = (order: number): TaskDefinition => definition.tasks[order - 1]!

  return {
    now,
    definition,
    get status() {
      return plan.status
    },
    task,
    definitionOf,
    /** Adds milliseconds to the time of the transaction. */
    later: (milliseconds: number): string => new Date(Date.parse(now) + milliseconds).toISOString(),
    setPlan(patch: Partial<Omit<PlanState, 'tasks' | 'definition'>>) {
      plan = { ...plan, ...patch }
    },
    setTask(order: number, patch: Partial<TaskState>) {
      changed.set(order, { ...task(order), ...patch })
    },
    /** Begins an attempt, or changes the present one of a task. */
    setAttempt(order: number, attempt: AttemptState) {
      const present = task(order).current
      attempts.push({ order, opened: present?.number !== attempt.number, attempt })
      changed.set(order, { ...task(order), current: attempt })
    },
    logPlan(entry: Entry) {
      log.push({ ...entry, stream: definition.id, streamKind: 'PLAN' })
    },
    logTask(order: number, entry: Entry) {
      log.push({ ...entry, stream: definition.id, streamKind: 'PLAN', taskId: definitionOf(order).id })
    },
    send(message: AgentMessage) {
      messages.push(message)
    },
    withdraw(order: number, attempt: number) {
      withdrawn.push({ order, attempt })
    },
    keepAsEvidence(reason: 'after_cancel') {
      evidence = reason
    },
    finish(): Step {
      // A plan may have thousands of tasks, and most events change one.
      const tasks = before.tasks.slice()
      for (const [order, state] of changed) tasks[order - 1] = state
      return {
        plan: { ...before, ...plan, definition, tasks },
        log,
        messages,
        tasks: new Set(changed.keys()),
        attempts,
        withdrawn,
        evidence,
      }
    },
  }
}
