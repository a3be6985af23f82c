/** Marks and words of a request that only soften or draw what would otherwise be said in words. */
import { numberWords } from './lexicon/function-words.ts'
import { stem } from './stem.ts'
import { makeToken, parseNumber } from './tokenize.ts'
import type { Token } from './token.ts'

const arrows: ReadonlySet<string> = new Set(['→', '⇒', '➜', '➔', '⟶'])
const shafts: ReadonlySet<string> = new Set(['-', '–', '='])
const hedges: ReadonlySet<string> = new Set(['about', 'around', 'approximately', 'approx', 'roughly', 'circa', 'ca', 'say', 'maybe', 'perhaps', 'some', '~', '≈'])
/** Contractions as people type them in haste. */
const contractions: ReadonlyMap<string, string> = new Map([
  'what', 'that', 'there', 'where', 'how', 'who', 'here'].map((word): [string, string] => [`${word}s`, `${word}'s`]).concat(
  ['don', 'doesn', 'didn', 'isn', 'aren', 'wasn', 'weren', 'hasn', 'haven', 'hadn', 'couldn', 'shouldn', 'wouldn', 'mustn', 'needn'].map((word): [string, string] => [`${word}t`, `${word}n't`.replace("nn't", "n't")]),
  [['cant', "can't"], ['im', "i'm"], ['ive', "i've"], ['youre', "you're"], ['theyre', "they're"], ['weve', "we've"]]))
const titles: ReadonlySet<string> = new Set(['dr', 'mr', 'mrs', 'ms', 'prof', 'st', 'fr', 'sr', 'jr', 'sgt', 'capt'])
const asking: ReadonlySet<string> = new Set(['where', 'what', 'how', 'who', 'when', 'which', 'why'])
const oaths: readonly (readonly string[])[] = [['the', 'heck'], ['the', 'hell'], ['on', 'earth'], ['in', 'the', 'world'], ['the', 'devil'], ['exactly']]

const through: ReadonlySet<string> = new Set(['through', 'thru', '...', '…'])
/** Names of a range that are told one by one. */
const longestRange = 40

const parts = /^(.{0,60}?\p{L}[^\p{N}]{0,3})(\d{1,4}|(?<=[-_])[a-z])$/u

/** "node-3 through node-6": the names between the two. */
function between(first: string, last: string): string[] {
  const [, begin, from] = parts.exec(first) ?? []
  const [, other, to] = parts.exec(last) ?? []
  if (begin === undefined || begin !== other || !from || !to || /\d/.test(from) !== /\d/.test(to)) return []
  const numbered = /\d/.test(from)
  const [low, high] = numbered ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)]
  if (high <= low || high - low > longestRange) return []
  return Array.from({ length: high - low - 1 }, (_, at) => begin + (numbered ? String(low + 1 + at).padStart(from.length, '0') : String.fromCharCode(low + 1 + at)))
}

/** Words that lead to a time that passes. */
const lasting: ReadonlySet<string> = new Set(['for', 'last', 'past', 'next', 'within', 'during', 'every', 'over'])
/** Words after which "about" leads to what is spoken of. */
const speaking: ReadonlySet<string> = new Set(['ask', 'tell', 'talk', 'know', 'note', 'notes', 'information', 'info', 'question', 'questions', 'message', 'something', 'news', 'how', 'what', 'inform', 'warn', 'remind', 'inquire', 'report', 'read', 'learn', 'is', 'are'])

/** What some tokens stand for, and how many of them there are. */
type Tidied = { readonly tokens: readonly Token[]; readonly length: number }
type Tidy = (tokens: readonly Token[], at: number, before: Token | undefined) => Tidied | null

/** Tokens of a request from which ranges are told no longer one by one. */
const mostTold = 1_000

/** "a → b" is a to b, "for about 30 minutes" for 30 minutes, and "until ... 4" goes on behind the dots. */
export function tidied(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  for (let at = 0; at < tokens.length;) {
    const ways = result.length < mostTold ? [rangeAt, ...plainWays] : plainWays
    const found = ways.reduce<Tidied | null>((one, way) => one ?? way(tokens, at, result.at(-1)), null)
    result.push(...found?.tokens ?? [tokens[at]!])
    at += found?.length ?? 1
  }
  return result
}

const commaAt = ({ start, end }: Token): Token => ({ ...makeToken(',', start, 'punct', null, false), end })

const rangeAt: Tidy = (tokens, at) => {
  const [first, token, last] = [tokens[at - 1], tokens[at]!, tokens[at + 1]]
  const names = first && last && through.has(token.word) ? between(first.text, last.text) : []
  if (!first || !names.length) return null
  const told = names.flatMap((name) => [commaAt(token), { ...first, start: token.start, end: token.end, text: name, word: name.toLowerCase(), stem: stem(name.toLowerCase()) }])
  return { tokens: [...told, commaAt(token)], length: 1 }
}

const arrowAt: Tidy = (tokens, at) => {
  const [token, next] = [tokens[at]!, tokens[at + 1]]
  const drawn = shafts.has(token.text) && next?.text === '>' && next.start === token.end
  if (at === 0 || !drawn && !arrows.has(token.text)) return null
  return { tokens: [{ ...makeToken(token.text, token.start, 'word', null, false), end: drawn ? next.end : token.end, word: 'to', stem: stem('to') }], length: drawn ? 2 : 1 }
}

const contractionAt: Tidy = (tokens, at) => {
  const token = tokens[at]!
  const whole = token.kind === 'word' ? contractions.get(token.word) : undefined
  return whole ? { tokens: [{ ...token, word: whole, stem: stem(whole) }], length: 1 } : null
}

/** "Dr. Kern", "i.e.": dots that end no sentence. */
const abbreviationAt: Tidy = (tokens, at) => {
  const [token, next, after] = [tokens[at]!, tokens[at + 1], tokens[at + 2]]
  if (/^(?:i\.e|e\.g)$/.test(token.word)) return { tokens: [], length: next?.text === '.' ? 2 : 1 }
  if (!titles.has(token.word) || next?.text !== '.' || next.start !== token.end || after?.kind !== 'word' || !/^\p{Lu}/u.test(after.text)) return null
  return { tokens: [{ ...token, text: `${token.text}.`, end: next.end, capital: true }], length: 2 }
}

/** "The drivers' lounge" */
const apostropheAt: Tidy = (tokens, at) => {
  const [before, token, next] = [tokens[at - 1], tokens[at]!, tokens[at + 1]]
  const owns = /^['’]$/.test(token.text) && before !== undefined && before.text.endsWith('s') && before.end === token.start && next?.kind === 'word' && next.start > token.end
  return owns ? { tokens: [], length: 1 } : null
}

const oathAt: Tidy = (tokens, at, before) => {
  const oath = asking.has(before?.word ?? '') ? oaths.find((words) => words.every((word, offset) => tokens[at + offset]?.word === word)) : undefined
  return oath ? { tokens: [], length: oath.length } : null
}

/** "6 o'clock", and "for the last 24h", which is no hour of the day. */
const clockAt: Tidy = (tokens, at, before) => {
  const [token, after] = [tokens[at]!, tokens[at + 2]]
  if (token.word === 'o' && after?.word === 'clock' && after.start === token.end + 1) return { tokens: [{ ...makeToken("o'clock", token.start, 'word', null, false), end: after.end }], length: 3 }
  if (token.entity !== 'time' || !/^\d+h$/i.test(token.text) || !lasting.has(before?.word ?? '')) return null
  return { tokens: [{ ...token, entity: 'measure', value: parseNumber(token.text), unit: 'h' }], length: 1 }
}

const dotsLeftOpen: Tidy = (tokens, at) => {
  const dots = dotsAt(tokens, at)
  const next = dots > 0 ? tokens[at + dots] : undefined
  if (!next || !/^[\p{Ll}\d]/u.test(next.text)) return null
  return { tokens: isAmount(next) || hedges.has(next.word) || next.word === "let's" ? [] : [commaAt(tokens[at]!)], length: dots }
}

const hedgeAt: Tidy = (tokens, at) => {
  const said = tokens[at]!.word === "let's" && tokens[at + 1]?.word === 'say' ? 2 : 1
  const hedged = hedges.has(tokens[at + said - 1]!.word) && isAmount(tokens[at + said]) && !speaking.has(tokens[at - 1]?.word ?? '')
  return hedged ? { tokens: [], length: said } : null
}

const plainWays: readonly Tidy[] = [arrowAt, contractionAt, abbreviationAt, apostropheAt, oathAt, clockAt, dotsLeftOpen, hedgeAt]

/** Dots that leave something open, from this place on; 0 where there are none. */
function dotsAt(tokens: readonly Token[], at: number): number {
  if (tokens[at]!.text === '…') return 1
  let count = 0
  while (tokens[at + count]?.text === '.') count++
  return count > 1 ? count : 0
}

const isAmount = (token: Token | undefined): boolean => token !== undefined && (token.entity === 'number' || token.entity === 'measure' || numberWords.has(token.word) || token.word === 'half')
