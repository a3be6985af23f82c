/** "When the backup is there": a subordinate clause about a call that was asked for before calls nothing itself. */
import type { Part } from './part.ts'
import type { Profile } from './profile.ts'
import type { Word } from './word.ts'

const pointing: ReadonlySet<string> = new Set(['the', 'that', 'this', 'those', 'these', 'it', 'its'])
const persons: ReadonlySet<string> = new Set(['he', 'she', 'they', 'it', 'his', 'her', 'their', 'its'])
const waiting: ReadonlySet<string> = new Set(['after', 'if', 'unless', 'until', 'failing'])

export function withoutBackReferences(parts: readonly Part[]): Part[] {
  return parts.map((part, index): Part => {
    if (!part.segment.markers.some((marker) => waiting.has(marker)) || part.kind === 'forbidden') return part
    const call = referredTo(part, parts.slice(0, index))
    return call ? { ...part, kind: 'condition', calls: [], refersTo: call.segment.from } : part
  })
}

const valuesOf = ({ calls }: Part): string => JSON.stringify(calls.map((call) => Object.entries(call).sort(([one], [other]) => (one < other ? -1 : 1))))

const repeating: ReadonlySet<string> = new Set(['again', 'another', 'twice', 'once', 'anew'])

/** "People ask for PayPal. Switch it on!": what a statement and a command call alike, values and all, is called once. */
export function withoutRepetitions(parts: readonly Part[]): Part[] {
  const repeats = (part: Part, other: Part): boolean => other.kind === 'call' && part.kind === 'call' && other.profile === part.profile && part.calls.length > 0 && valuesOf(part) === valuesOf(other)
    && !part.segment.words.some(({ word }) => repeating.has(word)) && !other.segment.words.some(({ word }) => repeating.has(word))
  return parts.map((part, index): Part => {
    if (part.segment.imperative) return part
    const said = parts.some((other, at) => at !== index && repeats(part, other) && (other.segment.imperative || at < index))
    return said ? { ...part, kind: 'background', calls: [] } : part
  })
}

function referredTo(part: Part, earlier: readonly Part[]): Part | undefined {
  const { words } = part.segment
  const body = words.filter((word) => word.kind !== 'punct')
  if (body.length > 10 || !body.some((word) => pointing.has(word.word) || persons.has(word.word))) return undefined
  return earlier.findLast(({ kind, profile, segment }) => {
    const again = part.kind === 'call' && part.profile === profile && body.some((word) => persons.has(word.word))
    if (kind !== 'call' || !profile || !again && !body.some((word, at) => pointing.has(body[at - 1]?.word ?? '') && speaksOf(profile, word))) return false
    const known = new Set(segment.words.map((word) => word.word))
    return body.every((word) => known.has(word.word) || word.kind === 'word' && !word.name && !word.capital && !word.inEnum)
  })
}

/** True where the word is a noun or verb for what the capability does. */
export function speaksOf({ verbs, actions, keys }: Profile, word: Word): boolean {
  return verbs.has(word.stem) || keys.has(word.stem) || word.actions.some((group) => (actions.get(group) ?? 0) >= 0.5)
}
