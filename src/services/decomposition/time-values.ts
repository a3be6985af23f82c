/** Whether a phrase names a repetition, a time or a length of time, in any of the languages that requests are read in. */

const words = (list: string) => `(?<!\\p{L})(?:${list})(?!\\p{L})`
const repetition = new RegExp([
  words('every|each|daily|weekly|monthly|hourly|nightly|yearly|annually|quarterly|fortnightly|biweekly|once|twice|at noon|at midnight'),
  words('(?:mon|tues|wednes|thurs|fri|satur|sun)days?|week(?:days?|ends?)|(?:first|last|\\d{1,2}(?:st|nd|rd|th)) of'),
  words('jede[nrsm]?|alle|täglich|wöchentlich|monatlich|stündlich|nächtlich|jährlich|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|werktag)s?'),
  words('cada|todos|todas|diari[oa]|diariamente|semanal(?:mente)?|mensual(?:mente)?|anual(?:mente)?|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?'),
  words('chaque|tous|toutes|quotidien(?:ne)?(?:ment)?|hebdomadaire(?:ment)?|mensuel(?:le)?(?:ment)?|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?'),
  '每|周|星期|礼拜|工作日',
].join('|'), 'iu')

const pointInTime = new RegExp([
  words('(?:the day after )?tomorrow|today|tonight|now|noon|midnight|next|this (?:morning|afternoon|evening|week(?:end)?|month)'),
  words('morgen|übermorgen|heute|nächste[nrsm]?|kommende[nrsm]?|mañana|hoy|esta (?:noche|tarde)|próxim[oa]|demain|après-demain|aujourd.hui|ce soir|prochaine?'),
  '今天|今晚|明天|明晚|后天|下周|下个?月|\\d点',
  // A time of day, a date, a month with its day
  '(?<![\\p{L}\\p{N}:.])(?:[01]?\\d|2[0-4])(?:[:h.][0-5]\\d(?![\\d:.])|\\s?(?:am|pm|uhr)(?!\\p{L})|\\s?o.clock)',
  '(?<![\\d./])(?:\\d{4}-\\d{2}-\\d{2}|\\d{1,2}\\.\\d{1,2}\\.(?:\\d{4})?(?![\\d.])|\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?(?![\\d/]))',
  words('(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.? \\d{1,2}(?:st|nd|rd|th)?'),
  words('\\d{1,2}(?:st|nd|rd|th|\\.)? (?:of )?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'),
].join('|'), 'iu')

const unit = '(?:s|sec|seconds?|m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?|nights?|months?|quarters?|years?|y|fortnights?'
  + '|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?'
  + '|secondes?|heures?|jours?|semaines?|mois|ans?|années?|秒|分钟|分|个?小时|天|日|周|个?星期|个?月|年)'
const length = new RegExp(`\\p{N}+(?:[.,]\\p{N}+)?\\s*-?\\s*${unit}(?!\\p{L})|\\p{L}+\\s+(?:\\p{L}+\\s+)?${unit}(?!\\p{L})|[一二三四五六七八九十两半百]+\\s*${unit}`, 'iu')
const iso = /^P(?=.)(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?$/

/** A repetition or a time in words ("every friday at 22:00", "tomorrow at 14:00"), or a cron expression of five fields within their ranges. */
export function isSchedule(text: string): boolean {
  return /^@(?:hourly|daily|midnight|weekly|monthly|yearly|annually)$/.test(text) || isCron(text) || repetition.test(text) || pointInTime.test(text) || /^in\b/i.test(text) && isDuration(text)
}

/** A length of time in words ("7 days", "the last week") or in ISO 8601 ("P7D"). */
export function isDuration(text: string): boolean {
  return iso.test(text) || length.test(text) || new RegExp(`^${unit}$`, 'iu').test(text)
}

const fields: readonly (readonly [number, number])[] = [[0, 59], [0, 23], [1, 31], [1, 12], [0, 7]]
const names = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b/gi

function isCron(text: string): boolean {
  const parts = text.split(' ')
  if (parts.length !== 5) return false
  return parts.every((part, index) => part.replace(names, '1').split(',').every((item) => {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(item)
    const [low, high] = fields[index]!
    return match !== null && [match[1], match[2]].every((value) => value === undefined || (Number(value) >= low && Number(value) <= high)) && match[3] !== '0'
  }))
}
