/** Statements of what is wrong, from which a request follows though none is spoken. */
import { politeness, pronouns } from './lexicon/function-words.ts'
import type { Word } from './word.ts'

const failing = /\S (?:can't|cannot|can not|couldn't|could not|won't|will not|doesn't|does not|isn't|is not|aren't|are not|don't|do not|didn't|did not|wasn't|weren't|hasn't|haven't|has not|have not|never)\b (?!(?:really |actually |even )?(?:need|needs|needed|require|required|want|wanted|necessary|wish|like|care|mind|have to|has to|to\b|urgent|worth|be needed|be necessary|be required|meant|supposed|allowed|touch|bother))/
const addressed = /^(?:and |but |so |please |then |also )*(?:do|don't|you|never|let's|please)\b/

/** "Nobody can log in", "the lift doesn't move": says what does not work, and forbids nothing. */
export function isFailure(words: readonly Word[]): boolean {
  const said = words.filter((word) => word.kind !== 'punct').map((word) => word.word).join(' ')
  return !addressed.test(said) && failing.test(said)
}

/** What somebody is asked to do with a thing that is not as it should be. */
const remedies: ReadonlySet<string> = new Set(['see', 'fix', 'sort', 'sorted', 'sorting', 'solve', 'solved', 'resolve', 'resolved', 'remedy', 'help', 'look', 'attention', 'attend', 'care', 'action', 'something', 'address', 'assist', 'assistance'])

/** "Could somebody see to it", "that needs sorting": asks for something to be done, but does not say what or to what. */
export function isBareWish(words: readonly Word[]): boolean {
  return words.every((word) => word.kind === 'punct' || word.kind === 'word' && (word.stop || word.light || remedies.has(word.word) || pronouns.has(word.word) || politeness.has(word.word)))
}
