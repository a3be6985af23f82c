/**
 * From feedback in words to typed edits. The decomposer reads each part as a request of its own; what it understands
 * changes, adds or removes tasks, the rest becomes questions. Feedback is data: every edit is checked like one that a
 * person typed, and the result is only ever a proposal.
 */
import { renderTaskName } from '../../catalog/task-name.ts'
import type { Ambiguity, Subtask } from '../../entities/decomposition.ts'
import { isAboutUnknownValue } from '../decomposition/ask-for-parameter.ts'
import type { RequestDecomposer } from '../decomposition/request-decomposer.ts'
import type { EditContext } from './apply-edits.ts'
import { feedbackClauses, mostClauses, type FeedbackClause } from './feedback-clauses.ts'
import { withoutLimits } from './feedback-limits.ts'
import { inNewNumbers } from './feedback-numbers.ts'
import { putBefore, putFirst, putLast } from './feedback-places.ts'
import { tellsMore, wordsOf } from './feedback-doubts.ts'
import { accept, allNamed, ask, beginReading, named, quoted, understand, type Reading } from './feedback-reading.ts'
import { applySubtasks, candidatesFor, differing, saysMore } from './feedback-subtasks.ts'
import { namedValues } from './feedback-values.ts'
import type { DraftTask, PlanDraft } from './plan-draft.ts'
import type { PlanEdit } from './revise-plan.ts'
import { tasksInWords, titleOf } from './tasks-in-words.ts'

export type ReadFeedback = { readonly edits: readonly PlanEdit[]; readonly questions: readonly Ambiguity[] }

/** Reads feedback about a plan. Throws what the decomposer throws. */
export async function readFeedback(decomposer: Pick<RequestDecomposer, 'decompose'>, draft: PlanDraft, feedback: string, context: EditContext): Promise<ReadFeedback> {
  const reading = beginReading(decomposer, draft, context)
  const clauses = feedbackClauses(feedback)
  for (const clause of clauses.slice(0, mostClauses)) await readClause(reading, clause)
  if (clauses.length > mostClauses) ask(reading, `Only the first ${mostClauses} parts were read. Which of the others are still wanted?`)
  if (reading.edits.length === 0 && reading.questions.length === 0) ask(reading, 'What should change in the plan?')
  return { edits: reading.edits, questions: inNewNumbers(reading.questions, reading.draft) }
}

/** Reads one part, with the edits of those before it. `chosen`: a person has said that the part is about its task. */
export async function readClause(reading: Reading, clause: FeedbackClause, { chosen = false }: { readonly chosen?: boolean } = {}): Promise<void> {
  reading.part = { text: clause.text, removes: clause.removes }
  const missing = [clause.task, clause.beside?.task, ...(clause.order ?? [])].find((number) => number !== undefined && number !== null && !reading.draft.some(({ key }) => key === number))
  if (missing !== undefined) return ask(reading, `The plan has no task ${missing}. Which one is meant?`, allNamed(reading))
  const target = reading.draft.find(({ key }) => key === clause.task) ?? null
  if (clause.doubtful && !chosen) return askWhat(reading, clause, target)
  if (clause.order) return void accept(reading, ...putBefore(reading.draft, ...clause.order))
  if (clause.limits) return limit(reading, clause, target)
  if (target && clause.removes) return chosen || saysOnlyWhich(reading, clause, target) ? void accept(reading, { removeTask: { task: target.key } }) : askWhat(reading, clause, target)
  if (target && clause.place) return saysMore(reading, clause.text, target, {}) ? askWhat(reading, clause, target) : place(reading, clause, target.key)
  if (target) return changeNamed(reading, clause, target)
  const understood = await understand(reading, clause.text)
  const beginsAnew = clause.inherited && saysVerb(reading, clause, understood.subtasks)
  if (!clause.removes || (beginsAnew && understood.subtasks.every((subtask) => isNoTask(reading, clause, subtask)))) return change(reading, clause, understood)
  // "skip the backup and restart nginx": which of both is meant for what is in the plan cannot be known.
  if (beginsAnew) return askWhat(reading, clause, null)
  removeNamed(reading, clause, understood.subtasks)
}

/** Asks what words are to do, where they name a task or want something left out and say more than that. */
function askWhat(reading: Reading, { removes, said }: FeedbackClause, target: DraftTask | null): void {
  if (removes) return ask(reading, `What of the plan is to be left out with "${quoted(said)}"?`, target ? [named(target)] : allNamed(reading))
  ask(reading, `What should change in ${target ? `task ${named(target)}` : 'the plan'} with "${quoted(said)}"?`)
}

/** "Remove task 2, the restart" says which task; "remove web-02 from task 1" says what of it. */
function saysOnlyWhich({ catalog }: Reading, { text }: FeedbackClause, target: DraftTask): boolean {
  return !part.test(text) && !tellsMore(text.replace(carryingOut, ' '), titleOf(target, catalog))
}
const part = /(?<!\p{L})(?:from|of|in|on|at|to|for|with|by|aus|von|vom|in|im|auf|an|für|mit|de|du|des|del|sur|dans|pour|avec|en|con|para)(?!\p{L})|['’]s(?!\p{L})/iu
const carryingOut = /^(?:run|do|execute|perform|start|include|carry out)(?!\p{L})/iu

async function change(reading: Reading, clause: FeedbackClause, understood: Awaited<ReturnType<typeof understand>>): Promise<void> {
  const { subtasks, ambiguities, outOfScope } = understood
  const inWords = clause.place || clause.beside ? tasksInWords(reading.draft, reading.catalog, clause.text) : []
  if (inWords.length === 1) return put(reading, clause, [inWords[0]!.key])
  const sides = relation.exec(clause.text)
  if (sides && !subtasks.some(({ dependsOn }) => dependsOn.length > 0)) return putInWords(reading, clause, sides.slice(1) as [string, string, string])
  if (subtasks.length === 0) return ask(reading, `What should change in the plan with "${quoted(clause.said)}"?`)
  const keyOf = applySubtasks(reading, understood, clause)
  if (clause.beside || (clause.place && keyOf.size === 1)) put(reading, clause, [...keyOf.values()])
  for (const { text, reason } of outOfScope) ask(reading, `"${quoted(text)}" cannot be planned: ${reason}`)
  for (const { question, choices, parameter } of ambiguities) if (parameter === null) ask(reading, question, choices)
}

const relation = /^(.+?)\s(before|after|vor|nach|avant|après|antes de|después de)\s(.+)$/iu

/** "the backup before the deployment", where both are tasks of the plan. */
function putInWords(reading: Reading, clause: FeedbackClause, [one, word, other]: [string, string, string]): void {
  const [some, others] = [one, other].map((text) => tasksInWords(reading.draft, reading.catalog, text))
  if (some!.length !== 1 || others!.length !== 1) return askWhat(reading, clause, null)
  const keys = [some![0]!.key, others![0]!.key] as const
  accept(reading, ...putBefore(reading.draft, ...(/^(?:before|vor|avant|antes)/iu.test(word) ? keys : ([keys[1], keys[0]] as const))))
}

/** Puts tasks, which follow each other, where the part wants them. */
function put(reading: Reading, clause: FeedbackClause, keys: readonly number[]): void {
  const { beside } = clause
  if (!beside) return place(reading, clause, keys[0]!)
  if (keys.length === 0) return
  accept(reading, ...(beside.before ? putBefore(reading.draft, keys.at(-1)!, beside.task) : putBefore(reading.draft, beside.task, keys[0]!)))
}

const place = (reading: Reading, clause: FeedbackClause, key: number): void =>
  void accept(reading, ...(clause.place === 'first' ? putFirst(reading.draft, key) : putLast(reading.draft, key)))

/** What the plan does not have cannot be left out of it, nor can a task with other values: "remove task 3 and heat s2 to 80 degrees". */
function isNoTask(reading: Reading, { forbids }: FeedbackClause, subtask: Subtask): boolean {
  const candidates = candidatesFor(reading, subtask)
  return candidates.length === 0 || (!forbids && candidates.length === 1 && Object.keys(differing(subtask, candidates[0]!)).length > 0)
}

/** "skip the backup and deploy grafana": the second part begins like a request of its own. */
function saysVerb(reading: Reading, { text }: FeedbackClause, subtasks: readonly Subtask[]): boolean {
  const verb = text.trim().split(/\s+/)[0]!.toLowerCase()
  return subtasks.length > 0 && subtasks.every(({ intent }) => {
    const { examples = [], words = {} } = reading.catalog.byId.get(intent) ?? {}
    return [...examples, ...Object.values(words).flat()].some((example) => example.split(/\s+/)[0]!.toLowerCase() === verb)
  })
}

/** Limits of the task named by number or in words, or of the only task there is. */
function limit(reading: Reading, clause: FeedbackClause, target: DraftTask | null): void {
  const open = reading.draft.filter(({ task }) => !task.carried)
  const inWords = target ? [target] : open.length === 1 ? open : tasksInWords(reading.draft, reading.catalog, withoutLimits(clause.text))
  if (inWords.length !== 1) return ask(reading, `Which task is meant by "${quoted(clause.text)}"?`, (inWords.length > 1 ? inWords : open).map(named).slice(0, 20))
  const { timeoutSeconds, maxAttempts } = clause.limits!
  const askLimit = (text: string, question: string) =>
    ask(reading, `Task ${named(inWords[0]!)}: ${question}`, [], { feedback: { text, removes: false, change: inWords[0]!.task.name } })
  if (timeoutSeconds === null) askLimit('time limit', 'how long may an attempt take? For example 10 minutes.')
  if (maxAttempts === null) askLimit('attempts to', 'how many attempts may it have? For example 3.')
  const given = { ...(typeof timeoutSeconds === 'number' && { timeoutSeconds }), ...(typeof maxAttempts === 'number' && { maxAttempts }) }
  if (Object.keys(given).length > 0) accept(reading, { setLimits: { task: inWords[0]!.key, ...given } })
}

/** A part that names a task by number: its words are read alone, then after what the task is called without values. */
async function changeNamed(reading: Reading, clause: FeedbackClause, target: DraftTask): Promise<void> {
  const capability = reading.catalog.byId.get(target.task.intent)
  const values = clause.adds ? null : namedValues(capability?.parameters ?? [], clause.text)
  const changed = values && Object.entries(values).some(([name, value]) => JSON.stringify(value) !== JSON.stringify(target.task.parameters[name]))
  if (changed) return void accept(reading, { setParameters: { task: target.key, parameters: values } })
  const texts = capability ? [clause.text, `${renderTaskName(capability, {})} ${clause.text}`] : [clause.text]
  for (const text of texts) {
    const { subtasks, ambiguities } = await understand(reading, text)
    const same = subtasks.filter(({ intent }) => intent === target.task.intent)
    const unknown = same.length === 1 ? ambiguities.filter((one) => one.subtaskOrder === same[0]!.order && isAboutUnknownValue(one) && isSaid(one.parameter, clause.text)) : []
    for (const { question, choices, parameter } of unknown) ask(reading, question, choices, { parameter, feedback: { ...reading.part, change: target.task.name } })
    if (unknown.length > 0) return
    const parameters = same.length === 1 ? differing(same[0]!, target, clause.adds) : {}
    if (Object.keys(parameters).length === 0 || saysMore(reading, clause.text, target, parameters)) continue
    return void accept(reading, { setParameters: { task: target.key, parameters } })
  }
  askWhat(reading, clause, target)
}

const isSaid = (parameter: string | null, text: string): boolean => parameter !== null && wordsOf(parameter).every((word) => wordsOf(text).includes(word))

/** Leaves out what is understood and in the plan, else the one task that the words fit; otherwise asks. */
function removeNamed(reading: Reading, clause: FeedbackClause, subtasks: readonly Subtask[]): void {
  const matches = subtasks.map((subtask) => candidatesFor(reading, subtask))
  const sole = matches.flatMap((candidates) => (candidates.length === 1 ? candidates : []))
  // What says more than which tasks are meant, or of another value, may want only a part of them left out.
  const isPart = sole.some((entry, index) => matches.length === 1 && (saysMore(reading, clause.text, entry, {}) || Object.keys(differing(subtasks[index]!, entry)).length > 0))
  if (isPart) return askWhat(reading, clause, null)
  if (matches.length > 0 && matches.every((candidates) => candidates.length > 0)) {
    for (const [index, candidates] of matches.entries()) {
      if (candidates.length === 1) accept(reading, { removeTask: { task: candidates[0]!.key } })
      else ask(reading, `Which task is to be left out by "${subtasks[index]!.name}"?`, candidates.map(named))
    }
    return
  }
  const inWords = tasksInWords(reading.draft, reading.catalog, clause.text)
  if (inWords.length === 1) return void accept(reading, { removeTask: { task: inWords[0]!.key } })
  ask(reading, `What of the plan is to be left out with "${quoted(clause.said)}"?`, inWords.length > 1 ? inWords.map(named) : allNamed(reading))
}
