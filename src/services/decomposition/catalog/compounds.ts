/** Words that the catalog writes together and a request apart, or the other way round: wi-fi, wifi; key card, keycard; power-cycle. */
import type { Capability } from '../../../catalog/capability.ts'
import { determiners, prepositions, stopWords } from './lexicon/function-words.ts'
import type { Lexicon } from './lexicon.ts'
import { stem } from './stem.ts'
import type { Token } from './token.ts'
import type { Vocabulary } from './vocabulary.ts'

export type Compounds = {
  /** True for a word that the catalog writes in two. */
  isCompound(word: string): boolean
  /** The tokens with such words as the catalog writes them; each keeps its place in the text. */
  respell(tokens: readonly Token[]): Token[]
}

/** Letters of the shortest word that is put together of two. */
const shortest = 6

export function createCompounds(capabilities: readonly Capability[], lexicon: Lexicon, { words }: Pick<Vocabulary, 'words'>): Compounds {
  const pairs = new Map<string, readonly [string, string]>()
  const learn = (text: string): void => {
    const said = text.toLowerCase().split(/[^a-z]+/).filter(Boolean)
    said.slice(1).forEach((second, at) => {
      const first = said[at]!
      if (isPart(first) && isPart(second)) pairs.set(stem(first + second), [first, second])
    })
  }
  for (const { id, description, parameters } of capabilities) for (const text of [id, description, ...parameters.map(({ name }) => name)]) learn(text)
  const known = (word: string): boolean => words.has(word) || words.has(`${word}s`) || words.has(word.replace(/s$/, ''))
  const apart = (word: string): readonly [string, string] | undefined => (known(word) ? undefined : pairs.get(stem(word)))

  function hyphenated(token: Token, before: Token | undefined): Token[] {
    const joined = token.word.replaceAll('-', '')
    if (token.word.split('-').every((part) => part.length > 1) && known(joined)) return [{ ...token, word: joined, stem: stem(joined), capital: false }]
    const [first, second, ...others] = token.word.split('-')
    const verb = !others.length && leadsToVerb(before) && lexicon.match([stem(first!), stem(second!)], 0).some(({ length, groups }) => length === 2 && groups.some((group) => group.startsWith('a:')))
    const two = apart(joined) ?? (verb ? [first!, second!] as const : undefined)
    return two ? inTwo(token, two) : [token]
  }

  return {
    isCompound: (word) => apart(word) !== undefined,
    respell(tokens) {
      const result: Token[] = []
      for (let at = 0; at < tokens.length; at++) {
        const [token, next] = [tokens[at]!, tokens[at + 1]]
        const hurry = hurryAt(tokens, at)
        if (hurry) {
          result.push({ ...token, text: tokens.slice(at, at + hurry).map(({ text }) => text).join(' '), end: tokens[at + hurry - 1]!.end, word: 'asap', stem: 'asap', capital: false })
          at += hurry - 1
          continue
        }
        if (token.kind !== 'word' || words.has(token.word)) result.push(token)
        else if (/^[a-z]+(?:-[a-z]+)+$/.test(token.word)) result.push(...hyphenated(token, tokens[at - 1]))
        else if (apart(token.word)) result.push(...inTwo(token, apart(token.word)!))
        else if (next?.kind === 'word' && !token.capital && !next.capital && isPart(token.word) && isPart(next.word) && token.word.length + next.word.length >= shortest && known(token.word + next.word)) {
          const word = token.word + next.word
          result.push({ ...token, text: `${token.text} ${next.text}`, end: next.end, word, stem: stem(word) })
          at++
        } else result.push(token)
      }
      return result
    },
  }
}

/** "Power-cycle it", "and power-cycle it": what stands behind a noun or an article is a name. */
const leadsToVerb = (before: Token | undefined): boolean => !before || before.kind === 'punct' || before.word === 'to' || stopWords.has(before.word) && !determiners.has(before.word) && !prepositions.has(before.word)

/** "As soon as possible" waits for nothing; how many words say so. */
function hurryAt(tokens: readonly Token[], at: number): number {
  const said = tokens.slice(at, at + 5).map(({ word }) => word).join(' ')
  return said.startsWith('as soon as possible') ? 4 : said === 'as soon as you can' ? 5 : 0
}

const isPart = (word: string): boolean => /^[a-z]{2,}$/.test(word) && !stopWords.has(word)

const inTwo = (token: Token, parts: readonly [string, string]): Token[] => parts.map((word) => ({ ...token, word, stem: stem(word), capital: false }))
