/** What is being made of feedback: the edits so far, the plan with them, and the questions. */
import type { Ambiguity, FeedbackQuestion } from '../../entities/decomposition.ts'
import type { RequestDecomposer } from '../decomposition/request-decomposer.ts'
import { applyEdits, type EditContext } from './apply-edits.ts'
import type { DraftTask, PlanDraft } from './plan-draft.ts'
import type { PlanEdit } from './revise-plan.ts'

export type Reading = EditContext & {
  readonly decomposer: Pick<RequestDecomposer, 'decompose'>
  readonly start: PlanDraft
  draft: PlanDraft
  readonly edits: PlanEdit[]
  readonly questions: Ambiguity[]
  /** What the part that is being read asks for; it goes with its questions. */
  part: FeedbackQuestion
}

export function beginReading(decomposer: Pick<RequestDecomposer, 'decompose'>, draft: PlanDraft, context: EditContext): Reading {
  return { ...context, decomposer, start: draft, draft, edits: [], questions: [], part: { text: '', removes: false } }
}

/** Asks the person who gave the feedback. */
export function ask({ questions, part }: Reading, question: string, choices: readonly string[] = [], more: Partial<Pick<Ambiguity, 'parameter' | 'feedback'>> = {}): void {
  questions.push({ id: `feedback-${questions.length + 1}`, question, choices, subtaskOrder: null, parameter: null, feedback: part, ...more })
}

/** Takes edits over if together they break no rule; answers whether it did. */
export function accept(reading: Reading, ...edits: readonly PlanEdit[]): boolean {
  if (edits.length === 0) return true
  const { draft, issues } = applyEdits(reading.start, [...reading.edits, ...edits], reading)
  if (issues.length > 0) {
    ask(reading, issues.map(({ message }) => message).join(' '))
    return false
  }
  reading.edits.push(...edits)
  reading.draft = draft
  return true
}

/** The text as a request of its own. */
export const understand = (reading: Reading, text: string) => reading.decomposer.decompose({ text, answers: [], previous: null })

/** A task as a choice. */
export const named = (entry: DraftTask): string => `${entry.key}. ${entry.task.name}`
/** All tasks as choices. */
export const allNamed = ({ draft }: Reading): string[] => draft.map(named).slice(0, 20)

export const quoted = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 199).toWellFormed()}…`)
