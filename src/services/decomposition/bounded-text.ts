/** Bounds of texts that people send: counted in code points, storable, not blank. */
import { InvalidInputError, type InputIssue } from '../../errors.ts'
import { redactSecrets } from '../../redact-secrets.ts'

/** Longest request, feedback or note, in code points. */
const longestText = 10_000

/** True when the text has more code points than `most`; looks at no more than needed. */
function isLongerThan(text: string, most: number): boolean {
  if (text.length <= most) return false
  if (text.length > 2 * most) return true
  let count = 0
  for (const _ of text) if (++count > most) return true
  return false
}

/** The first rule that a text breaks, or null. Letters, digits, punctuation or symbols make a text; spaces do not. */
export function checkText(path: string, text: string, most: number = longestText): InputIssue | null {
  if (isLongerThan(text, most)) {
    return { path, rule: 'max_length', message: `Use at most ${most.toLocaleString('en-US')} characters.` }
  }
  if (text.includes('\u0000') || !text.isWellFormed()) {
    return { path, rule: 'encoding', message: 'The text has a NUL character or half of a surrogate pair. Send well-formed Unicode.' }
  }
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) return { path, rule: 'not_blank', message: 'The text is empty or blank. Say what you want.' }
  return null
}

/** An optional text within its bound, without known secrets; blank counts as absent. Throws InvalidInputError. */
export function boundedText(text: string | null | undefined, { path, maximum }: { path: string; maximum: number }): string | null {
  if (text === null || text === undefined || text.trim() === '') return null
  const issue = checkText(path, text, maximum)
  if (issue) throw new InvalidInputError([issue])
  return redactSecrets(text)
}
