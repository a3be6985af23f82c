/** "His card must not open any gate": what somebody or something may no longer do asks for it to be stopped, and forbids us nothing. */
import type { Profile } from './profile.ts'
import type { Word } from './word.ts'

const notAllowed = /\blet (?:nobody|no one|no-one|none of (?:them|these|those))\b|\b(?:nobody|no one|no-one|none of (?:them|these|those)) (?:\S+ ){0,5}?(?:should|must|may|can|could|shall|is to|are to|use|uses)\b|\b(?:must|may|shall|should|can) not (?!be\b|need|forget|touch)\w+|\b(?:mustn't|shouldn't) (?!be\b|need|forget|touch)\w+|\b(?:can't|cannot|can not) (?!be\b).*\b(?:any ?more|any longer|from now on)$|\b(?:must|should|may|can) no longer\b|\bmake sure \S+(?: \S+)? (?:can't|cannot|can not|must not|doesn't|does not)\b/
const addressed = /^(?:(?:and|but|so|please|then|also|just) )*(?:do|don't|you|we|i|never|let's)\b|\b(?:you|we|i) (?:must|should|may|can|shall)/

/** True for a ban on others than us. */
export function bansOthers(words: readonly Word[]): boolean {
  const said = words.filter((word) => word.kind !== 'punct').map((word) => word.word).join(' ')
  return notAllowed.test(said) && !addressed.test(said)
}

const notUsed = /\b(?:must|may|shall|should|can) (?:not|never) be \w+(?:ed|en|wn|pt|ut|nt|ld|ft)\b|\bnot (?:for|to) (?:rent|sale|use|hire)\b/

/** "Car 5 must not be rented out": where the capability keeps something from being used, that is asked for. */
export const bansUse = (words: readonly Word[]): boolean => notUsed.test(words.filter((word) => word.kind !== 'punct').map((word) => word.word).join(' '))

const ending: readonly string[] = ['a:lock', 'a:disable', 'a:pause', 'a:stop', 'a:revoke', 'a:quarantine', 'a:mute', 'a:freeze', 'a:drain', 'a:protect', 'a:blur', 'a:hide']

/** True where the capability keeps somebody or something from going on, by a verb that the words do not have. */
export function keepsFrom({ actions, verbs }: Profile, words: readonly Word[]): boolean {
  return ending.some((group) => (actions.get(group) ?? 0) >= 0.45) && !words.some((word) => word.kind === 'word' && !word.stop && !word.light && (verbs.get(word.stem) ?? 0) >= 0.8)
}
