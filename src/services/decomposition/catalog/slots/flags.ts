/** Values that are said by a verb or a word of their own: yes or no, on or off, up or down. */
import type { ParameterSpec } from '../../../../catalog/capability.ts'
import type { LanguageKnowledge } from '../annotate.ts'
import type { GroupId } from '../lexicon.ts'
import { stem } from '../stem.ts'
import type { Word } from '../word.ts'

/** A boolean parameter: the stems of the words of its name, the groups of synonyms of each, and the state that it tells of, if any. */
export type Flag = { readonly name: string; readonly parts: readonly string[]; readonly groups: readonly (readonly GroupId[])[]; readonly state: readonly GroupId[]; readonly deed: boolean }

const fillers: ReadonlySet<string> = new Set(['is', 'with', 'has', 'use', 'do', 'be', 'should'])
const onNames = /^(?:enabled?|active|activated|on|state|status|running|started)$/

export function flagOf({ name, required }: ParameterSpec, { lexicon, english }: LanguageKnowledge): Flag[] {
  const said = name.split(/[_-]/).filter((part) => !fillers.has(part))
  if (!said.length) return []
  const parts = said.map(stem)
  const groups = parts.map((part) => lexicon.match([part], 0).flatMap((match) => match.groups))
  const state = said.length > 1 && !onNames.test(said.at(-1)!) ? [] : onNames.test(said.at(-1)!) ? ['a:enable', 'a:start'] : required ? groups[0]!.filter((group) => group.startsWith('a:')) : []
  return [{ name, parts, groups, state, deed: said.length === 2 && english.isMainlyVerb(said[0]!) }]
}

/** True or false where a boolean is said, with the places of the words that name it; null otherwise. */
export function booleanOf(words: readonly Word[], flag: Flag, knowledge: LanguageKnowledge): { readonly value: boolean; readonly words: readonly number[] } | null {
  return named(words, flag) ?? idiomOf(words, flag) ?? (flag.deed ? accompanying(words, flag) : null) ?? stateIn(words, flag, knowledge)
}

/** What people say instead of the names that such parameters often have. */
const idioms: readonly (readonly [name: RegExp, said: RegExp])[] = [
  [/^(?:dry_?run|simulate|check_?only|test_?only|preview)$/, /\b(?:(?:check|test|simulation|preview) mode|(?:trial|test|practice|mock) run|simulat(?:e|ed|ion)|rehears(?:e|al)|without (?:actually |really )?(?:changing|touching|doing|applying) (?:anything|it|them)|without (?:any )?changes|no real changes|(?:just|only)? ?pretend(?:ing)?|for practice|what (?:it )?would (?:change|happen|do))\b/],
  [/^read_?only$/, /\b(?:(?:only|just) (?:to )?(?:read|view|look|see)|(?:read|view|look|see) only|reading only|no writing|without write access|no write access|not (?:be able to )?(?:change|edit|write))\b/],
  [/^(?:with_)?(?:encrypted?|encryption)$/, /\b(?:in cipher|enciphered|unreadable for others)\b/],
  [/^hidden$/, /\b(?:invisible|not (?:be )?(?:visible|broadcast|listed|shown)|does not show|should not show)\b/],
  [/^(?:force|forced)$/, /\b(?:by force|forcibly|forcefully|whatever (?:runs|is running)|no matter what|even if it is (?:busy|in use|running))\b/],
]

function idiomOf(words: readonly Word[], { name }: Flag): { value: boolean; words: number[] } | null {
  const idiom = idioms.find(([pattern]) => pattern.test(name))
  if (!idiom) return null
  const said = words.map((word) => (word.kind === 'punct' ? word.text : word.word))
  const found = idiom[1].exec(said.join(' '))
  if (!found) return null
  const from = said.join(' ').slice(0, found.index).split(' ').length - 1
  return { value: true, words: words.slice(from, from + found[0].trim().split(' ').length).map((word) => word.index) }
}

const negations: ReadonlySet<string> = new Set(['no', 'not', 'without', 'never', 'non', "don't", "needn't", "isn't", "doesn't", 'nonot'])

const says = (word: Word, { parts, groups }: Flag, part: number): boolean => word.kind === 'word' && ([...word.word.split(/[-_]/), word.word.replace(/ly$/, '')].map(stem).includes(parts[part]!)
  || parts.length > 1 && [...word.actions, ...word.things].some((group) => groups[part]!.includes(group)))

/** The words of its name or synonyms of them, near each other. */
function named(words: readonly Word[], flag: Flag): { value: boolean; words: number[] } | null {
  const { parts } = flag
  const from = words.findIndex((_, index) => says(words[index]!, flag, 0) && parts.every((_part, part) => words.slice(index, index + parts.length + 2).some((word) => says(word, flag, part))))
  if (from < 0) return null
  const value = !words.slice(Math.max(0, from - 3), from).some((word) => negations.has(word.word))
  return { value, words: words.slice(from, from + parts.length + 2).filter((word) => parts.some((_, part) => says(word, flag, part))).map((word) => word.index) }
}

/** "With updates", "without the pending updates": what is done besides is named by its object alone. */
function accompanying(words: readonly Word[], flag: Flag): { value: boolean; words: number[] } | null {
  const at = words.findIndex((word, place) => says(word, flag, 1) && words.slice(Math.max(0, place - 3), place).some(({ word: one }) => one === 'with' || one === 'without' || one === 'including'))
  if (at < 0) return null
  return { value: !words.slice(Math.max(0, at - 3), at).some((word) => negations.has(word.word)), words: [words[at]!.index] }
}

/** "Switch it off", "it should be on": the verb or its particle tells the state. */
function stateIn(words: readonly Word[], { state }: Flag, { lexicon }: LanguageKnowledge): { value: boolean; words: number[] } | null {
  if (!state.length) return null
  const opposite = (group: GroupId): boolean => state.some((own) => lexicon.opposite(own, group))
  for (const [at, word] of words.entries()) {
    if (word.kind !== 'word' || word.inEnum) continue
    const next = words[at + 1]
    const last = !next || next.kind === 'punct' || next.stop
    if (state.includes('a:enable') && last && (word.word === 'off' || word.word === 'on' && /^(?:be|is|are|turned|switched|stay|to)$/.test(words[at - 1]?.word ?? ''))) return { value: word.word === 'on', words: [word.index] }
    if (word.actions.some((group) => state.includes(group))) return { value: true, words: [] }
    if (word.actions.some(opposite)) return { value: false, words: [] }
  }
  return null
}

const directions: readonly (readonly [value: RegExp, groups: readonly string[]])[] = [
  [/^(?:on|enabled?|active|activated|start|started)$/i, ['a:start', 'a:enable']], [/^(?:off|disabled?|inactive|deactivated|stop|stopped)$/i, ['a:stop', 'a:disable']],
  [/^(?:up|raised|higher|increase)$/i, ['a:raise', 'a:open']], [/^(?:down|lowered|lower|decrease)$/i, ['a:lower', 'a:close']],
  [/^(?:open|opened)$/i, ['a:open', 'a:raise']], [/^(?:closed?|shut)$/i, ['a:close', 'a:lower']],
  [/^(?:lock|locked)$/i, ['a:lock']], [/^(?:unlock|unlocked)$/i, ['a:unlock']], [/^(?:approve|approved)$/i, ['a:approve']], [/^(?:reject|rejected)$/i, ['a:reject']],
]

/** On or off, up or down: the value of an enum that a verb names by its direction, if it fits only one; `isNoun` are words that name a parameter. */
export function directionOf(words: readonly Word[], spec: ParameterSpec, isNoun: (word: Word) => boolean): string | null {
  const fitting = (spec.values ?? []).filter((value) => directions.some(([pattern, groups]) => pattern.test(value) && words.some((word) => word.kind === 'word' && !isNoun(word) && word.actions.some((group) => groups.includes(group)))))
  return fitting.length === 1 ? fitting[0]! : null
}
