/** From understood parts of feedback to edits: a task that is there changes, one that is not is added. */
import type { ParameterSpec } from '../../catalog/capability.ts'
import type { Ambiguity, Subtask } from '../../entities/decomposition.ts'
import { isAboutUnknownValue } from '../decomposition/ask-for-parameter.ts'
import type { Decomposition } from '../decomposition/request-decomposer.ts'
import type { FeedbackClause } from './feedback-clauses.ts'
import { isForeign, isMeasure, isWish, tellsMore, wordsOf } from './feedback-doubts.ts'
import { accept, ask, named, quoted, type Reading } from './feedback-reading.ts'
import type { DraftTask } from './plan-draft.ts'
import { titleOf } from './tasks-in-words.ts'

/** Open tasks that a subtask may be about: of its intent, and about the same object where it names one. */
export function candidatesFor({ draft, catalog }: Reading, subtask: Subtask): DraftTask[] {
  const object = objectOf(catalog.byId.get(subtask.intent)?.parameters ?? [])
  const value = object === undefined ? undefined : subtask.parameters[object]
  const sameIntent = draft.filter(({ task }) => task.intent === subtask.intent && !task.carried)
  return value === undefined ? sameIntent : sameIntent.filter(({ task }) => JSON.stringify(task.parameters[object!]) === JSON.stringify(value))
}

/** The values that a subtask says and a task does not have; where they are to be added, lists keep what they have. */
export const differing = (subtask: Subtask, { task }: DraftTask, adds = false): Record<string, unknown> =>
  Object.fromEntries(Object.entries(subtask.parameters).flatMap(([name, value]) => {
    const present = task.parameters[name]
    const wanted = adds && Array.isArray(present) && Array.isArray(value) ? [...new Set([...present, ...value])] : value
    // "Aufgabe 2: 80 Grad" gives nothing the name Grad.
    const isUnit = isMeasure(wanted) && typeof present === 'string' && !isMeasure(present)
    return isUnit || JSON.stringify(present) === JSON.stringify(wanted) ? [] : [[name, wanted]]
  }))

const changing = /(?<!\p{L})(?:change|update|adjust|ändere?|passe|changez?|cambia)(?!\p{L})/iu

/** True where the words say something of a task that its new values do not account for. */
export function saysMore({ catalog }: Reading, text: string, entry: DraftTask, changed: Readonly<Record<string, unknown>>): boolean {
  const capability = catalog.byId.get(entry.task.intent)
  const specs = capability?.parameters ?? []
  if (Object.values(changed).flat().some(isWish)) return true
  if (Object.keys(changed).length > 0 && namesAnother(specs, text, { ...changed, ...objectIn(specs, text, entry) })) return true
  const measures = specs.some(({ name, type }) => name in changed && ['integer', 'duration', 'schedule', 'port'].includes(type))
  // With a new value, "change" says nothing else; without one it is what is wanted.
  return tellsMore(Object.keys(changed).length > 0 ? text.replace(changing, ' ') : text, [
    ...titleOf(entry, catalog), ...(capability?.examples ?? []),
    ...specs.flatMap(({ name, type, values = [], aliases = {} }) => [...values, ...Object.keys(aliases), ...(name in changed || type === 'boolean' || name === objectOf(specs) ? [name] : [])]),
    ...Object.values(entry.task.parameters).flat().map(String), ...Object.values(changed).flat().map(String),
  ], measures)
}

/** The object of a task where the text says it: "the container caddy" wants no other one. */
function objectIn(specs: readonly ParameterSpec[], text: string, { task }: DraftTask): Readonly<Record<string, unknown>> {
  const name = objectOf(specs)
  const value = name === undefined ? undefined : task.parameters[name]
  return name !== undefined && wordsOf(String(value)).every((word) => wordsOf(text).includes(word)) ? { [name]: value } : {}
}

/** "label it x" says nothing of another parameter than the label. */
function namesAnother(specs: readonly ParameterSpec[], text: string, given: Readonly<Record<string, unknown>>): boolean {
  const said = wordsOf(text)
  return specs.some(({ name, type }) => !(name in given) && type !== 'boolean' && wordsOf(name.replaceAll('_', ' ')).every((word) => said.includes(word)))
}

const objectOf = (specs: readonly ParameterSpec[]): string | undefined => specs.find(({ required }) => required)?.name

type Understood = Pick<Decomposition, 'subtasks' | 'ambiguities' | 'outOfScope'>

/** "deploy it there": what it is stands in another part. */
const pronoun = /^(?:\p{L}+\s+){1,2}(?:it|them|this|that|these|those|es|sie|ihn|lo|las?|los|les?)(?!\p{L})/iu

/** Applies subtasks in their order; answers the key of the task that each became or is about. */
export function applySubtasks(reading: Reading, { subtasks, ambiguities, outOfScope }: Understood, clause: FeedbackClause): Map<number, number> {
  const keyOf = new Map<number, number>()
  const waitedFor = new Set(subtasks.flatMap(({ dependsOn }) => dependsOn))
  for (const subtask of subtasks) {
    const before = subtask.dependsOn.flatMap((order) => keyOf.get(order) ?? [])
    const questions = ambiguities.filter(({ subtaskOrder, parameter }) => subtaskOrder === subtask.order && parameter !== null)
    const specs = reading.catalog.byId.get(subtask.intent)?.parameters ?? []
    const candidates = meantBy(reading, subtask, clause, questions)
    const isThere = reading.draft.some(({ task }) => task.intent === subtask.intent && !task.carried)
    const isVague = clause.replaces || pronoun.test(clause.text) || (isThere && subtasks.length === 1 && namesAnother(specs.filter(({ name }) => name !== objectOf(specs)), clause.text, subtask.parameters))
    if (candidates.length === 0 && isVague) {
      ask(reading, `What should change in the plan with "${quoted(clause.said)}"?`)
    } else if (candidates.length === 0) {
      const added = addTask(reading, subtask, before, questions)
      if (added !== null) keyOf.set(subtask.order, added)
    } else if (candidates.length > 1) {
      ask(reading, `Which task is meant by "${subtask.name}"?`, candidates.map(named))
    } else {
      const entry = candidates[0]!
      const parameters = differing(subtask, entry, clause.adds)
      const inScope = outOfScope.reduce((text, item) => text.replace(item.text, ' '), clause.text)
      if (subtasks.length === 1 && Object.keys(parameters).length > 0 && !isForeign(inScope) && saysMore(reading, inScope, entry, parameters)) {
        ask(reading, `What should change in task ${named(entry)} with "${quoted(clause.said)}"?`)
        continue
      }
      keyOf.set(subtask.order, entry.key)
      // That it is named at all says something where another waits for it, or where it is given a place.
      const mayStay = before.length > 0 || waitedFor.has(subtask.order) || clause.place !== null || clause.beside !== null
      changeExisting(reading, parameters, entry, { before, mayStay, questions: questions.filter(isAboutUnknownValue) })
    }
  }
  return keyOf
}

const another = /(?<!\p{L})(?:another|one more|an additional|a further|noch ein\p{L}*|eine? weitere\p{L}*|une? autre|otr[oa])(?!\p{L})|另一|再一/iu

/** Tasks of the plan that a subtask is about; none where it is another one. */
function meantBy(reading: Reading, subtask: Subtask, { replaces, adds, text }: FeedbackClause, questions: readonly Ambiguity[]): DraftTask[] {
  const exact = candidatesFor(reading, subtask)
  const specs = reading.catalog.byId.get(subtask.intent)?.parameters ?? []
  // What is called by an unknown name is another object, unless it replaces one.
  const object = objectOf(specs)
  const isOther = questions.some((question) => question.parameter === object && isAboutUnknownValue(question))
  if (replaces && (isOther || exact.length === 0)) {
    const sameIntent = reading.draft.filter(({ task }) => task.intent === subtask.intent && !task.carried)
    const said = wordsOf(text)
    const named = sameIntent.filter(({ task }) => object !== undefined && wordsOf(String(task.parameters[object])).every((word) => said.includes(word)))
    return named.length === 1 ? named : sameIntent
  }
  // "Another vm" is none of the plan, where it is not said which.
  if (isOther || (object !== undefined && subtask.parameters[object] === undefined && another.test(text))) return []
  // "bring towels to room 12 too" wants another task where each brings to one room.
  const required = new Set(specs.filter((spec) => spec.required && spec.type !== 'hosts' && spec.type !== 'list').map(({ name }) => name))
  return adds ? exact.filter((entry) => Object.keys(differing(subtask, entry)).every((name) => !required.has(name))) : exact
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

function changeExisting(reading: Reading, parameters: Readonly<Record<string, unknown>>, entry: DraftTask, { before, mayStay, questions }: Change): void {
  const waits = before.filter((key) => !entry.waitsFor.includes(key) && key !== entry.key)
  for (const { question, choices, parameter } of questions) ask(reading, question, choices, { parameter, feedback: { ...reading.part, change: entry.task.name } })
  if (Object.keys(parameters).length > 0) accept(reading, { setParameters: { task: entry.key, parameters } })
  if (waits.length > 0) accept(reading, { setDependencies: { task: entry.key, dependsOn: [...entry.waitsFor, ...waits] } })
  const nothing = Object.keys(parameters).length === 0 && waits.length === 0 && questions.length === 0
  if (nothing && !mayStay) ask(reading, `Task ${named(entry)} is in the plan already. What should be different?`)
}
