/** The order that a request asks for, from the words that join its clauses. */
import type { MarkerKind } from './markers.ts'
import type { Part } from './part.ts'

/** Positions of parts: the first must be done before the second. */
export type Edge = readonly [before: number, after: number]

/**
 * Edges between the parts that are calls. Only markers of order make an edge; a plain "and" or a new sentence does not.
 */
export function relationsOf(parts: readonly Part[]): Edge[] {
  const edges: Edge[] = []
  const isCall = (index: number): boolean => parts[index]?.kind === 'call' || parts[index]?.kind === 'unclear'
  const sentence = (index: number): number => parts[index]!.segment.sentence
  const previous = (index: number): number | null => {
    for (let at = index - 1; at >= 0; at--) if (isCall(at)) return at
    return null
  }
  /** Calls that follow in the same sentence, up to the next marker of order. */
  const following = (index: number): number[] => {
    const found: number[] = []
    for (let at = index + 1; at < parts.length && sentence(at) === sentence(index); at++) {
      if (found.length && parts[at]!.segment.markers.some((marker) => ordering.has(marker))) break
      if (isCall(at)) found.push(at)
    }
    return found
  }
  const all = parts.map((_, index) => index).filter(isCall)
  const add = (before: number | null, after: number | null): void => {
    if (before !== null && after !== null && before !== after && isCall(before) && isCall(after)) edges.push([before, after])
  }

  parts.forEach((part, index) => {
    const markers = new Set<MarkerKind>([...part.segment.markers])
    const trailing = new Set<MarkerKind>(part.segment.trailing)
    const before = previous(index)
    const earlier = all.filter((at) => at < index)
    if (isSequence(part)) all.filter((at) => at <= index && sentence(at) === sentence(index)).forEach((at, place, calls) => add(calls[place - 1] ?? null, at))
    if (part.kind === 'background') {
      // "Once that has gone through, …": the clause itself calls nothing but what comes next waits.
      if (markers.has('after') && part.segment.from >= 0 && before !== null && isBackReference(part)) for (const next of following(index)) add(before, next)
      return
    }
    if (part.kind === 'condition') {
      const about = part.refersTo === undefined ? before : parts.findIndex((one) => one.segment.from === part.refersTo)
      const next = following(index)
      // "Do Y when X is there": the clause stands behind what waits.
      if (!next.length && before !== about && before !== null && sentence(before) === sentence(index)) add(about, before)
      for (const at of next) add(about, at)
      return
    }
    if (!isCall(index)) return
    const opens = sentenceStart(parts, index)
    const main = following(index)
    if (markers.has('after') || markers.has('if') || markers.has('unless')) {
      // "After X, do Y" against "do Y after X"; both may have several.
      const awaited = subordinated(parts, index, isCall)
      const rest = main.filter((at) => !awaited.includes(at))
      for (const at of awaited) {
        if (opens && rest.length) for (const next of rest) add(at, next)
        // "X, and if need be Y": what comes behind "and" comes after.
        else if (before !== null && !opens && markers.has('if') && markers.has('and')) add(before, at)
        else if (before !== null && !opens) add(at, before)
      }
    } else if (markers.has('before') || markers.has('until')) {
      const late = subordinated(parts, index, isCall)
      const rest = main.filter((at) => !late.includes(at))
      for (const at of late) {
        if (opens && rest.length) for (const next of rest) add(next, at)
        else if (before !== null && !opens) for (const early of coordinated(parts, before, isCall)) add(early, at)
      }
    }
    if (markers.has('then') || trailing.has('then')) for (const at of lastGroup(parts, index, isCall)) add(at, index)
    if (markers.has('last') || trailing.has('last')) for (const at of earlier) add(at, index)
    // "X comes last. Before it …": the others are still to come.
    if (trailing.has('last') && !earlier.length) for (const at of all) add(at, index)
    if (markers.has('afterThat') || trailing.has('afterThat')) {
      const far = earlier.length > 1 && before !== null && sentence(before) !== sentence(index)
      const awaited = far ? lastSentenceOrAll(parts, index, isCall) : coordinated(parts, before, isCall)
      // "After that do this and this": both wait.
      for (const later of markers.has('afterThat') ? [index, ...joinedTo(parts, index, isCall)] : [index]) for (const at of awaited) add(at, later)
    }
    if (markers.has('failing') || trailing.has('failing')) for (const later of markers.has('failing') ? [index, ...joinedTo(parts, index, isCall)] : [index]) add(before, later)
    if (trailing.has('beforeThat') || (markers.has('beforeThat') && before !== null)) {
      const late = earlier.filter((one) => sentence(one) === (opens ? sentence(before!) : sentence(index)))
      for (const early of markers.has('beforeThat') && opens ? [index, ...joinedTo(parts, index, isCall)] : [index]) for (const at of late) add(early, at)
    }
    if ((trailing.has('first') || markers.has('first')) && before !== null) {
      for (const at of earlier.filter((one) => sentence(one) === (opens ? sentence(before) : sentence(index)))) add(index, at)
    }
    // "First X, then Y" is told by Y; "first X. Y and Z." is not told by anything else.
    if (markers.has('first') && before === null && main.length && !main.some((at) => parts[at]!.segment.markers.some((marker) => ordering.has(marker)))) for (const next of main) add(index, next)
  })
  return edges
}

const ordering: ReadonlySet<MarkerKind> = new Set(['then', 'last', 'afterThat', 'beforeThat', 'after', 'before', 'if', 'failing', 'until', 'unless'])

function sentenceStart(parts: readonly Part[], index: number): boolean {
  const number = parts[index]!.segment.sentence
  for (let at = index - 1; at >= 0 && parts[at]!.segment.sentence === number; at--) if (parts[at]!.kind === 'call' || parts[at]!.kind === 'unclear') return false
  return true
}

/** The calls joined to this one by plain "and" within its sentence, itself included. */
function coordinated(parts: readonly Part[], last: number | null, isCall: (index: number) => boolean): number[] {
  if (last === null) return []
  const found = [last]
  for (let at = last; at > 0 && parts[at - 1]!.segment.sentence === parts[last]!.segment.sentence; at--) {
    if (parts[at]!.segment.markers.some((marker) => ordering.has(marker))) break
    if (isCall(at - 1)) found.push(at - 1)
  }
  return found
}

/** "Once X is done and Y is there, …": the calls of a subordinate clause, which ends at a comma or where the form changes. */
function subordinated(parts: readonly Part[], index: number, isCall: (index: number) => boolean): number[] {
  const found = [index]
  const form = ({ segment }: Part): string => (segment.words[0]?.word.endsWith('ing') ? 'ing' : segment.imperative ? 'command' : 'clause')
  for (let at = index + 1; at < parts.length && parts[at]!.segment.sentence === parts[index]!.segment.sentence; at++) {
    if (parts[at]!.segment.markers.join() !== 'and' || form(parts[at]!) !== form(parts[index]!) || form(parts[at]!) === 'command') break
    if (isCall(at)) found.push(at)
  }
  return found
}

/** The calls of the same sentence that follow this one, joined by no word of order. */
function joinedTo(parts: readonly Part[], index: number, isCall: (index: number) => boolean): number[] {
  const found: number[] = []
  for (let at = index + 1; at < parts.length && parts[at]!.segment.sentence === parts[index]!.segment.sentence; at++) {
    if (parts[at]!.segment.markers.some((marker) => ordering.has(marker))) break
    if (isCall(at)) found.push(at)
  }
  return found
}

function lastGroup(parts: readonly Part[], index: number, isCall: (index: number) => boolean): number[] {
  for (let at = index - 1; at >= 0; at--) if (isCall(at)) return coordinated(parts, at, isCall)
  return []
}

function lastSentenceOrAll(parts: readonly Part[], index: number, isCall: (index: number) => boolean): number[] {
  return parts.map((_, at) => at).filter((at) => at < index && isCall(at)).slice(-2)
}

const doneWords: ReadonlySet<string> = new Set(['done', 'finished', 'complete', 'completed', 'ready', 'works', 'succeeded', 'succeeds', 'through', 'over', 'worked', 'successful', 'that', 'this', 'it', 'both', 'these'])
const isBackReference = (part: Part): boolean => part.segment.words.some((word) => doneWords.has(word.word))

/** "…, in that order" */
const isSequence = ({ segment }: Part): boolean => /(?:^| )in (?:exactly )?(?:this|that|the given) (?:order|sequence)(?: please)?$/.test(segment.words.filter((word) => word.kind === 'word').map((word) => word.word).join(' '))

/** Orders positions so that every edge is kept and the order of mention otherwise; edges that close a circle are dropped. */
export function orderOf(count: number, edges: readonly Edge[]): { readonly order: number[]; readonly kept: Edge[] } {
  const next = Array.from({ length: count }, (): number[] => [])
  const kept: Edge[] = []
  const reaches = (from: number, to: number): boolean => {
    const seen = new Set([from])
    const stack = [from]
    while (stack.length) {
      const at = stack.pop()!
      if (at === to) return true
      for (const other of next[at]!) if (!seen.has(other)) {
        seen.add(other)
        stack.push(other)
      }
    }
    return false
  }
  for (const [before, after] of edges) {
    if (next[before]!.includes(after) || reaches(after, before)) continue
    next[before]!.push(after)
    kept.push([before, after])
  }
  const waiting = Array.from({ length: count }, (_, at) => kept.filter(([, after]) => after === at).length)
  const order: number[] = []
  const open = new Set(waiting.map((_, at) => at))
  while (open.size) {
    const at = [...open].find((one) => waiting[one] === 0)!
    open.delete(at)
    order.push(at)
    for (const other of next[at]!) waiting[other]!--
  }
  return { order, kept }
}
