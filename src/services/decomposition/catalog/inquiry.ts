/** "How many are left?": what asks to be told something is meant for a capability that finds something out. */
import { politeness } from './lexicon/function-words.ts'
import type { Profile } from './profile.ts'
import type { Word } from './word.ts'

const inquiring = /^(?:(?:(?:tell|show) (?:me|us)|find out|see|check|look|look up|let (?:me|us) know|i(?:'d| would) like to know|i want to know) )?(?:how (?!about\b|come\b)\w+|where|which|who|whose|when|what (?!about\b|if\b)\w+|(?:is|are|was|were|does|did|has) (?!it\b|this\b|that\b|there a chance\b)\w+)\b/
const suggesting = /\b(?:possible|able to|ok if|okay if|time (?:to|for)|need to be|have to be)\b/

/** True for a question that is no request in disguise. */
export function asksToBeTold(words: readonly Word[]): boolean {
  const said = words.filter((word) => word.kind !== 'punct' && !politeness.has(word.word)).map((word) => word.word).join(' ')
  return inquiring.test(said) && !suggesting.test(said)
}

const finding: readonly string[] = ['list', 'show', 'check', 'measure', 'report', 'search', 'track', 'monitor', 'test', 'investigate', 'verify', 'compare', 'count', 'estimate', 'calculate', 'export', 'inspect', 'survey', 'review', 'watch', 'tell'].map((name) => `a:${name}`)

/** True where the capability finds something out. */
export const findsOut = ({ actions }: Profile): boolean => finding.some((group) => (actions.get(group) ?? 0) >= 0.5)
