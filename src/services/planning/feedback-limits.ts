/** Limits that feedback speaks of: how long an attempt may take, how many there may be. Pure. */

/** Null for what is spoken of without a number. */
export type WantedLimits = { readonly timeoutSeconds?: number | null; readonly maxAttempts?: number | null }

const timeout = /\b(?:time\s?-?outs?|time limits?|zeitlimit|zeitüberschreitung|délai|tiempo límite)\b|超时/iu
const counted = 'attempts?|retries|tries|versuche|wiederholungen|tentatives?|essais|intentos?|reintentos?|重试'
// "try" and "versuche" are more often verbs: only with an amount they speak of attempts.
const attempts = new RegExp(`\\b(?:attempts|retry|retries|wiederholungen|reintentos)\\b|重试|(?:\\d|more|fewer|less|mehr|weniger|plus de|moins de|más|menos)\\s+(?:${counted})`, 'iu')
const attemptsBefore = new RegExp(`(?<![\\d.,])(\\d{1,3})\\s+(?:${counted})`, 'iu')
const attemptsAfter = new RegExp(`(?:${counted})[^\\d]{0,20}?(?:to|=|:|auf|à|a)\\s*(\\d{1,3})`, 'iu')
const duration = /(\d+(?:[.,]\d+)?)\s*-?\s*(seconds?|secs?|sekunden?|secondes?|segundos?|s|秒|minutes?|mins?|minuten?|minutos?|m|分钟|hours?|hrs?|stunden?|heures?|horas?|h|小时)(?!\p{L})/giu

const bound = /(?<!\p{L})(?:no|not|never|nicht|keine?|pas)(?!\p{L})[^\d.]{0,25}?\s(?:more|longer|mehr|länger|plus|más)\s+(?:than|als|de|que)(?!\p{L})|(?<!\p{L})(?:at most|less than|fewer than|höchstens|weniger als|au plus|moins de|como máximo|menos de)(?!\p{L})/giu
const difference = /(?<!\p{L})(?:by|more|longer|fewer|less|shorter|extra|additional|another|double|twice|triple|half|halve|um|mehr|länger|weniger|kürzer|verdopp\p{L}*|halbier\p{L}*|plus|moins|más|menos|doble|mitad)(?!\p{L})/iu
const target = /(?<!\p{L})(?:to|auf|à|a)\s+(?=\d)/iu

/** The sentence without words such as "no more than", which bound a number and negate nothing. */
export const withoutBounds = (sentence: string): string => sentence.replace(bound, ' ')

/** What a sentence says about limits, or null where it speaks of none. */
export function limitsIn(sentence: string): WantedLimits | null {
  const aboutTime = timeout.test(sentence)
  const aboutAttempts = attempts.test(sentence)
  if (!aboutTime && !aboutAttempts) return null
  const said = withoutBounds(sentence)
  // "10 minutes longer" says how much it is to differ, not what it is to be.
  const differs = difference.test(said) && !target.test(said)
  return { ...(aboutTime && { timeoutSeconds: differs ? null : secondsIn(said) }), ...(aboutAttempts && { maxAttempts: differs ? null : attemptsIn(said) }) }
}

/** The one duration, or that after "to"; null where several are named. */
function secondsIn(sentence: string): number | null {
  const after = target.exec(sentence)
  const wanted = after ? [...sentence.slice(after.index).matchAll(duration)] : []
  const named = wanted.length > 0 ? wanted : [...sentence.matchAll(duration)]
  const [, amount, unit] = named.length === 1 ? named[0]! : []
  if (!amount || !unit) return null
  const factor = /^(?:h|stunde|小时)/iu.test(unit) ? 3_600 : /^(?:m|分)/iu.test(unit) ? 60 : 1
  return Number(amount.replace(',', '.')) * factor
}

const changing = /(?<!\p{L})(?:set|give|raise|increase|lower|reduce|decrease|allow|limit|make|change|extend|maximum|max|minimum|longer|shorter|more|fewer|less|setze|erhöhe|verlängere|gib)(?!\p{L})/giu

/** The sentence without what it says about limits: what is left names the task. */
export const withoutLimits = (sentence: string): string =>
  withoutBounds(sentence).replace(duration, ' ').replace(timeout, ' ').replace(new RegExp(`(?<![\\d.,])\\d*\\s*(?<!\\p{L})(?:${counted})(?!\\p{L})(?:\\s*(?:to|=|:|auf)\\s*\\d+)?`, 'giu'), ' ').replace(/(?:\s(?:to|auf|à|a)\s|=)\s*\d+\s*$/iu, ' ').replace(changing, ' ')

/** A number right before the word, or after "to" or "=". */
function attemptsIn(sentence: string): number | null {
  const number = (attemptsBefore.exec(sentence) ?? attemptsAfter.exec(sentence))?.[1]
  return number === undefined ? null : Number(number)
}
