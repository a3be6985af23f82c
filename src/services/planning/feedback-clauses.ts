/** Feedback in words, cut into parts that each ask for one kind of change. Pure. */
import { isAboutAll, isConditional, isDifference, isJudgement, isNegated, isQuestion, isRemark, tellingWords, withoutContrast, withoutReasons } from './feedback-doubts.ts'
import { limitsIn, withoutBounds, type WantedLimits } from './feedback-limits.ts'

/** One part: what it says, the task it names by number, and what it wants of it beside new values. */
export type FeedbackClause = {
  /** In the words of the person. */
  readonly said: string
  /** Without what the other fields tell. */
  readonly text: string
  readonly task: number | null
  /** Wants something left out; `inherited` where only a part before it says so: "skip the backup and …". */
  readonly removes: boolean
  readonly inherited: boolean
  /** Says "do not" or "no", which reaches further than "remove": "don't restart a and deploy b". */
  readonly forbids: boolean
  /** Wants something put in the place of another. */
  readonly replaces: boolean
  /** Wants something beside what is there: "also on web-03". */
  readonly adds: boolean
  /** Wants something done before or after everything else. */
  readonly place: 'first' | 'last' | null
  /** Numbers of two tasks, of which the first is to come before the second. */
  readonly order: readonly [number, number] | null
  /** Wants what the text says before or after the task of this number. */
  readonly beside: { readonly before: boolean; readonly task: number } | null
  /** Time limits or attempts; null where none are spoken of. */
  readonly limits: WantedLimits | null
  /** Is a question, a condition or a negation, or about several tasks: to be asked about, whatever else it seems to say. */
  readonly doubtful: boolean
}

/** More parts than these are asked about as a whole. */
export const mostClauses = 50

const leaveOut = /^(?:(?:please|bitte|por favor|ok|okay|yes|hi|hello|thanks|and|also|then|so|let['’]s|let us|i think(?: that)?|i would|i['’]d|(?:we|you) (?:should|can|could|may))[\s,]+)*(?:(?:remove|drop|skip|omit|delete|leave\s+out|without|do\s+not|don['’]t|no\s+need\s+to|no(?=\s)(?!\s+(?:more|longer|less|fewer|later)(?!\p{L}))|keine?n?|entferne|streiche|ohne|lass|supprime[rz]?|retire[rz]?|sans|elimina|quita|omite|sin)(?!\p{L})|删除|去掉|不要)\s*/iu
const forbids = /^(?:please\s+|bitte\s+|por favor\s+)?(?:do\s+not|don['’]t|no(?!\p{L})|不要)/iu
const removed = /^(?:is |are |should |must |can |could |to |be |go |please |bitte |soll(?:te)? )*(?:remov(?:e|ed)|delet(?:e|ed)|dropp?(?:ed)?|skipp?(?:ed)?|omit(?:ted)?|left out|leave out|unnecessary|entfernen|entfällt|streichen|löschen|weglassen|supprimer|à supprimer|eliminar|quitar|删除|去掉)(?: it| please)*$/iu
const instead = /\b(?:instead|rather|replace|change|stattdessen|statt|ersetze|plutôt|remplace[rz]?|en lugar|reemplaza|cambia)\b|改为|换成/iu
const beside = /(?<!\p{L})(?:also|too|as well|additionally|in addition|auch|zusätzlich|ebenfalls|aussi|également|también|además)(?!\p{L})|也|还/iu
const numberOf = '(?:tasks?|steps?|number|no\\.|aufgaben?|schritte?|tâches?|étapes?|tareas?|pasos?)\\s*#?'
const naming = new RegExp(`(?<![\\p{L}\\p{N}])${numberOf}(\\d{1,4})(?![\\p{L}\\p{N}])|#(\\d{1,4})(?!\\d)|(?:任务|步骤)\\s*(\\d{1,4})`, 'giu')
const severalNumbers = new RegExp(`(?<![\\p{L}\\p{N}])${numberOf}\\d{1,4}\\s*(?:,|/|and|or|und|oder|et|ou|y|o)\\s*#?\\d{1,4}(?![\\p{L}\\p{N}])`, 'iu')
const first = /^(?:please\s+)?first,?\s+(?!of\b)|[\s,](?:first|(?:to|at) the (?:very )?(?:beginning|start|top|front)|zuerst|als erstes|an den anfang|nach vorne?|d['’]abord|en premier|au début|primero|al principio|al inicio)$|^先|(?:放到|移到|放在|移至|排到)最(?:前面?|先)$/iu
const last = /[\s,](?:last|(?:to|at) the (?:very )?end|zuletzt|am ende|ans ende|an das ende|als letztes|nach hinten|en dernier|à la fin|al final|por último)$|^最后|(?:放到|移到|放在|移至|排到)最后面?$/iu
const relation = 'before|vor|avant|antes de|after|nach|après|después de'
const ordered = new RegExp(`^(.*?)(?<![\\p{L}\\p{N}])(?:${numberOf}|#)?(\\d{1,4})\\s+((?:\\p{L}+\\s+){0,5}?)(${relation}|waits? for|depends? on|wartet auf|attend|espera a)\\s+(?:(?:the|der|die|la|le|el)\\s+)?(?:${numberOf}|#)?(\\d{1,4})(?:\\s+(?:laufen|kommen|erfolgen|geschehen|stattfinden))?$`, 'iu')
const besideNumber = new RegExp(`^(.+?)\\s+(${relation})\\s+(?:${numberOf}|#)(\\d{1,4})$`, 'iu')
const negative = /(?<![^\s:])[-−]\d/u
const politeStart = /^(?:(?:can|could|would|will) (?:you|we)|i(?: would|['’]d) like (?:you )?to|(?:kannst|könntest) du|(?:können|könnten) (?:sie|wir)|(?:peux|pourrais)-tu|(?:pouvez|pourriez)-vous|puedes?|podrías)\s+(?:please|bitte)?\s*/iu
const politeEnd = /[\s,]+(?:please|bitte|por favor|s['’]il (?:vous|te) plaît|thanks|thank you|danke|merci|gracias)$/iu

/** Cuts at sentence ends and lines, and a wish to leave several things out into one part for each. */
export function feedbackClauses(feedback: string): FeedbackClause[] {
  return feedback
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n\s*/gu, '\n')
    .split(/\n+|(?<=[.;!?。；！？])\s+|\s*[;。；]\s*|,?\s+(?:but|aber|mais|pero)\s+/u)
    .map((sentence) => ({ asks: isQuestion(sentence), sentence: sentence.replace(/^[\s\-*•]+|[\s.;!?。；！？]+$/gu, '').replace(politeStart, '').replace(politeEnd, '') }))
    .filter(({ sentence }) => /[\p{L}\p{N}]/u.test(sentence) && !isRemark(sentence))
    .flatMap(({ sentence, asks }) => clausesOf(sentence).map((clause) => (asks ? { ...clause, doubtful: true } : clause)))
}

function clausesOf(sentence: string): FeedbackClause[] {
  const removal = leaveOut.exec(sentence)
  if (!removal) return [clauseOf(sentence, {})]
  const parts = withoutReasons(sentence.slice(removal[0].length)).split(/\s*,\s*(?:and\s+|und\s+|et\s+|y\s+)?|\s+(?:and|und|et|y)\s+/iu).filter(Boolean)
  if (parts.length === 0) return [clauseOf(sentence, {})]
  return parts.map((said, index) => {
    // "skip the backup and remove task 3", but not "don't skip the backup and remove task 3".
    const again = index > 0 && !forbids.test(sentence) ? leaveOut.exec(said) : null
    const clause = clauseOf(again ? said.slice(again[0].length) : said, { removes: true, inherited: index > 0 && !again })
    return { ...clause, forbids: forbids.test(sentence), said: index === 0 ? `${removal[0].trim()} ${said.trim()}` : said }
  })
}

function clauseOf(said: string, { removes = false, inherited = false }: { readonly removes?: boolean; readonly inherited?: boolean }): FeedbackClause {
  const heard = removes ? said.trim() : withoutContrast(said)
  const order = removes ? null : orderIn(heard)
  const relative = removes || order ? null : besideNumber.exec(heard)
  const next = relative && [...relative[1]!.matchAll(naming)].length === 0 ? { before: isBefore(relative[2]!), task: Number(relative[3]) } : null
  const place = removes || next ? null : first.test(heard) ? 'first' : last.test(heard) ? 'last' : null
  const rest = next ? relative![1]! : place ? heard.replace(first, ' ').replace(last, ' ').trim() : heard
  const numbers = [...rest.matchAll(naming)]
  const text = numbers[0] ? withoutNumber(rest, numbers[0][0]) : rest
  if (!removes && numbers.length === 1 && removed.test(text.trim())) return { ...clauseOf(numbers[0]![0], { removes: true }), said }
  const number = numbers[0]?.slice(1).find(Boolean) ?? (removes ? /^#?(\d{1,4})$/.exec(rest.trim())?.[1] : undefined)
  const limits = limitsIn(heard)
  const special = removes || place !== null || order !== null || limits !== null || number !== undefined
  return {
    said,
    text: number && numbers.length === 0 ? '' : text,
    task: number ? Number(number) : null,
    removes: removes && limits === null,
    inherited,
    forbids: false,
    // What is replaced was left out by the part before.
    replaces: instead.test(rest) && !inherited,
    adds: beside.test(rest),
    place,
    order,
    beside: next,
    // To leave a limit out is to say another one.
    limits: removes && limits ? { ...('timeoutSeconds' in limits && { timeoutSeconds: null }), ...('maxAttempts' in limits && { maxAttempts: null }) } : limits,
    doubtful: negative.test(rest) || isJudgement(heard) || isAboutAll(heard) || (limits === null && isDifference(rest)) || isNegated(limits ? withoutBounds(heard) : heard) || (special && isConditional(heard)) || (order === null && (numbers.length > 1 || severalNumbers.test(rest))),
  }
}

const isBefore = (word: string): boolean => /^(?:before|vor|avant|antes)/iu.test(word)

/** Only where nothing beside the order is said. */
function orderIn(said: string): readonly [number, number] | null {
  const [, head, one, between, word, other] = ordered.exec(said) ?? []
  if (!one || !other || tellingWords(`${head} ${between}`).length > 0) return null
  return isBefore(word!) ? [Number(one), Number(other)] : [Number(other), Number(one)]
}

const withoutNumber = (text: string, mention: string): string => text.replace(mention, ' ').replace(/^(?:[\s:,]|-(?!\d))+|\s+(?=\s)|[\s:,-]+$/gu, '')
