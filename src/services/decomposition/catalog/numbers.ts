import { numberWords } from './lexicon/function-words.ts'
import type { Token } from './token.ts'

export type NumberSpan = { readonly value: number; readonly from: number; readonly to: number; readonly unit: string | null }

/** All numbers of a list of tokens, number words and "half an hour" style fractions included. `to` is exclusive. */
export function findNumbers(tokens: readonly Token[]): NumberSpan[] {
  const spans: NumberSpan[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    if ((token.entity === 'number' || token.entity === 'measure') && typeof token.value === 'number') {
      const half = token.unit === null && isAndAHalf(tokens, at + 1)
      spans.push({ value: token.value + (half ? 0.5 : 0), from: at, to: at + (half ? 4 : 1), unit: token.unit ?? unitAt(tokens, at + (half ? 4 : 1)) })
      if (half) at += 3
      continue
    }
    const words = numberInWords(tokens, at)
    if (words) {
      spans.push({ value: words.value, from: at, to: words.to, unit: unitAt(tokens, words.to) })
      at = words.to - 1
    }
  }
  return spans
}

/** Minutes per unit word; weeks and longer included. */
export const minutesPerUnit: Readonly<Record<string, number>> = {
  second: 1 / 60, sec: 1 / 60, s: 1 / 60, minute: 1, min: 1, mins: 1, minutes: 1, m: 1, hour: 60, hours: 60, hr: 60, hrs: 60, h: 60, day: 1440, d: 1440, days: 1440,
  week: 10_080, w: 10_080, weeks: 10_080, month: 43_200, months: 43_200, year: 525_600, years: 525_600, seconds: 1 / 60, night: 1440, nights: 1440, fortnight: 20_160, fortnights: 20_160, quarter: 129_600, quarters: 129_600,
}

/** "Two and a half hours" */
const isAndAHalf = (tokens: readonly Token[], at: number): boolean => tokens[at]?.word === 'and' && tokens[at + 1]?.word === 'a' && tokens[at + 2]?.word === 'half' && tokens[at + 3]?.kind === 'word'

function unitAt(tokens: readonly Token[], at: number): string | null {
  const token = tokens[at]
  if (!token || token.kind !== 'word') return null
  return token.word
}

function numberInWords(tokens: readonly Token[], at: number): { value: number; to: number } | null {
  const word = tokens[at]!.word
  const next = tokens[at + 1]?.word
  const next2 = tokens[at + 2]?.word
  if (word === 'half' && (next === 'an' || next === 'a') && next2 !== undefined) return next2 === 'dozen' ? { value: 6, to: at + 3 } : tokens[at + 2]!.kind === 'word' ? { value: 0.5, to: at + 2 } : null
  // "Three quarters of an hour"
  const parts = word === 'quarter' ? 1 : word === 'three' && next === 'quarters' ? 3 : 0
  const of = at + (parts === 3 ? 2 : 1)
  if (parts > 0 && tokens[of]?.word === 'of' && /^an?$/.test(tokens[of + 1]?.word ?? '') && tokens[of + 2]?.kind === 'word') return { value: parts / 4, to: of + 2 }
  if (word === 'half' && next && next in minutesPerUnit) return { value: 0.5, to: at + 1 }
  if ((word === 'an' || word === 'a') && next && next in minutesPerUnit && next !== 'm' && next !== 's' && next !== 'd') {
    if (next2 === 'and' && tokens[at + 3]?.word === 'a' && tokens[at + 4]?.word === 'half') return { value: 1.5, to: at + 1 }
    return { value: 1, to: at + 1 }
  }
  if ((word === 'a' || word === 'one') && (next === 'couple' || next === 'pair')) return { value: 2, to: at + (next2 === 'of' ? 3 : 2) }
  let value = numberWords.get(word)
  if (value === undefined) return (word === 'a' && (next === 'hundred' || next === 'thousand' || next === 'dozen')) ? { value: numberWords.get(next)!, to: at + 2 } : null
  let to = at + 1
  for (; to < tokens.length && to < at + 8; to++) {
    const step = tokens[to]!.word
    const more = numberWords.get(step)
    if (more === undefined && !(step === 'and' && value >= 100 && (numberWords.get(tokens[to + 1]?.word ?? '') ?? 1000) < 100)) break
    if (more === undefined) continue
    if (more === 100 || more === 1000) value = value < more ? value * more : value + more
    else if ((value >= 20 && value % 10 === 0 && more < 10) || (value >= 100 && more < 100)) value += more
    else break
  }
  return isAndAHalf(tokens, to) ? { value: value + 0.5, to: to + 3 } : { value, to }
}
