import type { LanguageKnowledge } from './annotate.ts'
import { auxiliaries, isCommand } from './clause-beginning.ts'
import { markerAt, type MarkerKind } from './markers.ts'
import { determiners, numberWords, politeness, prepositions } from './lexicon/function-words.ts'
import type { EnglishWords } from './english-words.ts'
import type { Word } from './word.ts'

/** A piece of a sentence between two possible clause boundaries. */
export type Chunk = { readonly from: number; readonly to: number; readonly bodyFrom: number; readonly markers: readonly MarkerKind[]; readonly trailing: readonly MarkerKind[] }

/** A range of words; `item` for an entry of a list, `step` for one that is told to follow the one before, `rest` for what a too long one left, `reported` for who said what. */
export type Sentence = { readonly from: number; readonly to: number; readonly question: boolean; readonly item: boolean; readonly step: boolean; readonly rest: boolean; readonly reported?: true }

/** Words of one sentence that are read together; a longer one is read in pieces, cut at a comma or "and" where there is one. */
export const longestSentence = 240

/** Splits a request into sentences. List numbers and bullets begin one, as do semicolons. */
export function sentencesOf(words: readonly Word[]): Sentence[] {
  const sentences: Sentence[] = []
  let item = false
  let step = false
  let from = 0
  const sideBySide = new Set<number>()
  const speaks = (begin: number, end: number): boolean => words.slice(begin, end).some((word) => word.kind !== 'punct')
  const close = (to: number, next: number, end: string): void => {
    let rest = false
    while (to - from > longestSentence) {
      const cut = cutOf(words, from)
      if (speaks(from, cut)) sentences.push({ from, to: cut, question: false, item, step, rest })
      ;[from, item, step, rest] = [cut, false, false, true]
    }
    if (speaks(from, to)) {
      sentences.push({ from, to, question: end === '?', item, step, rest })
      if (end === ';') sideBySide.add(sentences.length - 1)
    }
    from = next
    item = end === 'item' || end === 'step'
    step = end === 'step'
  }
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word.kind === 'punct' && /^[.!?;\n。！？；•·…]$/.test(word.text)) {
      close(at, at + 1, word.text.replace('？', '?').replace('；', ';'))
      continue
    }
    // A quotation that ends a sentence: "It said "Done." Then ..."
    if (endsSentence(word, words[at + 1])) {
      close(at + 1, at + 1, '.')
      continue
    }
    const number = stepMarker(words, at) || listMarker(words, at)
    if (number) {
      close(at, at + number, stepMarker(words, at) && sentences.length + Number(from < at) > 0 ? 'step' : 'item')
      at += number - 1
    }
  }
  close(words.length, words.length, '')
  // "A; b; c": what is put side by side like that are the tasks.
  const listed = (at: number): boolean => sideBySide.has(at) && (sideBySide.has(at - 1) || sideBySide.has(at + 1))
  return sentences.map((sentence, at) => (listed(at) || listed(at - 1) ? { ...sentence, item: true } : sentence))
}

const endsSentence = (word: Word, next: Word | undefined): boolean => word.entity === 'quoted' && /[.!?。！？]$/.test(String(word.value)) && next?.kind === 'word' && /^\p{Lu}/u.test(next.text)

/** Behind the last comma or before the last "and" of a piece that is as long as may be; its end where the second half has neither. */
function cutOf(words: readonly Word[], from: number): number {
  const end = from + longestSentence
  for (let at = end; at > from + longestSentence / 2; at--) if (/^[,，、]$/.test(words[at - 1]!.text) || words[at]!.word === 'and') return at
  return end
}

/** "Step 2:", "task 3 -" where a clause begins. */
function stepMarker(words: readonly Word[], at: number): number {
  const before = words[at - 1]
  const [one, two, three] = [words[at]!, words[at + 1], words[at + 2]]
  if (before && before.kind !== 'punct' || !/^(?:step|task|part|point|item|job|no|nr|number)$/.test(one.word)) return 0
  const counted = two !== undefined && (two.entity === 'number' || numberWords.has(two.word))
  return counted && three?.kind === 'punct' && /^[:.),–—-]$/.test(three.text) ? 3 : 0
}

/** "1)", "2.", "(3)", "a)", "-", "*" where a line or clause begins. */
function listMarker(words: readonly Word[], at: number): number {
  if (words[at]!.kind === 'word' && words[at]!.text.length > 1) return 0
  const before = words[at - 1]
  const lineStart = !before || (before.kind === 'punct' && /^[\n:;,.]$/.test(before.text))
  const [one, two, three] = [words[at]!, words[at + 1], words[at + 2]]
  const close = (word: Word | undefined): boolean => word?.text === ')' || (word?.text === '.' && lineStart)
  const label = (word: Word | undefined): boolean => !!word && (word.entity === 'number' ? Number(word.value) < 100 : /^[a-hA-H]$/.test(word.text))
  if (one.text === '(' && label(two) && three?.text === ')') return 3
  if (label(one) && close(two) && (two?.text === ')' || three !== undefined && three.kind !== 'punct')) return (two?.text === ')' || lineStart) ? 2 : 0
  if (lineStart && before?.text !== ',' && /^[-*–—•]$/.test(one.text) && one.kind === 'punct') return 1
  return 0
}

/** Cuts a sentence at every place where a clause might begin. Markers at the end of a clause belong to it. */
export function chunksOf(words: readonly Word[], from: number, to: number, carried: readonly MarkerKind[], language: Pick<LanguageKnowledge, 'english' | 'vocabulary'>): { readonly chunks: Chunk[]; readonly left: readonly MarkerKind[] } {
  const sentence = words.slice(from, to)
  const chunks: { from: number; to: number; bodyFrom: number; markers: MarkerKind[]; trailing: MarkerKind[] }[] = []
  let at = 0
  const accomplished = withDone(sentence, language.english)
  let current = { from, to, bodyFrom: accomplished ? from + 1 : from, markers: accomplished ? [...carried, 'after' as const] : [...carried], trailing: [] as MarkerKind[] }
  const push = (end: number): void => {
    current.to = end
    const body = words.slice(current.bodyFrom, end).filter((word) => word.kind !== 'punct' && !politeness.has(word.word))
    const previous = chunks.at(-1)
    if (body.length) chunks.push(current)
    else if (previous) {
      const lasting = current.markers.filter((marker) => marker !== 'comma' && marker !== 'and' && marker !== 'dash')
      // An empty piece between two clauses belongs to the next one, at the end of the sentence to the one before.
      if (end >= to) previous.trailing.push(...lasting)
      else pending = current.markers
    } else pending = current.markers
  }
  let pending: MarkerKind[] = []
  while (at < sentence.length) {
    const marker = markerAt(sentence, at)
    if (!marker || !isBoundary(sentence, at, marker.kind, marker.length)) {
      if (isBare(sentence, at, current.bodyFrom - from, current.markers, language)) {
        push(from + at)
        current = { from: from + at, to, bodyFrom: from + at, markers: ['bare'], trailing: [] }
      }
      at++
      continue
    }
    push(from + at)
    const markers: MarkerKind[] = [...pending]
    pending = []
    const start = from + at
    while (at < sentence.length) {
      const next = markerAt(sentence, at)
      if (next && (next.kind !== 'colon') && isBoundary(sentence, at, next.kind, next.length)) {
        markers.push(next.kind)
        at += next.length
      } else if (next?.kind === 'colon') {
        markers.push('colon')
        at++
      } else if (politeness.has(sentence[at]!.word) && !['first', 'next', 'last'].includes(sentence[at]!.word)) at++
      else break
    }
    current = { from: start, to, bodyFrom: from + at, markers, trailing: [] }
  }
  push(to)
  return { chunks, left: chunks.length ? [] : pending.filter((marker) => marker !== 'comma') }
}

/** "With the report sent, close the case": what is done is said before a comma. */
function withDone(sentence: readonly Word[], english: EnglishWords): boolean {
  if (sentence[0]?.word !== 'with') return false
  const comma = sentence.findIndex((word) => word.text === ',')
  const last = sentence.slice(1, Math.max(1, comma)).findLast((word) => word.kind === 'word' && !word.stop)
  return comma > 2 && last !== undefined && /^e|ej|ne/.test(english.tags(last.word)) && last.actions.length > 0 && isCommand(sentence.slice(comma + 1), english)
}

const subordinating: ReadonlySet<MarkerKind> = new Set(['after', 'before', 'if', 'unless', 'while', 'until', 'failing', 'insteadOf', 'without'])
const inverted: ReadonlySet<string> = new Set(['may', 'can', 'should', 'must', 'shall'])

/** "Once X is done restart Y", "deploy X add Y": a command with no word or comma before it. */
function isBare(sentence: readonly Word[], at: number, start: number, markers: readonly MarkerKind[], { english, vocabulary }: Pick<LanguageKnowledge, 'english' | 'vocabulary'>): boolean {
  const word = sentence[at]!
  const before = sentence[at - 1]
  const next = sentence[at + 1]
  // "Prior to locking a please wash b"
  if (word.word === 'please' && next && at - start >= 2 && markers.some((marker) => subordinating.has(marker)) && isCommand(sentence.slice(at + 1, at + 5), english)) return true
  if (!before || !next || at - start < 2 || word.kind !== 'word' || word.time || word.inEnum || word.name || word.capital) return false
  if (before.kind === 'punct' || (before.kind === 'word' && before.stop && !['done', 'up', 'off', 'on', 'down', 'out', 'over', 'through', 'there', 'it', 'that', 'them', 'okay', 'ok', 'so', 'not', 'well', 'again'].includes(before.word))) return false
  const under = markers.some((marker) => subordinating.has(marker))
  if (under && determiners.has(word.word) && word.word !== 'that' && /^[eg]|e/.test(english.tags(before.word)) && before.kind === 'word' && !before.stop) return sentence.slice(at + 2, at + 6).some((one) => one.kind === 'word' && auxiliaries.has(one.word))
  if (under && inverted.has(word.word) && next.kind === 'word' && determiners.has(next.word)) return true
  if (!(word.actions.length || word.light) || !(english.canBeVerb(word.word) || vocabulary.words.has(word.word))) return false
  const object = determiners.has(next.word) || next.kind === 'entity' || next.inEnum || next.name || next.word === 'it' || next.word === 'them'
  if (under) return object
  return object && !next.stop && english.isMainlyVerb(word.word) && vocabulary.words.has(word.word) && (before.inEnum || before.kind === 'entity' || before.name)
}

const nominal: ReadonlySet<string> = new Set(['first', 'last', 'next', 'second', 'third', 'fourth', 'no', 'as', 'since', 'following', 'upon', 'should', 'better', 'rather', 'instead', 'also', 'wait', 'except', 'later', 'make', 'actually', 'sorry', 'yet', 'besides', 'at'])

/** Some markers are ordinary words elsewhere: the first floor, as pdf, the following hosts. */
function isBoundary(sentence: readonly Word[], at: number, kind: MarkerKind, length: number): boolean {
  const word = sentence[at]!
  const next = sentence[at + length]
  const before = sentence[at - 1]
  // "Check, whether it works": a comma that other languages put.
  if (kind === 'comma' && (next?.word === 'whether' || next?.word === 'that' || next?.word === 'if') && at > 0 && at <= 2 && inquiring.has(before!.word)) return false
  if (kind === 'comma' || kind === 'colon') return true
  if (kind === 'dash') return before !== undefined && next !== undefined
  if (word.word === 'if' && length === 1 && asksWhether(sentence, at)) return false
  if (word.word === 'if' && length === 2 && (sentence[at + 1]!.word === 'not' || sentence[at + 1]!.word === 'so' || sentence[at + 1]!.word === 'yes')) return !next || next.kind === 'punct'
  if (word.word === 'and' && length === 1 && joinsBoth(sentence, at)) return false
  // "That should have been x" corrects, "x should have been done" does not.
  if (kind === 'correct' && word.word === 'should' && length > 1) return !before || before.kind === 'punct'
  if (word.word === 'make' && length > 1) return makesCorrection(sentence, at, length)
  if (word.word === 'the' && before && prepositions.has(before.word)) return false
  if (word.word === 'sorry' && next && ['for', 'to', 'about', 'that', 'if'].includes(next.word)) return false
  if (!nominal.has(word.word) || length > 1) {
    if (kind === 'after' && word.word === 'having') return !before || before.kind === 'punct'
    if (kind === 'after' && word.word === 'follows' || word.word === 'precedes') return next !== undefined && before?.word !== 'as'
    if (kind === 'before' || kind === 'after') return next !== undefined
    return true
  }
  const clauseEdge = !before || before.kind === 'punct' || before.word === 'and' || before.word === 'but' || before.word === 'then'
  if (word.word === 'as' || word.word === 'since' || word.word === 'upon') return false
  if (word.word === 'no' || word.word === 'wait' || word.word === 'sorry' || word.word === 'actually' || word.word === 'better' || word.word === 'rather' || word.word === 'make') {
    if (word.word === 'no' && !(next?.kind === 'punct' || !next && !before || (before?.text === ',' && (next?.stop ?? true) && next?.word !== 'longer' && next?.word !== 'more'))) return false
    if (word.word === 'actually' || word.word === 'better' || word.word === 'rather' || word.word === 'make') return (!before || before.kind === 'punct') && word.word !== 'make'
    return clauseEdge
  }
  if (word.word === 'should') return clauseEdge && next !== undefined && !next.light && !politeness.has(next.word) && !['be', 'have', 'not', 'never'].includes(next.word) && !(next.actions.length > 0 && next.things.length === 0)
  if (word.word === 'following') return false
  if (word.word === 'instead') return !next || next.kind === 'punct'
  // "first", "last", "next": adverbs at the edge of a clause, adjectives after a determiner or a preposition
  if (before && (determiners.has(before.word) || prepositions.has(before.word))) return false
  return clauseEdge || !next || next.kind === 'punct'
}

const inquiring: ReadonlySet<string> = new Set(['see', 'check', 'know', 'verify', 'test', 'ask', 'out', 'sure', 'determine', 'look', 'wonder', 'wondering', 'confirm', 'examine', 'tell', 'say', 'report', 'question', 'learn', 'understand'])

/** "See if it works", "tell me if it works": the question whether, no condition. */
function asksWhether(sentence: readonly Word[], at: number): boolean {
  const before = sentence[at - 1]?.text === ',' ? sentence[at - 2] : sentence[at - 1]
  if (!before) return false
  if (sentence[at - 1]!.text === ',') return at === 2 && inquiring.has(before.word)
  return inquiring.has(before.word) || (before.word === 'me' || before.word === 'us') && /^(?:tell|show|inform)$/.test(sentence[at - 2]?.word ?? '')
}

/** "Both a and b": one phrase, unless both are done to something. */
function joinsBoth(sentence: readonly Word[], at: number): boolean {
  for (let look = at - 1; look > 0 && look >= at - 7; look--) {
    const word = sentence[look]!
    if (word.kind === 'punct') return false
    if (word.word !== 'both') continue
    const first = sentence[look + 1]!
    return look + 1 < at && (first.kind === 'entity' || first.name || first.inEnum || first.capital || determiners.has(first.word) || !first.actions.length)
  }
  return false
}

/** "No, make it four" corrects; "we have a cluster: make it the default" does not. */
function makesCorrection(sentence: readonly Word[], at: number, length: number): boolean {
  const before = sentence[at - 1]
  if (before && (before.kind !== 'punct' || before.text === ':')) return false
  const next = sentence[at + length]
  return next !== undefined && (before?.text === ',' || !determiners.has(next.word))
}
