/**
 * From feedback in words to typed edits. The decomposer reads each part as a request of its own; what it understands
 * changes, adds or removes tasks, the rest becomes questions. Feedback is data: every edit is checked like one that a
 * person typed, and the result is only ever a proposal.
 */
import { renderTaskName } from '../../catalog/task-name.ts'
import type { Ambiguity, Subtask } from '../../entities/decomposition.ts'
import type { RequestDecomposer } from '../decomposition/request-decomposer.ts'
import { applyEdits, type EditContext } from './apply-edits.ts'
import { feedbackClauses, mostClauses, type FeedbackClause } from './feedback-clauses.ts'
import type { DraftTask, PlanDraft } from './plan-draft.ts'
import type { PlanEdit } from './revise-plan.ts'

export type ReadFeedback = { readonly edits: readonly PlanEdit[]; readonly questions: readonly Ambiguity[] }

type Reading = EditContext & {
  readonly decomposer: Pick<RequestDecomposer, 'decompose'>
  readonly start: PlanDraft
  draft: PlanDraft
  readonly edits: PlanEdit[]
  readonly questions: Ambiguity[]
}

/** Reads feedback about a plan. Throws what the decomposer throws. */
export async function readFeedback(decomposer: Pick<RequestDecomposer, 'decompose'>, draft: PlanDraft, feedback: string, context: EditContext): Promise<ReadFeedback> {
  const reading: Reading = { ...context, decomposer, start: draft, draft, edits: [], questions: [] }
  const clauses = feedbackClauses(feedback)
  for (const clause of clauses.slice(0, mostClauses)) await readClause(reading, clause)
  if (clauses.length > mostClauses) ask(reading, `Only the first ${mostClauses} parts were read. Which of the others are still wanted?`)
  if (reading.edits.length === 0 && reading.questions.length === 0) ask(reading, 'What should change in the plan?')
  return { edits: reading.edits, questions: reading.questions }
}

function ask({ questions }: Reading, question: string, choices: readonly string[] = []): void {
  questions.push({ id: `feedback-${questions.length + 1}`, question, choices, subtaskOrder: null, parameter: null })
}

/** Takes an edit over if it breaks no rule; answers whether it did. */
function accept(reading: Reading, edit: PlanEdit): boolean {
  const { draft, issues } = applyEdits(reading.start, [...reading.edits, edit], reading)
  if (issues.length > 0) {
    ask(reading, issues.map(({ message }) => message).join(' '))
    return false
  }
  reading.edits.push(edit)
  reading.draft = draft
  return true
}

const understand = (reading: Reading, text: string) => reading.decomposer.decompose({ text, answers: [], previous: null })
const named = (entry: DraftTask): string => `${entry.key}. ${entry.task.name}`

async function readClause(reading: Reading, clause: FeedbackClause): Promise<void> {
  const target = clause.task === null ? null : reading.draft.find(({ key }) => key === clause.task)
  if (target === undefined) return ask(reading, `The plan has no task ${clause.task}. Which one is meant?`, reading.draft.map(named).slice(0, 20))
  if (target && clause.removes) return void accept(reading, { removeTask: { task: target.key } })
  if (target) return changeNamed(reading, clause, target)
  const { subtasks, ambiguities, outOfScope } = await understand(reading, clause.text)
  if (clause.removes && subtasks.length > 0 && (await removeMatching(reading, subtasks))) return
  if (clause.removes) return ask(reading, `What of the plan is to be left out with "${quoted(clause.text)}"?`, reading.draft.map(named).slice(0, 20))
  if (subtasks.length === 0) return ask(reading, `What should change in the plan with "${quoted(clause.text)}"?`)
  applySubtasks(reading, subtasks, clause)
  for (const { text, reason } of outOfScope) ask(reading, `"${quoted(text)}" cannot be planned: ${reason}`)
  // What an existing task lacks it has from before; questions about added tasks are the applied edits' own.
  for (const { question, choices, parameter } of ambiguities) if (parameter === null) ask(reading, question, choices)
}

/** A part that names a task by number: its words are read alone, then after what the task is called without values. */
async function changeNamed(reading: Reading, clause: FeedbackClause, target: DraftTask): Promise<void> {
  const capability = reading.catalog.byId.get(target.task.intent)
  const texts = capability ? [clause.text, `${renderTaskName(capability, {})} ${clause.text}`] : [clause.text]
  for (const text of texts) {
    const { subtasks } = await understand(reading, text)
    const same = subtasks.filter(({ intent }) => intent === target.task.intent)
    const parameters = same.length === 1 ? differing(same[0]!, target) : {}
    if (Object.keys(parameters).length > 0) return void accept(reading, { setParameters: { task: target.key, parameters } })
  }
  ask(reading, `What should change in task ${named(target)} with "${quoted(clause.text)}"?`)
}

async function removeMatching(reading: Reading, subtasks: readonly Subtask[]): Promise<boolean> {
  const matches = subtasks.map((subtask) => candidatesFor(reading, subtask))
  if (matches.some((candidates) => candidates.length === 0)) return false
  for (const [index, candidates] of matches.entries()) {
    if (candidates.length === 1) accept(reading, { removeTask: { task: candidates[0]!.key } })
    else ask(reading, `Which task is to be left out by "${subtasks[index]!.name}"?`, candidates.map(named))
  }
  return true
}

/** Open tasks that a subtask may be about: of its intent, and about the same object where it names one. */
function candidatesFor({ draft, catalog }: Reading, subtask: Subtask): DraftTask[] {
  const object = catalog.byId.get(subtask.intent)?.parameters.find(({ required }) => required)?.name
  const value = object === undefined ? undefined : subtask.parameters[object]
  const sameIntent = draft.filter(({ task }) => task.intent === subtask.intent && !task.carried)
  return value === undefined ? sameIntent : sameIntent.filter(({ task }) => JSON.stringify(task.parameters[object!]) === JSON.stringify(value))
}

function applySubtasks(reading: Reading, subtasks: readonly Subtask[], clause: FeedbackClause): void {
  const keyOf = new Map<number, number>()
  for (const subtask of subtasks) {
    const before = subtask.dependsOn.flatMap((order) => keyOf.get(order) ?? [])
    const sameIntent = reading.draft.filter(({ task }) => task.intent === subtask.intent && !task.carried)
    const exact = candidatesFor(reading, subtask)
    const candidates = exact.length > 0 || !clause.replaces ? exact : sameIntent
    if (candidates.length === 0) {
      const edit = { addTask: { intent: subtask.intent, parameters: subtask.parameters, ...(before.length > 0 ? { dependsOn: before } : {}) } }
      if (accept(reading, edit)) keyOf.set(subtask.order, Math.max(...reading.draft.map(({ key }) => key)))
    } else if (candidates.length > 1) {
      ask(reading, `Which task is meant by "${subtask.name}"?`, candidates.map(named))
    } else {
      keyOf.set(subtask.order, candidates[0]!.key)
      changeExisting(reading, subtask, candidates[0]!, before)
    }
  }
}

function changeExisting(reading: Reading, subtask: Subtask, entry: DraftTask, before: readonly number[]): void {
  const parameters = differing(subtask, entry)
  const waits = before.filter((key) => !entry.waitsFor.includes(key) && key !== entry.key)
  if (Object.keys(parameters).length > 0) accept(reading, { setParameters: { task: entry.key, parameters } })
  if (waits.length > 0) accept(reading, { setDependencies: { task: entry.key, dependsOn: [...entry.waitsFor, ...waits] } })
  const nothing = Object.keys(parameters).length === 0 && waits.length === 0
  // A task that is named only so that another can come before it needs no change of its own.
  if (nothing && subtask.dependsOn.length === 0) ask(reading, `Task ${named(entry)} is in the plan already. What should be different?`)
}

const differing = (subtask: Subtask, { task }: DraftTask): Record<string, unknown> =>
  Object.fromEntries(Object.entries(subtask.parameters).filter(([name, value]) => JSON.stringify(task.parameters[name]) !== JSON.stringify(value)))

const quoted = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 199).toWellFormed()}…`)
