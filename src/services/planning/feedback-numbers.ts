/** Questions about feedback name tasks by number; the revision that the rest of the feedback makes numbers them anew. */
import type { Ambiguity } from '../../entities/decomposition.ts'
import { named } from './feedback-reading.ts'
import { numbered, type PlanDraft } from './plan-draft.ts'

/** The questions with the numbers that the tasks of the draft will have. */
export function inNewNumbers(questions: readonly Ambiguity[], draft: PlanDraft): Ambiguity[] {
  const numberOf = new Map(numbered(draft).keys.map((key, index) => [key, index + 1]))
  const moved = new Map(draft.filter(({ key }) => numberOf.get(key) !== key).map((entry) => [named(entry), `${numberOf.get(entry.key)}. ${entry.task.name}`]))
  if (moved.size === 0) return [...questions]
  const longestFirst = [...moved.keys()].sort((a, b) => b.length - a.length).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  const anyOfThem = new RegExp(`(?<!\\d)(?:${longestFirst.join('|')})`, 'g')
  const renumber = (text: string): string => text.replace(anyOfThem, (found) => moved.get(found)!)
  return questions.map((question) => ({ ...question, question: renumber(question.question), choices: question.choices.map(renumber) }))
}
