/** The value in an answer to a question for one, read like any other value, except where the answer names none. Pure. */
import type { ParameterSpec } from '../../catalog/capability.ts'
import { parseParameterValue, type ParsedValue } from './parameter-values.ts'

const shrug = /^(?:(?:i\s+)?(?:do\s+not|don['’]t|dont)\s+know(?:\s.*)?|no idea|not sure|unsure|dunno|whatever(?:\s.*)?|why|what|which(?: one)?|how|keine ahnung|(?:ich )?weiß (?:ich |es )?nicht|no (?:lo )?sé|ni idea|je ne sais pas|aucune idée|不知道|随便)[\s.!?？]*$|^[\s.!?？]+$/iu
const otherThan = /^(?:not|no|never|anything but|everything but|all but|any except|nicht|kein\p{L}*|alles außer|pas|tout sauf|todo menos)\s+\S|^(?:不要|不是|除了)/iu
/** Free text may well begin with "no"; so short a one says what it is not to be. */
const fewWords = 4

/** True for a shrug, a question back, and for what the value is not to be. */
export function namesNoValue(answer: string): boolean {
  const said = answer.trim()
  return shrug.test(said) || (otherThan.test(said) && said.split(/\s+/).length <= fewWords)
}

const courtesy = /[\s,]+(?:please|thanks|thank you|bitte|danke|por favor|gracias|merci|s['’]il (?:vous|te) pla[iî]t)[.!]*$|[，,\s]*(?:谢谢|拜托)[。！.!]*$/iu

/** A short answer without what is said around the value: "sample K9, please", "the sample is K9". */
function bareValue({ name, type }: ParameterSpec, answer: string): string {
  const said = answer.trim()
  if (type !== 'string' || said.split(/\s+/).length > fewWords + 2) return answer
  const polite = said.replace(courtesy, '')
  const what = name.replaceAll(/[_-]/g, ' ').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const bare = polite.replace(new RegExp(`^(?:(?:the\\s+)?${what}(?:\\s+(?:is|called|named)\\s+|\\s*[:=]\\s*|\\s+(?=\\S*\\d))|it(?:\\s+is|['’]s)\\s+)(?=\\S)`, 'iu'), '')
  return bare === '' ? answer : bare
}

/** The value that the answer is; rule `names_value` where it names none. */
export function parseAnswer(spec: ParameterSpec, answer: string): ParsedValue {
  const isBoolean = spec.type === 'boolean' && parseParameterValue(spec, answer).ok
  return !isBoolean && namesNoValue(answer) ? { ok: false, rule: 'names_value', message: 'Name the value that is meant.' } : parseParameterValue(spec, bareValue(spec, answer))
}
