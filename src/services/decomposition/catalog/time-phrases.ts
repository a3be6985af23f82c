/** Recurring schedules and durations as spans of tokens; the value is the phrase as said. */
import { months, numberWords, weekdays } from './lexicon/function-words.ts'
import { minutesPerUnit } from './numbers.ts'
import type { Token } from './token.ts'

export type TimeSpan = { readonly kind: 'schedule' | 'duration' | 'moment'; readonly from: number; readonly to: number }

const dayWords: ReadonlySet<string> = new Set<string>([
  ...weekdays, ...weekdays.map((day) => `${day}s`), 'weekday', 'weekdays', 'weekend', 'weekends', 'workday', 'workdays', 'day', 'night', 'morning', 'evening', 'afternoon',
  'mornings', 'evenings', 'nights', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun',
])
const unitWords: ReadonlySet<string> = new Set([...Object.keys(minutesPerUnit).filter((unit) => unit.length > 1), 'h', 'd', 'nights', 'fortnights', 'quarters'])
const regular: ReadonlySet<string> = new Set(['daily', 'weekly', 'monthly', 'hourly', 'nightly', 'yearly', 'annually', 'quarterly', 'biweekly', 'fortnightly'])
const clock: ReadonlySet<string> = new Set(['noon', 'midnight', "o'clock", 'am', 'pm'])
const every: ReadonlySet<string> = new Set(['every', 'each'])
const ordinal = /^(?:first|second|third|fourth|fifth|last|\d{1,2}(?:st|nd|rd|th))$/
const near: ReadonlySet<string> = new Set(['today', 'tonight', 'tomorrow', 'yesterday'])
const inner: ReadonlySet<string> = new Set(['at', 'on', 'in', 'the', 'of', 'and', 'a', 'other', 'second', 'third', 'to', 'from', 'between', 'until', 'till', 'next', 'this', 'last', 'past', ','])

const isNumber = (token: Token | undefined): boolean => !!token && (token.entity === 'number' || numberWords.has(token.word) || ordinal.test(token.word))
const isTime = (token: Token | undefined): boolean => !!token && (token.entity === 'time' || clock.has(token.word))
/** "on Monday at 8": a bare number after "at" is an hour. */
const isHour = (token: Token | undefined): boolean => token?.entity === 'number' && Number(token.value) >= 0 && Number(token.value) <= 24
const isMonth = (token: Token | undefined): boolean => !!token && (months as readonly string[]).includes(token.word) && (token.word !== 'may' || token.capital)

/** Words that stand before a date: "on may 5". */
const before: ReadonlySet<string> = new Set(['on', 'until', 'till', 'by', 'from', 'since', 'before', 'after', 'of'])

/** Time expressions of a list of tokens, longest first from the left. */
export function findTimes(tokens: readonly Token[]): TimeSpan[] {
  const spans: TimeSpan[] = []
  for (let at = 0; at < tokens.length; at++) {
    const found = cronAt(tokens, at) ?? scheduleAt(tokens, at) ?? durationAt(tokens, at) ?? momentAt(tokens, at)
    if (!found) continue
    // "At 1:30 each night": the time stands before what repeats.
    const until = /^(?:to|until|till)$/.test(tokens[found.to]?.word ?? '') && isTime(tokens[found.to + 1]) ? found.to + 2 : found.to
    const repeated = found.kind === 'moment' ? scheduleAt(tokens, until + (tokens[until]?.word === 'on' ? 1 : 0)) : null
    const span: TimeSpan = repeated ? { kind: 'schedule', from: found.from, to: repeated.to } : found
    spans.push(span)
    at = span.to - 1
  }
  return spans
}

/** A five-field cron expression written in the text. */
function cronAt(tokens: readonly Token[], at: number): TimeSpan | null {
  const field = (token: Token | undefined): boolean => !!token && /^[\d*/,-]+$/.test(token.text)
  let to = at
  while (to < at + 12 && field(tokens[to])) to++
  const text = tokens.slice(at, to)
  if (text.length < 5 || !text.some((token) => token.text === '*')) return null
  return { kind: 'schedule', from: at, to }
}

function scheduleAt(tokens: readonly Token[], at: number): TimeSpan | null {
  const token = tokens[at]
  if (!token) return null
  let to = at
  if (every.has(token.word)) {
    to++
    while (to < at + 4 && (isNumber(tokens[to]) || ['other', 'single', 'working', 'business', 'last', 'of', 'the'].includes(tokens[to]?.word ?? ''))) to++
    const word = tokens[to]?.word ?? ''
    if (!dayWords.has(word) && !unitWords.has(word) && !isMonth(tokens[to]) && !(isNumber(tokens[to - 1]) && to > at + 1)) return null
    if (dayWords.has(word) || unitWords.has(word) || isMonth(tokens[to])) to++
  } else if (regular.has(token.word)) to++
  else if (/^(?:mon|tues|wednes|thurs|fri|satur|sun|week)days$|^weekends$/.test(token.word)) to++
  else if ((token.word === 'once' || token.word === 'twice' || (isNumber(token) && tokens[at + 1]?.word === 'times')) && tokens.slice(at, at + 4).some((next) => ['a', 'per', 'every'].includes(next.word))) {
    to = at + (token.word === 'once' || token.word === 'twice' ? 1 : 2)
    if (!['a', 'per', 'every'].includes(tokens[to]?.word ?? '') || !unitWords.has(tokens[to + 1]?.word ?? '')) return null
    to += 2
  } else if (ordinal.test(token.word) && tokens.slice(at + 1, at + 7).some((next) => ['month', 'week', 'quarter', 'year'].includes(next.word)) && tokens.slice(at, at + 7).some((next) => every.has(next.word) || next.word === 'of')) {
    to = at + 1 + tokens.slice(at + 1, at + 7).findIndex((next) => ['month', 'week', 'quarter', 'year'].includes(next.word)) + 1
  } else return null
  // "At 4 every Monday"
  const hour = every.has(token.word) && tokens[at - 2]?.word === 'at' && isHour(tokens[at - 1])
  return { kind: 'schedule', from: hour ? at - 1 : startWithArticle(tokens, at), to: extend(tokens, to) }
}

/** "at 22:00", "on the 3rd", "and friday" after a schedule belong to it. */
function extend(tokens: readonly Token[], end: number): number {
  let to = end
  for (let look = end; look < tokens.length && look < end + 14; look++) {
    const token = tokens[look]!
    const spoken = token.word === 'half' || token.word === 'quarter' ? momentAt(tokens, look) : null
    if (spoken) [to, look] = [spoken.to, spoken.to - 1]
    else if (isTime(token) || dayWords.has(token.word) || isMonth(token) || regular.has(token.word) || every.has(token.word)) to = look + 1
    else if (isNumber(token) && (['at', 'until', 'to', 'from', 'between', 'and', 'the'].includes(tokens[look - 1]?.word ?? '') || ['month', 'week'].includes(tokens[look + 2]?.word ?? ''))) to = unitWords.has(tokens[look + 1]?.word ?? '') ? look + 2 : look + 1
    else if ((token.word === 'month' || token.word === 'week' || token.word === 'quarter' || token.word === 'year') && to === look - 1 + 0) to = look + 1
    else if (token.word === 'month' || token.word === 'week') to = ['the', 'each', 'every', 'a', 'per'].includes(tokens[look - 1]?.word ?? '') && look - to <= 2 ? look + 1 : to
    else if (!inner.has(token.word)) break
    if (look - to >= 3) break
  }
  return to
}

function startWithArticle(tokens: readonly Token[], at: number): number {
  return tokens[at - 1]?.word === 'the' ? at - 1 : at
}

function durationAt(tokens: readonly Token[], at: number): TimeSpan | null {
  const token = tokens[at]!
  if (token.entity === 'measure' && token.unit && /^(?:min|mins|h|hr|hrs|d|w|s|m)$/.test(token.unit)) return { kind: 'duration', from: at, to: at + 1 }
  let to = at
  const parts = token.word === 'quarter' ? at + 1 : token.word === 'three' && tokens[at + 1]?.word === 'quarters' ? at + 2 : 0
  if (parts > 0 && tokens[parts]?.word === 'of' && /^an?$/.test(tokens[parts + 1]?.word ?? '')) to = parts + 2
  else if (token.word === 'half' && (tokens[at + 1]?.word === 'an' || tokens[at + 1]?.word === 'a')) to = at + 2
  else if (isNumber(token) && !ordinal.test(token.word)) {
    to = at + 1
    while (to < at + 5 && isNumber(tokens[to])) to++
    if (tokens[to]?.word === 'and' && tokens[to + 1]?.word === 'a' && tokens[to + 2]?.word === 'half') to += 3
  } else if ((token.word === 'a' || token.word === 'an') && unitWords.has(tokens[at + 1]?.word ?? '') && !every.has(tokens[at - 1]?.word ?? '')) to = at + 1
  else if ((token.word === 'last' || token.word === 'past' || token.word === 'next' || token.word === 'this') && unitWords.has(tokens[at + 1]?.word ?? '') && tokens[at + 2]?.word !== 'of') to = at + 1
  else if (token.word === 'couple' && tokens[at + 1]?.word === 'of') to = at + 2
  else return null
  if (['working', 'business', 'calendar', 'full'].includes(tokens[to]?.word ?? '')) to++
  if (!unitWords.has(tokens[to]?.word ?? '')) return null
  to++
  if (tokens[to]?.word === 'and' && tokens[to + 1]?.word === 'a' && tokens[to + 2]?.word === 'half') to += 3
  else if (tokens[to]?.word === 'and' && isNumber(tokens[to + 1]) && unitWords.has(tokens[to + 2]?.word ?? '')) to += 3
  return { kind: 'duration', from: at, to }
}

function momentAt(tokens: readonly Token[], at: number): TimeSpan | null {
  const token = tokens[at]!
  let to = at
  if (token.entity === 'date') to = at + 1
  else if ((token.word === 'half' || token.word === 'quarter' || isNumber(token)) && /^(?:past|to)$/.test(tokens[at + 1]?.word ?? '') && (token.word === 'quarter' || tokens[at + 1]!.word === 'past') && isNumber(tokens[at + 2])) to = at + 3
  else if (isTime(token)) to = at + 1
  else if (near.has(token.word)) {
    to = at + 1
    if (dayWords.has(tokens[to]?.word ?? '')) to++
  } else if ((weekdays as readonly string[]).includes(token.word)) to = dayWords.has(tokens[at + 1]?.word ?? '') ? at + 2 : at + 1
  else if (['next', 'this', 'coming', 'following', 'last', 'past'].includes(token.word) && (dayWords.has(tokens[at + 1]?.word ?? '') || isMonth(tokens[at + 1]))) to = at + 2
  else if ((isMonth(token) || token.word === 'may' && before.has(tokens[at - 1]?.word ?? '')) && isNumber(tokens[at + 1])) to = at + 2
  else if (isNumber(token) && isMonth(tokens[at + 1])) to = at + 2
  else if (isNumber(token) && tokens[at + 1]?.word === 'of' && isMonth(tokens[at + 2])) to = at + 3
  else if (isNumber(token) && clock.has(tokens[at + 1]?.word ?? '')) to = at + 2
  else return null
  for (let look = to; look < to + 2; look++) {
    if (!['at', 'on', ',', 'from'].includes(tokens[look]?.word ?? '')) continue
    const follow = tokens[look + 1]
    if (isTime(follow) || near.has(follow?.word ?? '') || (follow && (weekdays as readonly string[]).includes(follow.word))) return { kind: 'moment', from: at, to: look + 2 }
    if (isNumber(follow) && clock.has(tokens[look + 2]?.word ?? '')) return { kind: 'moment', from: at, to: look + 3 }
    if (tokens[look]!.word === 'at' && isHour(follow) && !unitWords.has(tokens[look + 2]?.word ?? '')) return { kind: 'moment', from: at, to: look + 2 }
  }
  if (isTime(tokens[to]) && !isTime(token)) to++
  return { kind: 'moment', from: at, to }
}
