/** Limits that feedback speaks of: how long an attempt may take, how many there may be. Pure. */

/** Null for what is spoken of without a number. */
export type WantedLimits = { readonly timeoutSeconds?: number | null; readonly maxAttempts?: number | null }

const timeout = /\b(?:time\s?-?outs?|time limits?|zeitlimit|zeitüberschreitung|délai|tiempo límite)\b|超时/iu
const counted = 'attempts?|retries|tries|versuche|wiederholungen|tentatives?|essais|intentos?|reintentos?|重试'
// "try" and "versuche" are more often verbs: only with an amount they speak of attempts.
const attempts = new RegExp(`\\b(?:attempts|retry|retries|wiederholungen|reintentos)\\b|重试|(?:\\d|more|fewer|less|mehr|weniger|plus de|moins de|más|menos)\\s+(?:${counted})`, 'iu')
const attemptsBefore = new RegExp(`(\\d{1,3})\\s+(?:${counted})`, 'iu')
const attemptsAfter = new RegExp(`(?:${counted})[^\\d]{0,20}?(?:to|=|:|auf|à|a)\\s*(\\d{1,3})`, 'iu')
const duration = /(\d+(?:[.,]\d+)?)\s*-?\s*(seconds?|secs?|sekunden?|secondes?|segundos?|s|秒|minutes?|mins?|minuten?|minutos?|m|分钟|hours?|hrs?|stunden?|heures?|horas?|h|小时)(?!\p{L})/iu

/** What a sentence says about limits, or null where it speaks of none. */
export function limitsIn(sentence: string): WantedLimits | null {
  const aboutTime = timeout.test(sentence)
  const aboutAttempts = attempts.test(sentence)
  if (!aboutTime && !aboutAttempts) return null
  return { ...(aboutTime && { timeoutSeconds: secondsIn(sentence) }), ...(aboutAttempts && { maxAttempts: attemptsIn(sentence) }) }
}

function secondsIn(sentence: string): number | null {
  const [, amount, unit] = duration.exec(sentence) ?? []
  if (!amount || !unit) return null
  const factor = /^(?:h|stunde|小时)/iu.test(unit) ? 3_600 : /^(?:m|分)/iu.test(unit) ? 60 : 1
  return Number(amount.replace(',', '.')) * factor
}

/** A number right before the word, or after "to" or "=". */
function attemptsIn(sentence: string): number | null {
  const number = (attemptsBefore.exec(sentence) ?? attemptsAfter.exec(sentence))?.[1]
  return number === undefined ? null : Number(number)
}
