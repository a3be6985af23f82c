/** What is said in the very words of an example, with other names and numbers, is what the example says. */
import { numberWords, politeness } from './lexicon/function-words.ts'
import type { Profile } from './profile.ts'
import type { Word } from './word.ts'

export type Verbatim = (words: readonly Word[]) => Profile | undefined

export function createVerbatim(profiles: readonly Profile[], examples: readonly (readonly (readonly Word[])[])[]): Verbatim {
  const known = new Map<string, Profile | null>()
  profiles.forEach((profile, index) => {
    for (const example of examples[index]!) {
      const key = keyOf(example)
      // Words that say nothing without their values, or are those of two capabilities, tell nothing.
      if (key.split(' ').filter((word) => word !== value).length < 2) continue
      known.set(key, known.has(key) && known.get(key) !== profile ? null : profile)
    }
  })
  return (words) => known.get(keyOf(words)) ?? undefined
}

const value = '#'

/** The words with values masked, lists of them as one, without politeness at the edges. */
function keyOf(words: readonly Word[]): string {
  const said = words.filter(({ kind }) => kind !== 'punct')
  const from = said.findIndex(({ word }) => !politeness.has(word))
  const to = said.findLastIndex(({ word }) => !politeness.has(word))
  const masked = said.slice(Math.max(0, from), to + 1).map((word) => (isValue(word) ? value : word.word))
  return masked.join(' ').replaceAll(/#(?: (?:and )?#)+/g, value)
}

const isValue = ({ kind, name, capital, inEnum, time, word, text }: Word): boolean => kind === 'entity' || name || capital || inEnum || time !== null || numberWords.has(word) || /\d/.test(text)
