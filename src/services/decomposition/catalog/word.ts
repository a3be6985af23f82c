import type { GroupId } from './lexicon.ts'
import type { Token } from './token.ts'

/** A value of an enum parameter that some words name. */
export type EnumReference = { readonly capability: number; readonly parameter: string; readonly value: string }

/** A token with what the lexicon and the catalog know about it. */
export type Word = Token & {
  /** Position in the request. */
  readonly index: number
  readonly actions: readonly GroupId[]
  readonly things: readonly GroupId[]
  /** Actions and things that it speaks of without naming them. */
  readonly hints: readonly GroupId[]
  /** A later word of a phrase that says what is done: up to date, back to life. */
  readonly inPhrase: boolean
  /** First word of such a phrase. */
  readonly opensPhrase: boolean
  /** Enum values that begin here, and how many tokens they take. */
  readonly enums: readonly EnumReference[]
  readonly enumLength: number
  /** Part of an enum value, as its first or a later token. */
  readonly inEnum: boolean
  readonly stop: boolean
  /** Kind of the time expression it belongs to. */
  readonly time: 'schedule' | 'duration' | 'moment' | null
  readonly timeStart: boolean
  readonly light: boolean
  /** A word of the catalog's own texts. */
  readonly known: boolean
  /** A name: neither an English word nor one of the catalog. */
  readonly name: boolean
}
