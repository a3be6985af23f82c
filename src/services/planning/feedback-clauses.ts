/** Feedback in words, cut into parts that each ask for one kind of change. Pure. */
import { limitsIn, type WantedLimits } from './feedback-limits.ts'

/** One part: what it says, the task it names by number, and what it wants of it beside new values. */
export type FeedbackClause = {
  readonly text: string
  readonly task: number | null
  /** Wants something left out; `inherited` where only a part before it says so: "skip the backup and …". */
  readonly removes: boolean
  readonly inherited: boolean
  /** Wants something put in the place of another. */
  readonly replaces: boolean
  /** Wants something done before or after everything else. */
  readonly place: 'first' | 'last' | null
  /** Numbers of two tasks, of which the first is to come before the second. */
  readonly order: readonly [number, number] | null
  /** Time limits or attempts; null where none are spoken of. */
  readonly limits: WantedLimits | null
}

/** More parts than these are asked about as a whole. */
export const mostClauses = 50

const leaveOut = /^(?:please\s+|bitte\s+|por favor\s+)?(?:(?:remove|drop|skip|omit|delete|leave\s+out|without|do\s+not|don['’]t|no\s+need\s+to|no(?=\s)|keine?n?|entferne|streiche|ohne|lass|supprime[rz]?|retire[rz]?|sans|elimina|quita|omite|sin)(?!\p{L})|删除|去掉|不要)\s*/iu
const instead = /\b(?:instead|rather|replace|change|stattdessen|statt|ersetze|plutôt|remplace[rz]?|en lugar|reemplaza|cambia)\b|改为|换成/iu
const naming = /\b(?:task|step|number|no\.|aufgabe|schritt|tâche|étape|tarea|paso)\s*#?(\d{1,4})\b|#(\d{1,4})\b|(?:任务|步骤)\s*(\d{1,4})/iu
const first = /^(?:please\s+)?first,?\s+(?!of\b)|[\s,](?:first|zuerst|als erstes|d['’]abord|en premier|primero)$|^先/iu
const last = /[\s,](?:last|at the (?:very )?end|zuletzt|am ende|als letztes|en dernier|à la fin|al final|por último)$|^最后/iu
const ordered = /(?:^|\s)(?:(?:task|step|aufgabe|schritt|tâche|étape|tarea|paso)\s*)?#?(\d{1,4})\s+(?:\p{L}+\s+){0,3}?(before|vor|avant|antes de|after|nach|après|después de|waits? for|depends? on|wartet auf|attend|espera a)\s+(?:(?:task|step|aufgabe|schritt|tâche|étape|tarea|paso)\s*)?#?(\d{1,4})$/iu

/** Cuts at sentence ends and lines, and a wish to leave several things out into one part for each. */
export function feedbackClauses(feedback: string): FeedbackClause[] {
  return feedback
    .split(/\n+|(?<=[.;!?。；！？])\s+|\s*[;。；]\s*|,?\s+(?:but|aber|mais|pero)\s+/u)
    .map((sentence) => sentence.replace(/^[\s\-*•]+|[\s.;!?。；！？]+$/gu, ''))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
    .flatMap(clausesOf)
}

function clausesOf(sentence: string): FeedbackClause[] {
  const removal = leaveOut.exec(sentence)
  if (!removal) return [clauseOf(sentence, false)]
  const parts = sentence.slice(removal[0].length).split(/\s*,\s*(?:and\s+|und\s+|et\s+|y\s+)?|\s+(?:and|und|et|y)\s+/iu).filter(Boolean)
  return parts.length > 0 ? parts.map((part, index) => clauseOf(part, true, index > 0)) : [clauseOf(sentence, false)]
}

function clauseOf(said: string, removes: boolean, inherited = false): FeedbackClause {
  const order = ordered.exec(said)
  const place = removes ? null : first.test(said) ? 'first' : last.test(said) ? 'last' : null
  const limits = removes ? null : limitsIn(said)
  const text = place ? said.replace(first, ' ').replace(last, ' ').trim() : said
  const named = naming.exec(text)
  const number = named?.slice(1).find(Boolean)
  const [one, other] = order ? [Number(order[1]), Number(order[3])] : [0, 0]
  return {
    text: named ? text.replace(named[0], ' ').replace(/^[\s:,-]+|\s+(?=\s)|[\s:,-]+$/gu, '') : text,
    task: number ? Number(number) : null,
    removes,
    inherited,
    replaces: instead.test(text),
    place,
    order: !order ? null : /^(?:after|nach|après|después|wait|depend|wartet|attend|espera)/iu.test(order[2]!) ? [other, one] : [one, other],
    limits,
  }
}
