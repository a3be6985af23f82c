/** From understood parts of feedback to edits: a task that is there changes, one that is not is added. */
import type { Ambiguity, Subtask } from '../../entities/decomposition.ts'
import { isAboutUnknownValue } from '../decomposition/ask-for-parameter.ts'
import type { FeedbackClause } from './feedback-clauses.ts'
import { accept, ask, named, type Reading } from './feedback-reading.ts'
import type { DraftTask } from './plan-draft.ts'

/** Open tasks that a subtask may be about: of its intent, and about the same object where it names one. */
export function candidatesFor({ draft, catalog }: Reading, subtask: Subtask): DraftTask[] {
  const object = catalog.byId.get(subtask.intent)?.parameters.find(({ required }) => required)?.name
  const value = object === undefined ? undefined : subtask.parameters[object]
  const sameIntent = draft.filter(({ task }) => task.intent === subtask.intent && !task.carried)
  return value === undefined ? sameIntent : sameIntent.filter(({ task }) => JSON.stringify(task.parameters[object!]) === JSON.stringify(value))
}

/** The values that a subtask says and a task does not have. */
export const differing = (subtask: Subtask, { task }: DraftTask): Record<string, unknown> =>
  Object.fromEntries(Object.entries(subtask.parameters).filter(([name, value]) => JSON.stringify(task.parameters[name]) !== JSON.stringify(value)))

/** Applies subtasks in their order; answers the key of the task that each became or is about. */
export function applySubtasks(reading: Reading, subtasks: readonly Subtask[], ambiguities: readonly Ambiguity[], clause: FeedbackClause): Map<number, number> {
  const keyOf = new Map<number, number>()
  const waitedFor = new Set(subtasks.flatMap(({ dependsOn }) => dependsOn))
  for (const subtask of subtasks) {
    const before = subtask.dependsOn.flatMap((order) => keyOf.get(order) ?? [])
    const questions = ambiguities.filter(({ subtaskOrder, parameter }) => subtaskOrder === subtask.order && parameter !== null)
    const exact = candidatesFor(reading, subtask)
    const sameIntent = reading.draft.filter(({ task }) => task.intent === subtask.intent && !task.carried)
    // What is called by an unknown name is another object, unless it replaces one.
    const object = reading.catalog.byId.get(subtask.intent)?.parameters.find(({ required }) => required)?.name
    const isOther = questions.some((question) => question.parameter === object && isAboutUnknownValue(question))
    const candidates = clause.replaces && (isOther || exact.length === 0) ? sameIntent : isOther ? [] : exact
    if (candidates.length === 0) {
      const added = addTask(reading, subtask, before, questions)
      if (added !== null) keyOf.set(subtask.order, added)
    } else if (candidates.length > 1) {
      ask(reading, `Which task is meant by "${subtask.name}"?`, candidates.map(named))
    } else {
      keyOf.set(subtask.order, candidates[0]!.key)
      // That it is named at all says something where another waits for it, or where it is given a place.
      const mayStay = before.length > 0 || waitedFor.has(subtask.order) || clause.place !== null
      changeExisting(reading, subtask, candidates[0]!, { before, mayStay, questions: questions.filter(isAboutUnknownValue) })
    }
  }
  return keyOf
}

/** Adds a task, or asks for the values that it lacks; the answer adds it. */
function addTask(reading: Reading, { intent, parameters }: Subtask, before: readonly number[], questions: readonly Ambiguity[]): number | null {
  for (const { question, choices, parameter } of questions) {
    const add = { intent, parameters, after: before.map((key) => reading.draft.find((entry) => entry.key === key)!.task.name) }
    ask(reading, question, choices, { parameter, feedback: { ...reading.part, add } })
  }
  if (questions.length > 0) return null
  const taken = accept(reading, { addTask: { intent, parameters, ...(before.length > 0 ? { dependsOn: before } : {}) } })
  return taken ? Math.max(...reading.draft.map(({ key }) => key)) : null
}

type Change = { readonly before: readonly number[]; readonly mayStay: boolean; readonly questions: readonly Ambiguity[] }

function changeExisting(reading: Reading, subtask: Subtask, entry: DraftTask, { before, mayStay, questions }: Change): void {
  const parameters = differing(subtask, entry)
  const waits = before.filter((key) => !entry.waitsFor.includes(key) && key !== entry.key)
  for (const { question, choices, parameter } of questions) ask(reading, question, choices, { parameter, feedback: { ...reading.part, change: entry.task.name } })
  if (Object.keys(parameters).length > 0) accept(reading, { setParameters: { task: entry.key, parameters } })
  if (waits.length > 0) accept(reading, { setDependencies: { task: entry.key, dependsOn: [...entry.waitsFor, ...waits] } })
  const nothing = Object.keys(parameters).length === 0 && waits.length === 0 && questions.length === 0
  if (nothing && !mayStay) ask(reading, `Task ${named(entry)} is in the plan already. What should be different?`)
}
