/** Answers of a person, applied to what was understood before: what no answer is about stays as it is. */
import type { Capability, Catalog } from '../../catalog/capability.ts'
import { renderTaskName } from '../../catalog/task-name.ts'
import { readMeaning } from './answered-meaning.ts'
import { namesNoValue, parseAnswer } from './answered-value.ts'
import { askFor, parameterQuestionId } from './ask-for-parameter.ts'
import type { Ambiguity, ClarificationAnswer, DecompositionInput, OutOfScopeItem, RequestDecomposer, Subtask } from './request-decomposer.ts'
import { validateDecomposition } from './validate-decomposition.ts'

type Answering = {
  readonly catalog: Catalog
  readonly decomposer: RequestDecomposer
  readonly input: DecompositionInput
  /** Orders may be fractions until all answers are in: a new part stands between two old ones. */
  subtasks: readonly Subtask[]
  questions: readonly Ambiguity[]
  readonly outOfScope: OutOfScopeItem[]
}

export type AnsweringOptions = {
  /** True for a decomposer that understands answers itself: it gets all of them where no rule reads one. */
  readonly understandsAnswers?: boolean
}

/**
 * The decomposer with clarification: a first request is passed on; answers are read against the question that each
 * belongs to, and words that no rule reads are given to the decomposer as a request of their own. What an answer
 * leaves unclear is asked again.
 */
export function createAnsweringDecomposer(catalog: Catalog, decomposer: RequestDecomposer, { understandsAnswers = false }: AnsweringOptions = {}): RequestDecomposer {
  return {
    ...decomposer,
    async decompose(input, signal) {
      const { previous, answers, newAnswers } = input
      if (!previous || answers.length === 0) return decomposer.decompose(input, signal)
      const answering: Answering = {
        catalog, decomposer, input, subtasks: previous.subtasks, questions: previous.ambiguities, outOfScope: [...previous.outOfScope],
      }
      const fresh = answers.slice(-(newAnswers ?? answers.length))
      if (understandsAnswers && !fresh.every((answer) => isReadByRule(answering, answer))) return decomposer.decompose(input, signal)
      for (const answer of fresh) await take(answering, answer)
      const { subtasks, questions } = renumbered(answering)
      return validateDecomposition(catalog, { ...previous, subtasks, ambiguities: questions, outOfScope: answering.outOfScope })
    },
  }
}

function askedParameter({ subtasks, catalog }: Answering, { subtaskOrder, parameter }: Ambiguity) {
  const subtask = subtasks.find(({ order }) => order === subtaskOrder)
  const capability = subtask && catalog.byId.get(subtask.intent)
  return { subtask, capability, spec: capability?.parameters.find(({ name }) => name === parameter) }
}

function isReadByRule(answering: Answering, { ambiguity, answer }: ClarificationAnswer): boolean {
  const { spec } = askedParameter(answering, ambiguity)
  return spec !== undefined && ((!spec.required && leaveOut.test(answer.trim())) || namesNoValue(answer) || parseAnswer(spec, answer).ok)
}

async function take(answering: Answering, { ambiguity, answer }: ClarificationAnswer): Promise<void> {
  if (!answering.questions.some(({ id }) => id === ambiguity.id)) return
  const { subtask, capability, spec } = askedParameter(answering, ambiguity)
  const settle = (next: Ambiguity | null) => {
    answering.questions = answering.questions.flatMap((question) => (question.id !== ambiguity.id ? [question] : next ? [next] : []))
  }
  if (!subtask || !capability || !spec) return settle(await takeMeaning(answering, ambiguity, answer))
  if (!spec.required && leaveOut.test(answer.trim())) return settle(null)
  const parsed = parseAnswer(spec, answer)
  const value = parsed.ok ? parsed.value : parsed.rule === 'names_value' ? undefined : await readInWords(answering, capability, spec.name, answer)
  if (value === undefined) {
    const again = askFor(capability, spec, subtask.order, subtask.parameters, spec.type === 'enum' ? answer : null)
    return settle({ ...again, id: ambiguity.id, question: spec.type === 'enum' || parsed.ok ? again.question : `${again.question} ${parsed.message}` })
  }
  answering.subtasks = answering.subtasks.map((one) => (one === subtask ? { ...one, parameters: { ...one.parameters, [spec.name]: value } } : one))
  settle(null)
}

const leaveOut = /^(?:none|nothing|skip(?: it)?|leave (?:it )?out|default|any|keine?[rns]?|nichts|egal|ninguno|nada|aucune?|rien|无|没有|默认)[.!]?$/iu

/** The value of one parameter in an answer such as "on web-01, please": read after what the task is called. */
async function readInWords({ decomposer, input }: Answering, capability: Capability, parameter: string, answer: string): Promise<unknown> {
  for (const text of [`${renderTaskName(capability, {})} ${answer}`, answer]) {
    const { subtasks } = await decomposer.decompose({ ...input, text, answers: [], previous: null })
    const values = subtasks.filter(({ intent }) => intent === capability.id).map(({ parameters }) => parameters[parameter])
    if (values.length === 1 && values[0] !== undefined) return values[0]
  }
  return undefined
}

/** An answer to what a part of the request means; the question again, or null where it is settled. */
async function takeMeaning(answering: Answering, ambiguity: Ambiguity, answer: string): Promise<Ambiguity | null> {
  const { input, subtasks, catalog, decomposer } = answering
  const meaning = await readMeaning({ catalog, decomposer, input, understood: subtasks, ambiguity, answer })
  if (meaning === 'unclear') return ambiguity
  if (meaning.subtasks.length === 0) {
    answering.outOfScope.push({ text: meaning.said, reason: 'Left out by an answer.' })
    return null
  }
  const step = 1 / (meaning.subtasks.length + 1)
  const orderOf = new Map(meaning.subtasks.map(({ order }, index) => [order, meaning.after + step * (index + 1)]))
  const added = meaning.subtasks.map((subtask) => ({
    ...subtask,
    order: orderOf.get(subtask.order)!,
    dependsOn: [...meaning.waitsFor, ...subtask.dependsOn.flatMap((order) => orderOf.get(order) ?? [])],
  }))
  answering.subtasks = [...subtasks, ...added].sort((a, b) => a.order - b.order)
  return null
}

/** Whole orders from 1, and the questions tied to them; a question keeps its name while its subtask keeps its place. */
function renumbered({ subtasks, questions }: Answering): { subtasks: Subtask[]; questions: Ambiguity[] } {
  const place = new Map(subtasks.map(({ order }, index) => [order, index + 1]))
  return {
    subtasks: subtasks.map((subtask) => ({ ...subtask, order: place.get(subtask.order)!, dependsOn: subtask.dependsOn.flatMap((order) => place.get(order) ?? []) })),
    questions: questions.map((question) => {
      const subtaskOrder = question.subtaskOrder === null ? null : place.get(question.subtaskOrder) ?? null
      const moved = subtaskOrder !== question.subtaskOrder && subtaskOrder !== null && question.parameter !== null
      return { ...question, subtaskOrder, id: moved ? parameterQuestionId(subtaskOrder, question.parameter!) : question.id }
    }),
  }
}
