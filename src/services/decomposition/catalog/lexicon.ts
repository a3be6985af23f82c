/** The built-in synonyms as an index from phrases to groups. */
import { actionGroups, oppositeActions } from './lexicon/actions.ts'
import { stopWords } from './lexicon/function-words.ts'
import { actionParaphrases, thingParaphrases } from './lexicon/paraphrases.ts'
import { relatedToActions } from './lexicon/related-actions.ts'
import { relatedToThings } from './lexicon/related-things.ts'
import { thingGroups } from './lexicon/things.ts'
import { stem } from './stem.ts'

/** A group of words that mean much the same, such as `a:restart` (an action) or `t:volume` (a thing). */
export type GroupId = string

/** `hints` are groups that the phrase speaks of without naming them. */
export type PhraseMatch = { readonly length: number; readonly groups: readonly GroupId[]; readonly hints: readonly GroupId[] }

export type Lexicon = {
  /** Groups of the longest phrases that begin at this place of a list of stems; at most four words are looked at. */
  match(stems: readonly string[], at: number): readonly PhraseMatch[]
  /** True where the two action groups undo each other. */
  opposite(one: GroupId, other: GroupId): boolean
  isAction(word: string): boolean
  vocabulary(): Iterable<string>
}

export function buildLexicon(): Lexicon {
  const phrases = new Map<string, { groups: GroupId[]; hints: GroupId[] }>()
  const singles = new Set<string>()
  const words = new Set<string>()
  const read = (table: string, prefix: string, as: 'groups' | 'hints'): void => {
    for (const line of table.trim().split('\n')) {
      const [name, list] = line.split(': ')
      for (const phrase of list!.split(', ')) {
        const parts = phrase.split(' ')
        if (parts.length === 1 && stopWords.has(phrase)) continue
        if (as === 'groups') for (const part of parts) words.add(part)
        const key = parts.map(stem).join(' ')
        const group = `${prefix}${name!.trim()}`
        const known = phrases.get(key) ?? { groups: [], hints: [] }
        phrases.set(key, known)
        if (!known.groups.includes(group) && !known.hints.includes(group)) known[as].push(group)
        if (as === 'groups' && prefix === 'a:' && parts.length === 1) singles.add(stem(phrase))
      }
    }
  }
  read(actionGroups, 'a:', 'groups')
  read(thingGroups, 't:', 'groups')
  read(relatedToActions, 'a:', 'hints')
  read(relatedToThings, 't:', 'hints')
  read(actionParaphrases, 'a:', 'hints')
  read(thingParaphrases, 't:', 'hints')
  const opposites = new Set(oppositeActions.flatMap(([one, other]) => [`a:${one}|a:${other}`, `a:${other}|a:${one}`]))
  return {
    match(stems, at) {
      const found: PhraseMatch[] = []
      let key = ''
      for (let length = 1; length <= 4 && at + length <= stems.length; length++) {
        key = length === 1 ? stems[at]! : `${key} ${stems[at + length - 1]}`
        const known = phrases.get(key)
        if (known) found.push({ length, ...known })
      }
      return found
    },
    opposite: (one, other) => opposites.has(`${one}|${other}`),
    isAction: (word) => singles.has(stem(word)),
    vocabulary: () => words,
  }
}
