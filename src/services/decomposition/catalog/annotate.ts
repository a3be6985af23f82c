import type { EnglishWords } from './english-words.ts'
import { determiners, lightVerbs, prepositions, stopWords } from './lexicon/function-words.ts'
import type { GroupId, Lexicon, PhraseMatch } from './lexicon.ts'
import { stem } from './stem.ts'
import { findTimes } from './time-phrases.ts'
import type { Token } from './token.ts'
import { enumKey, type Vocabulary } from './vocabulary.ts'
import type { EnumReference, Word } from './word.ts'

export type LanguageKnowledge = { readonly english: EnglishWords; readonly lexicon: Lexicon; readonly vocabulary: Vocabulary }

const particles: ReadonlySet<string> = new Set(['up', 'down', 'out', 'off', 'on', 'in', 'back', 'over', 'away', 'apart', 'together', 'online', 'offline', 'running', 'it', 'access', 'onto', 'live', 'rid', 'known', 'know', 'ready', 'by', 'aside', 'again', 'forward', 'around'])

const auxiliaries: ReadonlySet<string> = new Set(['be', 'been', 'is', 'are', 'was', 'were', 'have', 'has', 'had', 'can', 'may', 'should', 'must', 'will'])

/** One empty list for all words that have nothing of a kind: examples by the thousand are kept. */
const none: readonly GroupId[] = []
const noEnums: readonly EnumReference[] = []
const orNone = (groups: readonly GroupId[]): readonly GroupId[] => (groups.length ? groups : none)

/** Adds what is known about each token. Linear in the number of tokens. */
export function annotate(tokens: readonly Token[], { english, lexicon, vocabulary }: LanguageKnowledge): Word[] {
  const stems = tokens.map((token) => (token.kind === 'punct' ? '|' : token.stem))
  const phrasal = new Set<number>()
  const later = new Set<number>()
  const actions = tokens.map((): GroupId[] => [])
  const things = tokens.map((): GroupId[] => [])
  const hints = tokens.map((): GroupId[] => [])
  const add = (at: number, { groups, hints: weaker }: PhraseMatch): void => {
    for (const group of groups) {
      const list = group.startsWith('a:') ? actions[at]! : things[at]!
      if (!list.includes(group)) list.push(group)
    }
    for (const group of weaker) if (!hints[at]!.includes(group)) hints[at]!.push(group)
  }
  // "Stop Pine Grove": what two capitals in a row name is no word of what is done.
  const isCapital = (at: number): boolean => tokens[at]?.capital === true && /^\p{Lu}\p{Ll}/u.test(tokens[at]!.text)
  const follows = (at: number): boolean => tokens[at]?.start === (tokens[at - 1]?.end ?? -2) + 1
  const properName = (at: number): boolean => {
    const { kind, word, stem } = tokens[at]!
    if (kind !== 'word' || !isCapital(at) || vocabulary.words.has(word) || vocabulary.stems.has(stem)) return false
    return tokens[at - 1]?.capital === true && follows(at) || isCapital(at + 1) && follows(at + 1)
  }
  tokens.forEach((token, at) => {
    if (token.kind !== 'word' || properName(at)) return
    // "A new coupon" asks to make one.
    if (token.word === 'new' && (at === 0 || ['a', 'the', '|'].includes(stems[at - 1]!)) && tokens[at + 1]?.kind === 'word') hints[at]!.push('a:create', 'a:add', 'a:register')
    // A phrase decides before its words: to log in is not to log.
    const found = [...lexicon.match(stems, at)]
    // "Reopen", "resend": a verb that is done again.
    const again = found.length === 0 && /^re-?(?=[a-z]{3})/.exec(token.word)
    if (again && english.canBeVerb(token.word.slice(again[0].length))) found.push(...lexicon.match([stem(token.word.slice(again[0].length))], 0))
    if (!found.some(({ groups }) => groups.length > 0) && !later.has(at)) found.push(...lexicon.match(verbsOf(token.word).filter((verb) => english.canBeVerb(verb)).map(stem).filter((one) => lexicon.match([one], 0).some(({ groups }) => groups.some((group) => group.startsWith('a:')))).slice(0, 1), 0))
    const phrases = found.filter(({ length }) => length > 1)
    for (const phrase of phrases.some(({ groups }) => groups.length > 0) ? phrases : found) {
      const acts = (phrase.groups[0] ?? phrase.hints[0])!.startsWith('a:')
      for (let offset = 0; offset < phrase.length; offset++) {
        if (offset === 0 || !acts) add(at + offset, phrase)
        else later.add(at + offset)
      }
    }
    if (phrases.length > 0) phrasal.add(at)
    // "bring Portainer up", "bring Amazon up to date": a verb and its particle with something between them
    // "Turn off the alarm on a": the verb has its particle already.
    if (auxiliaries.has(token.word) || phrases.some(({ groups }) => groups.length > 0)) return
    for (let gap = 2; gap <= 9 && at + gap < tokens.length; gap++) {
      const other = tokens[at + gap]!
      if (other.text === ',') continue
      if (other.kind === 'punct') break
      if (!particles.has(other.word)) continue
      // "Let the people in 415 know": what leads to something else is no particle.
      const next = tokens[at + gap + 1]
      if (next && (next.kind === 'entity' || determiners.has(next.word)) && tokens.slice(at + gap + 1, at + 10).some(({ word }) => particles.has(word) && word.length > 2) && /^(?:in|on|by)$/.test(other.word)) continue
      const apart = lexicon.match([stems[at]!, ...stems.slice(at + gap, at + gap + 3)], 0).filter(({ length }) => length > 1)
      if (!apart.length) continue
      // What the verb means with its particle it does not mean without: to take off is not to take.
      if (apart.some(({ groups }) => groups.length > 0)) [actions[at], hints[at]] = [[], []]
      for (const phrase of apart) {
        add(at, phrase)
        for (let offset = 1; offset < phrase.length; offset++) later.add(at + gap + offset - 1)
      }
      phrasal.add(at)
      break
    }
  })
  const allCaps = !tokens.some((token) => token.kind === 'word' && /\p{Ll}/u.test(token.text))
  const enumAt = findEnums(tokens, vocabulary)
  const timeAt = new Map(findTimes(tokens).flatMap((span) => tokens.slice(span.from, span.to).map((_, offset) => [span.from + offset, span] as const)))
  // "Anna Berg is here": two capitals in a row are a name, also where a sentence begins.
  const opensName = ({ text, word, kind, stem }: Token, index: number): boolean => kind === 'word' && /^\p{Lu}\p{Ll}/u.test(text) && tokens[index + 1]?.capital === true && tokens[index + 1]!.kind === 'word' && !/\d/.test(tokens[index + 1]!.text) && !prepositions.has(word)
    && !stopWords.has(word) && !lexicon.isAction(word) && !vocabulary.words.has(word) && !vocabulary.stems.has(stem) && !english.isMainlyVerb(word)
  return tokens.map((plainToken, index): Word => {
    const token = !plainToken.capital && opensName(plainToken, index) ? { ...plainToken, capital: true } : plainToken
    const found = enumAt.get(index)
    const time = /^\p{Lu}{3,}$/u.test(token.text) && !allCaps ? undefined : timeAt.get(index)
    const plain = token.kind === 'word'
    const shouted = plain && !allCaps && token.text.length >= 3 && /^\p{Lu}+$/u.test(token.text) && !(vocabulary.words.has(token.word) && vocabulary.enums.has(token.word))
    const stop = plain && !shouted && (stopWords.has(token.word) || token.word.length === 1)
    const known = plain && (vocabulary.words.has(token.word) || vocabulary.stems.has(token.stem))
    const nameLike = token.entity === 'name' || properName(index) && !stop || (plain && !stop && !known && (!english.has(token.word) || token.capital) && !lexicon.isAction(token.word) && !things[index]!.length)
    return {
      ...token, index, actions: orNone(actions[index]!), things: orNone(things[index]!), hints: orNone(hints[index]!), inPhrase: later.has(index), opensPhrase: phrasal.has(index) && actions[index]!.length > 0,
      enums: found?.from === index ? found.references : noEnums, enumLength: found?.from === index ? found.to - index : 0, inEnum: found !== undefined,
      stop, time: time?.kind ?? null, timeStart: time?.from === index, light: plain && !phrasal.has(index) && !shouted && (lightVerbs.has(token.word) || lightVerbs.has(token.stem)), known, name: (nameLike || shouted && !known) && !time,
    }
  })
}

/** "Cancellation", "replacement": verbs that a noun of doing may come from. */
export function verbsOf(noun: string): string[] {
  const [, base, ending] = /^([a-z]{3,}?)(ations?|itions?|ions?|ments?|als?)$/.exec(noun) ?? []
  if (!base || !ending) return []
  const plain = base.replace(/([bdglmnprt])\1$/, '$1')
  if (ending.startsWith('at') || ending.startsWith('it')) return [base, `${base}e`, `${base}ate`, plain]
  if (ending.startsWith('ion')) return [base, `${base}e`, base.replace(/s$/, 'd'), base.replace(/s$/, 'de'), base.replace(/s$/, 't')]
  return [base, `${base}e`]
}

type FoundEnum = { readonly from: number; readonly to: number; readonly references: readonly EnumReference[] }

/** Longest enum phrase at each place, by token position; later tokens of a phrase point to the same find. */
function findEnums(tokens: readonly Token[], { words: plainWords, enums, enumStems, enumStarts }: Vocabulary): Map<number, FoundEnum> {
  const found = new Map<number, FoundEnum>()
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]!.kind === 'punct') continue
    const small = isSmallWord(tokens[at]!)
    const longest = enumStarts.get(enumWord(tokens[at]!).split(' ')[0]!) ?? 1
    for (let length = Math.min(longest, tokens.length - at); length >= (small ? 2 : 1); length--) {
      const words = tokens.slice(at, at + length).map(enumWord)
      const key = enumKey(words)
      const references = enums.get(key) ?? (length === 1 ? enums.get(singular(key)) ?? enums.get(tokens[at]!.text.toLowerCase()) ?? (plainWords.has(tokens[at]!.word) ? undefined : enumStems.get(tokens[at]!.stem)) : undefined)
      if (!references) continue
      for (let offset = 0; offset < length; offset++) found.set(at + offset, { from: at, to: at + length, references })
      at += length - 1
      break
    }
  }
  return found
}

const enumWord = ({ entity, value, word }: Token): string => (entity === 'quoted' && typeof value === 'string' ? value.toLowerCase() : word)

/** "a", "in", "to": in small letters hardly ever the value of the same spelling. */
const isSmallWord = ({ kind, text, word }: Token): boolean => kind === 'word' && text === word && /^(?:an?|the|i|in|of|to|at|for|by|from|with|and|or|as|is|it)$/.test(word)

const singular = (word: string): string => (word.endsWith('s') && word.length > 3 ? word.slice(0, -1) : word)
