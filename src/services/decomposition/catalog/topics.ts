/** What is only named before the command that is about it. */
import { prepositions } from './lexicon/function-words.ts'
import type { Part } from './part.ts'

/** "Room 7: clean it", "room 7, please clean": what is only named before a command about it calls nothing. */
export function withoutTopics(parts: readonly Part[]): Part[] {
  return parts.map((part, at): Part => {
    const next = parts[at + 1]
    if (isTaken(part, next)) return { ...part, kind: 'background', calls: [], candidates: [], unknown: [] }
    if (part.kind !== 'call' && part.kind !== 'unclear' || part.segment.clause || part.segment.imperative || (part.segment.ranking[0]?.action ?? 1) > 0.15 || part.segment.markers.some((marker) => marker !== 'comma')) return part
    if (next?.kind !== 'call' || !next.segment.imperative || next.profile === part.profile || next.segment.sentence !== part.segment.sentence || !next.segment.markers.every((marker) => /^(?:comma|colon|dash)$/.test(marker))) return part
    const missing = next.profile!.capability.parameters.some((spec) => spec.required && next.calls.some((call) => !Object.hasOwn(call, spec.name)))
    return missing ? { ...part, kind: 'background', calls: [], candidates: [], unknown: [] } : part
  })
}

/** "Take x and wash it": what is taken is what the command behind it is about. */
function isTaken({ segment }: Part, next: Part | undefined): boolean {
  const said = segment.words.filter((word) => word.kind !== 'punct')
  if (next?.kind !== 'call' || !next.segment.imperative || next.segment.sentence !== segment.sentence || next.segment.markers.some((marker) => marker !== 'and' && marker !== 'comma')) return false
  return said[0]?.word === 'take' && said[0].light && said.length <= 5 && !said.some((word, at) => at > 0 && (word.actions.length > 0 && word.stop || prepositions.has(word.word))) && next.segment.words.some(({ word }) => /^(?:it|them|him|her)$/.test(word))
}
