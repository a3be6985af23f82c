/**
 * From feedback in words to typed edits. The decomposer reads each part as a request of its own; what it understands
 * changes, adds or removes tasks, the rest becomes questions. Feedback is data: every edit is checked like one that a
 * person typed, and the result is only ever a proposal.
 */
import { renderTaskName } from '../../catalog/task-name.ts'
import type { Ambiguity, Subtask } from '../../entities/decomposition.ts'
import type { RequestDecomposer } from '../decomposition/request-decomposer.ts'
import type { EditContext } from './apply-edits.ts'
import { feedbackClauses, mostClauses, type FeedbackClause } from './feedback-clauses.ts'
import { putBefore, putFirst, putLast } from './feedback-places.ts'
import { accept, allNamed, ask, beginReading, named, quoted, understand, type Reading } from './feedback-reading.ts'
import { applySubtasks, candidatesFor, differing } from './feedback-subtasks.ts'
import type { DraftTask, PlanDraft } from './plan-draft.ts'
import type { PlanEdit } from './revise-plan.ts'
import { tasksInWords } from './tasks-in-words.ts'

export type ReadFeedback = { readonly edits: readonly PlanEdit[]; readonly questions: readonly Ambiguity[] }

/** Reads feedback about a plan. Throws what the decomposer throws. */
export async function readFeedback(decomposer: Pick<RequestDecomposer, 'decompose'>, draft: PlanDraft, feedback: string, context: EditContext): Promise<ReadFeedback> {
  const reading = beginReading(decomposer, draft, context)
  const clauses = feedbackClauses(feedback)
  for (const clause of clauses.slice(0, mostClauses)) await readClause(reading, clause)
  if (clauses.length > mostClauses) ask(reading, `Only the first ${mostClauses} parts were read. Which of the others are still wanted?`)
  if (reading.edits.length === 0 && reading.questions.length === 0) ask(reading, 'What should change in the plan?')
  return { edits: reading.edits, questions: reading.questions }
}

/** Reads one part, with the edits of those before it. */
export async function readClause(reading: Reading, clause: FeedbackClause): Promise<void> {
  reading.part = { text: clause.text, removes: clause.removes }
  const target = clause.task === null ? null : reading.draft.find(({ key }) => key === clause.task)
  if (target === undefined) return ask(reading, `The plan has no task ${clause.task}. Which one is meant?`, allNamed(reading))
  if (clause.order?.every((number) => reading.draft.some(({ key }) => key === number))) return void accept(reading, ...putBefore(reading.draft, ...clause.order))
  if (clause.limits) return limit(reading, clause, target)
  if (target && clause.removes) return void accept(reading, { removeTask: { task: target.key } })
  if (target && clause.place) return place(reading, clause, target.key)
  if (target) return changeNamed(reading, clause, target)
  const understood = await understand(reading, clause.text)
  if (clause.removes && !(clause.inherited && isAnotherWish(reading, clause, understood.subtasks))) return removeNamed(reading, clause, understood.subtasks)
  await change(reading, clause, understood)
}

async function change(reading: Reading, clause: FeedbackClause, { subtasks, ambiguities, outOfScope }: Awaited<ReturnType<typeof understand>>): Promise<void> {
  const inWords = clause.place ? tasksInWords(reading.draft, reading.catalog, clause.text) : []
  if (clause.place && inWords.length === 1) return place(reading, clause, inWords[0]!.key)
  if (subtasks.length === 0) return ask(reading, `What should change in the plan with "${quoted(clause.text)}"?`)
  const keyOf = applySubtasks(reading, subtasks, ambiguities, clause)
  if (clause.place && keyOf.size === 1) place(reading, clause, [...keyOf.values()][0]!)
  for (const { text, reason } of outOfScope) ask(reading, `"${quoted(text)}" cannot be planned: ${reason}`)
  for (const { question, choices, parameter } of ambiguities) if (parameter === null) ask(reading, question, choices)
}

const place = (reading: Reading, clause: FeedbackClause, key: number): void =>
  void accept(reading, ...(clause.place === 'first' ? putFirst(reading.draft, key) : putLast(reading.draft, key)))

/** "skip the backup and deploy grafana": the second part begins like a request of its own and is not in the plan. */
function isAnotherWish(reading: Reading, { text }: FeedbackClause, subtasks: readonly Subtask[]): boolean {
  const verb = text.trim().split(/\s+/)[0]!.toLowerCase()
  return subtasks.length > 0 && subtasks.every((subtask) => {
    const verbs = reading.catalog.byId.get(subtask.intent)?.examples.map((example) => example.split(/\s+/)[0]!.toLowerCase()) ?? []
    return verbs.includes(verb) && candidatesFor(reading, subtask).length === 0
  })
}

/** Limits of the task named by number or in words, or of the only task there is. */
function limit(reading: Reading, clause: FeedbackClause, target: DraftTask | null): void {
  const open = reading.draft.filter(({ task }) => !task.carried)
  const inWords = target ? [target] : open.length === 1 ? open : tasksInWords(reading.draft, reading.catalog, clause.text.replace(/.*\b(?:of|for|von|für|de|para)\b/iu, ''))
  if (inWords.length !== 1) return ask(reading, `Which task is meant by "${quoted(clause.text)}"?`, (inWords.length > 1 ? inWords : open).map(named).slice(0, 20))
  const { timeoutSeconds, maxAttempts } = clause.limits!
  const askLimit = (text: string, question: string) =>
    ask(reading, `Task ${named(inWords[0]!)}: ${question}`, [], { feedback: { text, removes: false, change: inWords[0]!.task.name } })
  if (timeoutSeconds === null) askLimit('time limit', 'how long may an attempt take? For example 10 minutes.')
  if (maxAttempts === null) askLimit('attempts to', 'how many attempts may it have? For example 3.')
  const given = { ...(timeoutSeconds && { timeoutSeconds }), ...(maxAttempts && { maxAttempts }) }
  if (Object.keys(given).length > 0) accept(reading, { setLimits: { task: inWords[0]!.key, ...given } })
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

/** Leaves out what is understood and in the plan, else the one task that the words fit; otherwise asks. */
function removeNamed(reading: Reading, clause: FeedbackClause, subtasks: readonly Subtask[]): void {
  const matches = subtasks.map((subtask) => candidatesFor(reading, subtask))
  if (matches.length > 0 && matches.every((candidates) => candidates.length > 0)) {
    for (const [index, candidates] of matches.entries()) {
      if (candidates.length === 1) accept(reading, { removeTask: { task: candidates[0]!.key } })
      else ask(reading, `Which task is to be left out by "${subtasks[index]!.name}"?`, candidates.map(named))
    }
    return
  }
  const inWords = tasksInWords(reading.draft, reading.catalog, clause.text)
  if (inWords.length === 1) return void accept(reading, { removeTask: { task: inWords[0]!.key } })
  ask(reading, `What of the plan is to be left out with "${quoted(clause.text)}"?`, inWords.length > 1 ? inWords.map(named) : allNamed(reading))
}
