/** Finds the clauses of a sentence by dynamic programming over possible boundaries, scored by what each piece calls. */
import type { Certainty } from './calibrate.ts'
import { beginsClause, isCommand } from './clause-beginning.ts'
import { chunksOf, type Chunk } from './clause.ts'
import type { EnglishWords } from './english-words.ts'
import type { Knowledge } from './knowledge.ts'
import { politeness } from './lexicon/function-words.ts'
import type { MarkerKind } from './markers.ts'
import { isUndone, type Evidence } from './matcher.ts'
import type { Profile } from './profile.ts'
import type { Word } from './word.ts'

export type Segment = {
  readonly from: number
  readonly to: number
  /** Without the words that join it to others. */
  readonly words: readonly Word[]
  readonly markers: readonly MarkerKind[]
  readonly trailing: readonly MarkerKind[]
  readonly sentence: number
  readonly question: boolean
  /** An entry of a numbered or bulleted list. */
  readonly item: boolean
  readonly clause: boolean
  /** The word or mark that follows. */
  readonly next: Word | undefined
  /** The capability that has an example of these very words. */
  readonly verbatim: Profile | undefined
  /** Begins with a command. */
  readonly imperative: boolean
  readonly ranking: readonly Evidence[]
  readonly inScope: number
  readonly confidence: number
}

type Reading = Certainty & { readonly ranking: readonly Evidence[] }

/** Ranks the capabilities for a span; remembers spans it has seen, and refuses work beyond its budget. */
export type Reader = (from: number, to: number) => Reading

/** Spans of a request that are matched against the catalog, and words in them, in all. People's requests take a tenth. */
const mostReadings = 400
const mostWordsRead = 2_400

export function createReader(words: readonly Word[], { matcher, calibration }: Knowledge): Reader & { exhausted(): boolean } {
  const seen = new Map<string, Reading>()
  let left = mostReadings
  let wordsLeft = mostWordsRead
  const read = (from: number, to: number): Reading => {
    const span = words.slice(from, to)
    const key = span.map((word) => word.word).join(' ')
    const known = seen.get(key)
    if (known) return known
    if (left <= 0 || wordsLeft <= 0) return { ranking: [], inScope: 0, confidence: 0 }
    left--
    wordsLeft -= span.length
    const ranking = matcher.match(span)
    const reading = { ranking: ranking.filter((evidence, place) => place < 6 || isUndone(evidence)), ...calibration.certainty(ranking) }
    seen.set(key, reading)
    return reading
  }
  return Object.assign(read, { exhausted: () => left <= 0 || wordsLeft <= 0 })
}

const strong: ReadonlySet<MarkerKind> = new Set(['then', 'last', 'afterThat', 'beforeThat', 'after', 'before', 'if', 'unless', 'failing', 'correct', 'withdraw', 'but', 'while', 'because', 'without', 'insteadOf', 'until'])
/** Clauses in one piece of a sentence. */
const longestPiece = 7

/** The clauses of a sentence; `carried` are markers of a sentence that had nothing else, `left` those of this one. */
export function segmentsOf(words: readonly Word[], sentence: { from: number; to: number; question: boolean; item: boolean }, number: number, carried: readonly MarkerKind[], knowledge: Knowledge, read: Reader): { readonly segments: Segment[]; readonly left: readonly MarkerKind[] } {
  // "Scratch that. Book room 16.": what is withdrawn is what was said before.
  const { chunks: cut, left } = chunksOf(words, sentence.from, sentence.to, carried.map((marker) => (marker === 'withdraw' ? 'correct' : marker)), knowledge)
  // "Make it 19 degrees in b" corrects nothing where an example says so.
  const found = cut.map((chunk): Chunk => (chunk.bodyFrom > chunk.from && chunk.markers.includes('correct') && knowledge.verbatim(words.slice(chunk.from, chunk.to)) ? { ...chunk, bodyFrom: chunk.from, markers: chunk.markers.filter((marker) => marker !== 'correct') } : chunk))
  // "Drain and reboot a", where an example says so, is one task.
  const whole = found.length > 1 && !found.some(({ markers }) => markers.includes('correct') || markers.includes('withdraw')) && knowledge.verbatim(words.slice(found[0]!.bodyFrom, found.at(-1)!.to)) !== undefined
  const chunks = whole ? [{ ...found[0]!, to: found.at(-1)!.to, trailing: found.at(-1)!.trailing }] : found.length > longestPiece ? withLists(words, found) : found
  const count = chunks.length
  const best: { value: number; start: number }[] = [{ value: 0, start: 0 }]
  for (let end = 1; end <= count; end++) {
    let choice = { value: -Infinity, start: end - 1 }
    for (let start = end - 1; start >= Math.max(0, end - longestPiece); start--) {
      if (start < end - 1 && (breaks(chunks[start + 1]!) || leads(words, chunks[start]!, chunks[start + 1]!, knowledge.english) || forbids(words, chunks[start]!) && beginsClause(words.slice(chunks[start + 1]!.bodyFrom, chunks[start + 1]!.to), knowledge.english))) break
      const value = best[start]!.value + worth(words, chunks, start, end, knowledge, read)
      if (value > choice.value) choice = { value, start }
    }
    best.push(choice)
  }
  const pieces: Segment[] = []
  for (let end = count; end > 0; end = best[end]!.start) {
    const start = best[end]!.start
    const [first, last] = [chunks[start]!, chunks[end - 1]!]
    const body = words.slice(first.bodyFrom, last.to)
    pieces.unshift({
      from: first.from, to: last.to, words: body, markers: first.markers, sentence: number, item: sentence.item, question: sentence.question && end === count,
      trailing: chunks.slice(start, end).flatMap((chunk) => chunk.trailing), clause: beginsClause(body, knowledge.english) || orders(words, chunks, start, knowledge.english), next: words[last.to], verbatim: knowledge.verbatim(body), imperative: isCommand(body, knowledge.english), ...read(first.bodyFrom, last.to),
    })
  }
  return { segments: pieces, left }
}

/** A sentence of many pieces is hardly one of many clauses: entries of a list that are values alone stay with what they follow. */
function withLists(words: readonly Word[], chunks: readonly Chunk[]): Chunk[] {
  const result: Chunk[] = []
  for (const chunk of chunks) {
    const before = result.at(-1)
    const value = words.slice(chunk.bodyFrom, chunk.to).every((word) => word.kind !== 'word' || word.name || word.capital)
    const joins = chunk.trailing.length === 0 && chunk.markers.every((marker) => marker === 'comma' || marker === 'and' || marker === 'or')
    if (before && value && joins && before.trailing.length === 0) result[result.length - 1] = { ...before, to: chunk.to }
    else result.push(chunk)
  }
  return result
}

/** "Open door K1 and order pizza": after a command and "and" a verb without an article before it is the next command. */
function orders(words: readonly Word[], chunks: readonly Chunk[], at: number, english: EnglishWords): boolean {
  const chunk = chunks[at]!
  const [first, second] = words.slice(chunk.bodyFrom, chunk.to)
  if (at === 0 || !first || !second || !chunk.markers.some((marker) => marker === 'and' || marker === 'then' || marker === 'comma')) return false
  const verb = first.kind === 'word' && !first.inEnum && !first.capital && !first.name && first.actions.length > 0 && english.canBeVerb(first.word)
  return verb && second.kind === 'word' && !second.stop && /^[nj]/.test(english.tags(second.word)) && isCommand(words.slice(chunks[0]!.bodyFrom, chunks[0]!.to), english)
}

/** A correction never runs into what it corrects, nor a condition into what it holds for. */
const breaks = (chunk: Chunk): boolean => chunk.markers.some((marker) => ['correct', 'withdraw', 'failing', 'if', 'unless', 'without'].includes(marker))

/** "As soon as it is up, install X": a command behind a subordinate clause and a comma is its main clause. */
function leads(words: readonly Word[], first: Chunk, second: Chunk, english: EnglishWords): boolean {
  // "R-7 belongs to Ms Ito: prolong it": what is told ends at the colon.
  if (second.markers.includes('colon') && isCommand(words.slice(second.bodyFrom, second.to), english) && !isCommand(words.slice(first.bodyFrom, first.to), english) && isTold(words.slice(first.bodyFrom, first.to), english)) return true
  return first.markers.some((marker) => marker === 'after' || marker === 'before' || marker === 'if' || marker === 'unless' || marker === 'until' || marker === 'because') && second.markers.includes('comma') && isCommand(words.slice(second.bodyFrom, second.to), english)
}

const isTold = (words: readonly Word[], english: EnglishWords): boolean => /^(?:as (?:for|to|regards)|regarding|concerning|about|with (?:regard|respect))\b/.test(words.slice(0, 2).map(({ word }) => word).join(' ')) || words.slice(1, 6).some((word) => word.kind === 'word' && !word.inEnum && /^z/.test(english.tags(word.word)))

const prohibitions: ReadonlySet<string> = new Set(["don't", 'never', 'nobody', 'keep', 'leave', 'spare', 'nonot'])

/** "Keep off X, only Y is to be done": what is forbidden ends where the next clause begins. */
function forbids(words: readonly Word[], { bodyFrom, to }: Chunk): boolean {
  const [first, second] = words.slice(bodyFrom, to).filter((word) => word.kind !== 'punct' && !politeness.has(word.word))
  return first !== undefined && (prohibitions.has(first.word) || first.word === 'do' && second?.word === 'not')
}

/** Of a piece that says what an example says, joined to others or not. */
const inVerbatim = 1.1

const isName = (word: Word | undefined): boolean => word !== undefined && (word.name || word.capital || /[-_\d]/.test(word.text) && !word.inEnum || word.kind === 'entity' && word.entity !== 'number' && word.entity !== 'measure')

function worth(words: readonly Word[], chunks: readonly Chunk[], start: number, end: number, { calibration, english, verbatim }: Knowledge, read: Reader): number {
  const first = chunks[start]!
  const body = words.slice(first.bodyFrom, chunks[end - 1]!.to)
  if (start > 0 && verbatim(body)) return inVerbatim
  const { inScope, ranking } = read(first.bodyFrom, chunks[end - 1]!.to)
  const clause = beginsClause(body, english) || orders(words, chunks, start, english)
  // A piece that runs over a command has swallowed something.
  const swallowed = chunks.slice(start + 1, end).filter((chunk, at) => isCommand(words.slice(chunk.bodyFrom, chunk.to), english) || orders(words, chunks, start + 1 + at, english)).length * 0.25
  // Values alone are no clause: something must be said of them.
  // "Get a, b and c blocked": a light verb waits for the word that says what is done.
  const waits = body.find((word) => word.kind === 'word' && !politeness.has(word.word))?.light === true && end < chunks.length && !isCommand(words.slice(chunks[end]!.bodyFrom, chunks[end]!.to), english) && !ranking.slice(0, 2).some(({ action, keys }) => action >= 0.3 || keys >= 0.5)
  // "Tag a-1 and b-2 with x": behind "and" the next name of a list.
  const before = start > 0 ? words.slice(chunks[start - 1]!.bodyFrom, first.from) : []
  const lists = start > 0 && /^(?:and|comma)$/.test(first.markers.join()) && (isName(before.at(-1)) && isName(body[0]) || before.at(-1)?.entity === 'number' && body[0]?.entity === 'number' || before.at(-2)?.kind === 'word' && before.at(-2)!.stem === body[0]?.stem && before.at(-1)!.entity === body[1]?.entity)
    && (!clause && first.markers[0] === 'and' || clause && !beginsClause(before, english)) && !(body[1]?.actions.length && english.canBeVerb(body[1].word))
  const says = !lists && (clause && !waits || (start === 0 && end === chunks.length) || ranking.some(({ action, keys, cover }, place) => place < 2 && (action >= 0.3 || keys >= 0.5 || cover >= 0.6)))
  const value = (inScope >= calibration.threshold && says ? inScope : clause && !waits && !lists ? 0.28 : -0.2) - swallowed
  if (start === 0) return value
  const joins = first.markers.some((marker) => strong.has(marker))
  if (joins) return value - (clause || inScope >= 0.6 ? 0.03 : 0.3)
  const open = first.markers.includes('bare') ? 0.15 : first.markers.includes('or') ? 0.2 : first.markers.includes('colon') || first.markers.includes('dash') ? -0.1 : 0
  return value - open - (clause ? 0.22 : 0.5)
}
