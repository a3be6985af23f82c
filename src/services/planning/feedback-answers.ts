/** From answers to questions about feedback to edits, and to what is still to be asked. */
import canonicalize from 'canonicalize'
import type { Ambiguity, FeedbackQuestion } from '../../entities/decomposition.ts'
import type { AnsweredAmbiguity, Request } from '../../entities/request.ts'
import { askFor } from '../decomposition/ask-for-parameter.ts'
import { parseAnswer } from '../decomposition/answered-value.ts'
import type { RequestDecomposer } from '../decomposition/request-decomposer.ts'
import { feedbackClauses } from './feedback-clauses.ts'
import { inNewNumbers } from './feedback-numbers.ts'
import { accept, ask, beginReading, type Reading } from './feedback-reading.ts'
import type { Drafted } from './propose-edits.ts'
import { readClause } from './read-feedback.ts'
import type { PlanEdit } from './revise-plan.ts'

export type ReadAnswers = {
  readonly edits: readonly PlanEdit[]
  /** All questions that are open now. */
  readonly ambiguities: readonly Ambiguity[]
  /** Those of them that are new. */
  readonly asked: readonly Ambiguity[]
}

type Question = Ambiguity & { readonly feedback: FeedbackQuestion }

const never = /^(?:none|neither|nothing|no|skip(?: it)?|leave (?:it )?out|forget it|keine[rns]?|nichts|nein|ninguno|nada|aucune?|rien|non|没有|不)[.!]?$/iu

export async function readFeedbackAnswers(
  { decomposer }: { readonly decomposer: RequestDecomposer },
  { draft, context }: Drafted,
  { ambiguities, answers }: Pick<Request, 'ambiguities' | 'answers'>,
  given: readonly AnsweredAmbiguity[],
): Promise<ReadAnswers> {
  const reading = beginReading(decomposer, draft, context)
  const settled = new Set(given.map(({ ambiguity }) => ambiguity.id))
  const added = new Set<string>()
  for (const { ambiguity, answer } of given) {
    const question = { ...ambiguity, feedback: ambiguity.feedback ?? { text: '', removes: false } }
    reading.part = question.feedback
    if (never.test(answer.trim())) continue
    const { add, change } = question.feedback
    if (change !== undefined && question.parameter !== null) changeTo(reading, question, answer, change)
    else if (change !== undefined) await limitTo(reading, question, answer, change)
    else if (!add) await readWords(reading, question, answer)
    else if (!added.has(keyOf(add))) {
      added.add(keyOf(add))
      const together = ambiguities.filter(({ feedback }) => feedback?.add && keyOf(feedback.add) === keyOf(add))
      for (const { id } of together) settled.add(id)
      addWith(reading, add, given.filter((one) => together.some(({ id }) => id === one.ambiguity.id)))
    }
  }
  const round = answers.length + given.length
  const asked = inNewNumbers(reading.questions.map((question, index) => ({ ...question, id: `feedback-${round}.${index + 1}` })), reading.draft)
  return { edits: reading.edits, asked, ambiguities: [...inNewNumbers(ambiguities.filter(({ id }) => !settled.has(id)), reading.draft), ...asked] }
}

const keyOf = (add: NonNullable<FeedbackQuestion['add']>): string => canonicalize(add) ?? ''

/** Adds a task with the values that were given; those that do not fit or are still missing are asked for again. */
function addWith(reading: Reading, add: NonNullable<FeedbackQuestion['add']>, given: readonly AnsweredAmbiguity[]): void {
  const capability = reading.catalog.byId.get(add.intent)
  if (!capability) return ask(reading, `The catalog no longer has ${add.intent}. What should change in the plan?`)
  const parameters = { ...add.parameters }
  const refused = new Map<string, string>()
  for (const { ambiguity, answer } of given) {
    const spec = capability.parameters.find(({ name }) => name === ambiguity.parameter)
    const parsed = spec && parseAnswer(spec, answer)
    if (parsed?.ok) parameters[spec!.name] = parsed.value
    else if (spec) refused.set(spec.name, answer)
  }
  const missing = capability.parameters.filter(({ name, required }) => (required && parameters[name] === undefined) || refused.has(name))
  for (const spec of missing) {
    const { question, choices } = askFor(capability, spec, 1, parameters, spec.type === 'enum' ? refused.get(spec.name) ?? null : null)
    ask(reading, question, choices, { parameter: spec.name, feedback: { ...reading.part, add: { ...add, parameters } } })
  }
  const dependsOn = add.after.flatMap((name) => reading.draft.find(({ task }) => task.name === name)?.key ?? [])
  if (missing.length === 0) accept(reading, { addTask: { intent: add.intent, parameters, ...(dependsOn.length > 0 ? { dependsOn } : {}) } })
}

/** Sets the parameter that was asked for, or asks again. */
function changeTo(reading: Reading, { parameter, feedback }: Question, answer: string, name: string): void {
  const entry = reading.draft.find(({ task }) => task.name === name)
  const capability = entry && reading.catalog.byId.get(entry.task.intent)
  const spec = capability?.parameters.find((one) => one.name === parameter)
  if (!entry || !spec) return ask(reading, `The plan has no task "${name}" any more. What should change?`)
  const parsed = parseAnswer(spec, answer)
  if (parsed.ok) return void accept(reading, { setParameters: { task: entry.key, parameters: { [spec.name]: parsed.value } } })
  const { question, choices } = askFor(capability!, spec, 1, entry.task.parameters, spec.type === 'enum' ? answer : null)
  ask(reading, question, choices, { parameter: spec.name, feedback })
}

/** Sets the limit that was asked for, or asks again. */
async function limitTo(reading: Reading, { feedback }: Question, answer: string, name: string): Promise<void> {
  const entry = reading.draft.find(({ task }) => task.name === name)
  if (!entry) return ask(reading, `The plan has no task "${name}" any more. What should change?`)
  for (const clause of feedbackClauses(`${feedback.text} ${answer}`)) await readClause(reading, { ...clause, task: entry.key })
}

/** One of the choices names the task that was meant; other words are feedback of their own. */
async function readWords(reading: Reading, { choices, feedback }: Question, answer: string): Promise<void> {
  const chosen = chosenTask(reading, choices, answer)
  if (chosen !== null) {
    const [clause] = feedbackClauses(feedback.text)
    const blank = { said: feedback.text, text: feedback.text, inherited: false, forbids: false, replaces: false, adds: false, place: null, order: null, beside: null, limits: null, doubtful: false }
    return readClause(reading, { ...blank, ...clause, task: chosen, removes: feedback.removes }, { chosen: true })
  }
  for (const clause of feedbackClauses(answer)) {
    const saysWhat = clause.limits !== null || clause.place !== null || clause.order !== null || /[:=]/.test(clause.said)
    await readClause(reading, { ...clause, removes: clause.removes || (feedback.removes && !saysWhat) })
  }
}

/** Choices carry the number a task had when it was asked; its name finds it in a later revision. */
function chosenTask({ draft }: Reading, choices: readonly string[], answer: string): number | null {
  const said = answer.trim().toLowerCase().replace(/^(?:task|step|number|aufgabe|schritt|tâche|étape|tarea|paso)\s+(?=#?\d+\.?$)/u, '')
  const choice = choices.find((one) => one.toLowerCase() === said || one.replace(/^\d+\. /, '').toLowerCase() === said || /^\d+(?=\. )/.exec(one)?.[0] === said.replace(/^#|\.$/g, ''))
  if (choice === undefined) return null
  const name = choice.replace(/^\d+\. /, '')
  const same = draft.filter(({ task }) => task.name === name)
  return same.length === 1 ? same[0]!.key : same.find(({ key }) => choice.startsWith(`${key}. `))?.key ?? null
}
