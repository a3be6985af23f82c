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
  const [, stem1, from] = parts.exec(first) ?? []
  const [, stem2, to] = parts.exec(last) ?? []
  if (stem1 === undefined || stem1 !== stem2 || !from || !to || /\d/.test(from) !== /\d/.test(to)) return []
  const numbered = /\d/.test(from)
  const [low, high] = numbered ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)]
  if (high <= low || high - low > longestRange) return []
  return Array.from({ length: high - low - 1 }, (_, at) => stem1 + (numbered ? String(low + 1 + at).padStart(from.length, '0') : String.fromCharCode(low + 1 + at)))
}

/** Words that lead to a time that passes. */
const lasting: ReadonlySet<string> = new Set(['for', 'last', 'past', 'next', 'within', 'during', 'every', 'over'])
/** Words after which "about" leads to what is spoken of. */
const speaking: ReadonlySet<string> = new Set(['ask', 'tell', 'talk', 'know', 'note', 'notes', 'information', 'info', 'question', 'questions', 'message', 'something', 'news', 'how', 'what', 'inform', 'warn', 'remind', 'inquire', 'report', 'read', 'learn', 'is', 'are'])

/** "a → b" is a to b, "for about 30 minutes" for 30 minutes, and "until ... 4" goes on behind the dots. */
export function tidied(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  for (let at = 0; at < tokens.length; at++) {
    const [token, next] = [tokens[at]!, tokens[at + 1]]
    if (through.has(token.word) && next && at > 0) {
      for (const name of between(tokens[at - 1]!.text, next.text)) {
        const own = { start: token.start, end: token.end }
        result.push({ ...makeToken(',', token.start, 'punct', null, false), ...own }, { ...tokens[at - 1]!, ...own, text: name, word: name.toLowerCase(), stem: stem(name.toLowerCase()) })
      }
      if (between(tokens[at - 1]!.text, next.text).length > 0) {
        result.push({ ...makeToken(',', token.start, 'punct', null, false), end: token.end })
        continue
      }
    }
    const drawn = shafts.has(token.text) && next?.text === '>' && next.start === token.end
    if ((drawn || arrows.has(token.text)) && at > 0) {
      result.push({ ...makeToken(token.text, token.start, 'word', null, false), end: drawn ? next.end : token.end, word: 'to', stem: stem('to') })
      if (drawn) at++
      continue
    }
    const whole = contractions.get(token.word)
    if (token.kind === 'word' && whole) {
      result.push({ ...token, word: whole, stem: stem(whole) })
      continue
    }
    // "Dr. Kern": the dot ends no sentence
    if (next?.text === '.' && next.start === token.end && tokens[at + 2]?.kind === 'word' && titles.has(token.word) && /^\p{Lu}/u.test(tokens[at + 2]!.text)) {
      result.push({ ...token, text: `${token.text}.`, end: next.end, capital: true })
      at++
      continue
    }
    if (/^(?:i\.e|e\.g)$/.test(token.word)) {
      if (next?.text === '.') at++
      continue
    }
    // "The drivers' lounge"
    if (/^['’]$/.test(token.text) && /s$/.test(tokens[at - 1]?.text ?? '') && tokens[at - 1]!.end === token.start && next?.kind === 'word' && next.start > token.end) continue
    if (asking.has(result.at(-1)?.word ?? '')) {
      const oath = oaths.find((words) => words.every((word, offset) => tokens[at + offset]?.word === word))
      if (oath) {
        at += oath.length - 1
        continue
      }
    }
    // "6 o'clock"
    if (token.word === 'o' && tokens[at + 2]?.word === 'clock' && tokens[at + 2]!.start === token.end + 1) {
      const end = tokens[at + 2]!.end
      result.push({ ...makeToken("o'clock", token.start, 'word', null, false), text: "o'clock", end })
      at += 2
      continue
    }
    // "For the last 24h" is no hour of the day.
    if (token.entity === 'time' && /^\d+h$/i.test(token.text) && lasting.has(result.at(-1)?.word ?? '')) {
      result.push({ ...token, entity: 'measure', value: parseNumber(token.text), unit: 'h' })
      continue
    }
    const dots = dotsAt(tokens, at)
    if (dots > 0 && /^[\p{Ll}\d]/u.test(tokens[at + dots]?.text ?? '')) {
      const open = isAmount(tokens[at + dots]) || hedges.has(tokens[at + dots]!.word) || tokens[at + dots]!.word === "let's"
      if (!open) result.push({ ...makeToken(',', token.start, 'punct', null, false), end: token.end })
      at += dots - 1
      continue
    }
    if (hedges.has(token.word) && isAmount(next) && !speaking.has(tokens[at - 1]?.word ?? '')) {
      if (token.word === 'say' && result.at(-1)?.word === "let's") result.pop()
      continue
    }
    result.push(token)
  }
  return result
}

/** Dots that leave something open, from this place on; 0 where there are none. */
function dotsAt(tokens: readonly Token[], at: number): number {
  if (tokens[at]!.text === '…') return 1
  let count = 0
  while (tokens[at + count]?.text === '.') count++
  return count > 1 ? count : 0
}

const isAmount = (token: Token | undefined): boolean => token !== undefined && (token.entity === 'number' || token.entity === 'measure' || numberWords.has(token.word) || token.word === 'half')
