/** Feedback in words, cut into parts that each ask for one kind of change. Pure. */

/** One part: what it says, the task it names by number, whether it wants something left out, or put in place of another. */
export type FeedbackClause = {
  readonly text: string
  readonly task: number | null
  readonly removes: boolean
  readonly replaces: boolean
}

/** More parts than these are asked about as a whole. */
export const mostClauses = 50

const leaveOut = /^(?:please\s+|bitte\s+|por favor\s+)?(?:(?:remove|drop|skip|omit|delete|leave\s+out|without|do\s+not|don['’]t|no\s+need\s+to|entferne|streiche|ohne|lass|supprime[rz]?|retire[rz]?|sans|elimina|quita|omite|sin)(?!\p{L})|删除|去掉|不要)\s*/iu
const instead = /\b(?:instead|rather|replace|change|stattdessen|statt|ersetze|plutôt|remplace[rz]?|en lugar|reemplaza|cambia)\b|改为|换成/iu
const naming = /\b(?:task|step|number|no\.|aufgabe|schritt|tâche|étape|tarea|paso)\s*#?(\d{1,4})\b|#(\d{1,4})\b|(?:任务|步骤)\s*(\d{1,4})/iu

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
  return parts.length > 0 ? parts.map((part) => clauseOf(part, true)) : [clauseOf(sentence, false)]
}

function clauseOf(text: string, removes: boolean): FeedbackClause {
  const named = naming.exec(text)
  const number = named?.slice(1).find(Boolean)
  return {
    text: named ? text.replace(named[0], ' ').replace(/^[\s:,-]+|\s+(?=\s)|[\s:,-]+$/gu, '') : text,
    task: number ? Number(number) : null,
    removes,
    replaces: instead.test(text),
  }
}
