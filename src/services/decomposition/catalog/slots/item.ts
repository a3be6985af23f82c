/** Candidate values of a clause: noun phrases and entities with what stands around them. */
import type { EnglishWords } from '../english-words.ts'
import { determiners, prepositions } from '../lexicon/function-words.ts'
import { markerAt } from '../markers.ts'
import { minutesPerUnit, type NumberSpan } from '../numbers.ts'
import type { Word } from '../word.ts'
import type { Seen } from './fill.ts'
import { extendsName, identifierAt, isFinite, isNamed, isNameLike, joining, naming, predicates, speaking } from './noun-phrase.ts'
import type { SlotKnowledge } from './slot-knowledge.ts'

export type Item = {
  readonly kind: 'enum' | 'number' | 'time' | 'entity' | 'text'
  readonly words: readonly Word[]
  /** Preposition before it, '' for a direct object. */
  readonly preposition: string
  /** Parameters whose own noun stands directly beside it. */
  readonly cues: ReadonlySet<string>
  /** Items joined by commas or "and" have the same group. */
  readonly group: number
  readonly number: NumberSpan | null
  /** Ordinary words behind an article: "the kitchen", "our cluster". */
  readonly described: boolean
  /** "Its state": ordinary words for what something else has. */
  readonly possessed: boolean
  /** Who needs, gets or becomes something: "lena needs access". */
  readonly subject: boolean
  /** "Disk a of b": what another value belongs to. */
  readonly owner: boolean
  /** Behind a preposition with neither an article before nor a noun behind it: "from fast to slow". */
  readonly alone: boolean
  /** The word before it. */
  readonly before: string
  /** Behind a comma or "and". */
  readonly follows: boolean
  readonly from: number
  readonly to: number
}

/** "under the name X" */
const naming2: ReadonlySet<string> = new Set(['name', 'title', 'label'])

const nearing: ReadonlySet<string> = new Set(['last', 'past', 'next', 'previous', 'coming', 'following', 'preceding'])
/** Nouns that name nothing by themselves: "the way it was", "for the time being". */
const empty: ReadonlySet<string> = new Set(['way', 'ways', 'moment', 'sake', 'fact', 'while', 'time', 'bunch', 'being', 'kind', 'sort', 'help', 'favour', 'favor', 'people', 'folks', 'times'])
const measuring: ReadonlySet<string> = new Set(['enough', 'sufficient', 'plenty', 'several', 'various', 'additional', 'extra', 'further', 'spare', 'fresh', 'remaining'])
/** What is counted in "five things" and "two people" is no value of a task. */
const anything: ReadonlySet<string> = new Set(['things', 'people', 'tasks', 'jobs', 'points', 'requests', 'steps', 'wishes', 'favours', 'favors', 'matters', 'chores', 'errands', 'questions'])
/** "Five boxes of gloves": the gloves are meant. */
const containers: ReadonlySet<string> = new Set(['boxes', 'box', 'packs', 'pack', 'packages', 'packets', 'bottles', 'bags', 'pairs', 'sheets', 'rolls', 'cartons', 'cans', 'crates', 'tubes', 'sets', 'pieces', 'units', 'copies', 'bunches', 'pallets', 'cases', 'reams', 'tins', 'jars', 'sacks'])
/** Adverbs that the lists of words know as nouns, too. */
const adverbs: ReadonlySet<string> = new Set(['down', 'apart', 'aside', 'forward', 'ahead'])
const rooms: ReadonlySet<string> = new Set(['room', 'hall', 'office', 'lounge', 'building', 'area', 'lab', 'kitchen', 'lobby', 'centre', 'center', 'desk'])
const possessive: ReadonlySet<string> = new Set(['its', 'their', 'his', 'her'])
const receiving: ReadonlySet<string> = new Set(['needs', 'need', 'gets', 'get', 'wants', 'becomes', 'requires', 'receives', 'should', 'must', 'may', 'has', 'shall', 'is', 'would'])

/** Candidate values from left to right. */
export function itemsOf(words: readonly Word[], slots: SlotKnowledge, { main, numbers }: Seen, english: EnglishWords): Item[] {
  // "Bring a water bottle", "do the poster printing": a noun that calls something else is a value here.
  const noun = slots.takesTasks && main >= 0 && !slots.isOwn(words[main]!) && /n/.test(english.tags(words[main + 1]?.word ?? '')) && /n/.test(english.tags(words[main]!.word)) || main > 0 && (slots.takesTasks ? /[gn]/ : /^[gn]/).test(english.tags(words[main]!.word)) && (slots.takesTasks || !slots.isAct(words[main]!)) && (determiners.has(words[main - 1]!.word) || words[main - 1]!.kind === 'word' && !words[main - 1]!.stop && !words[main - 1]!.light)
  const isTrigger = (word: Word, at: number): boolean => at === main && !noun || word.opensPhrase && !word.name || slots.isTrigger(word) || isFinite(words, at, slots, english)
  const items: (Omit<Item, 'cues'> & { cues: Set<string> })[] = []
  let preposition = ''
  let cueBefore: readonly string[] = []
  let group = 0
  let joined = false
  let between = false
  const push = (kind: Item['kind'], from: number, to: number, number: NumberSpan | null = null): void => {
    const last = items.at(-1)
    // "nginx on a and redis on b": redis stands where nginx does, not where a does.
    const alike = joined && last && prepositions.has(words[to]?.word ?? '') && !items.some((item) => item.group === last.group && isAlike(item, kind, words[from]!)) ? items.findLast((item) => isAlike(item, kind, words[from]!)) : undefined
    // "a to x and b to y": b stands where a does.
    const round = joined && last && last.preposition !== '' && words[to]?.word === last.preposition ? items.findLast((item) => item.group !== last.group) : undefined
    if (alike ?? round) [joined, preposition] = [false, (alike ?? round)!.preposition]
    if (!joined) group++
    const cues = new Set(cueBefore)
    items.push({ kind, words: words.slice(from, to), preposition, cues, group, number, described: isDescribed(words, from, to), possessed: isDescribed(words, from, to) && possessive.has(words[from - 1]!.word), subject: !preposition && receiving.has(words[to]?.word ?? ''), owner: preposition === 'of' && last !== undefined && isOwner(words, last, from), alone: words[from - 1]?.word === preposition && endsPhrase(words[to]), before: words[from - 1]?.word ?? '', follows: hasJoint(words, from), from, to })
    joined = false
  }
  let at = 0
  while (at < words.length) {
    const word = words[at]!
    const previous = items.at(-1)
    if (word.kind === 'punct') {
      if (items.length === 1 && previous!.preposition !== '' && word.text === ',' && opensClause(words, at + 1, main)) [preposition, cueBefore] = ['', []]
      else if (previous && previous.to === at && /^[,&+/、]$/.test(word.text)) joined = true
      else if (word.text !== ',') [preposition, cueBefore, joined] = ['', [], false]
      at++
      continue
    }
    if (between && word.word === 'and' && previous) {
      ;[preposition, between] = ['to', false]
      at++
      continue
    }
    if (word.inPhrase && !word.name && !word.capital && !word.stop && !word.inEnum && !prepositions.has(word.word) && !slots.cuesOf(word).length) {
      at++
      continue
    }
    const marker = joining.has(word.word) || word.inEnum ? null : markerAt(words, at)
    if (marker?.kind === 'and' && previous && previous.to === at) {
      joined = true
      at += marker.length
      continue
    }
    if (joining.has(word.word) && !word.inEnum) {
      if (previous && (previous.to === at || words[at - 1]?.kind === 'punct' || slots.cuesOf(words[at - 1]!).length)) joined = true
      at++
      continue
    }
    // "the past 3 days": the days are the value.
    if (nearing.has(word.word) && words[at + 1]?.timeStart) {
      at++
      continue
    }
    if (word.timeStart) {
      let to = at + 1
      while (to < words.length && words[to]!.time && !words[to]!.timeStart) to++
      // "At the desk tomorrow": what led to the desk does not lead to the time.
      if (words[at - 1]?.word !== preposition && !(determiners.has(words[at - 1]?.word ?? '') && words[at - 2]?.word === preposition) && !joined) preposition = ''
      push('time', at, to, numbers.get(word.word === 'every' ? at + 1 : at) ?? (word.word === 'every' && words[at + 1]!.word in minutesPerUnit ? { value: 1, from: at, to, unit: words[at + 1]!.word } : null))
      ;[at, cueBefore, preposition] = [to, [], '']
      if (words[at]?.word === "'s") markCueAfter(items, words, at, slots)
      continue
    }
    const own = word.enums.length && slots.takesEnum(word)
    if (own) {
      push('enum', at, at + word.enumLength)
      at += word.enumLength
      markCueAfter(items, words, at, slots)
      continue
    }
    const number = numbers.get(at)
    // "all three", "the two of them" count what was named.
    if (number && ['all', 'both', 'these', 'those'].includes(words[at - 1]?.word ?? '') && word.entity !== 'measure') {
      at = number.to
      continue
    }
    if (number && anything.has(number.unit ?? '') && !slots.cuesOf(words[number.to]!).length) {
      at = number.to + 1
      continue
    }
    if (number && !(word.word === 'a' || word.word === 'an') && !(word.word === 'one' && (!slots.hasNumbers || prepositions.has(words[at + 1]?.word ?? '') && words[at + 1]!.word !== 'of'))) {
      push('number', at, number.to, number)
      at = number.to
      if (containers.has(words[at]?.word ?? '') && words[at + 1]?.word === 'of') at += 2
      else {
        // "64 gigabytes of memory"
        if (number.unit && number.to < words.length && !slots.cuesOf(words[at]!).length && (slots.isUnit(number.unit))) at++
        markCueAfter(items, words, words[at]?.word === 'of' && at > number.to ? at + 1 : at, slots)
      }
      continue
    }
    if (naming.has(word.word) || (naming2.has(word.word) && at !== main && !slots.cuesOf(word).length && words[at + 1] && words[at + 1]!.kind !== 'punct' && !words[at + 1]!.stop)) {
      // "On the box called mon-3": what the noun is there for its name is.
      const led = naming.has(word.word) && previous?.to === at && previous.preposition !== '' && previous.described ? previous : null
      if (led) items.pop()
      else if (naming.has(word.word) && cueBefore.length > 0 && !/^(?:|of|called)$/.test(preposition) && words.findLastIndex((one, place) => place < at && one.word === preposition) > (previous?.from ?? -1)) {
        at++
        continue
      }
      ;[preposition, cueBefore] = led ? [led.preposition, [...led.cues]] : ['called', slots.nameLike]
      at++
      continue
    }
    // "150 instead of 100", "all but x": what is not meant.
    const denied = excluding(words, at)
    if (denied > 0) {
      at = denied
      while (at < words.length && words[at]!.stop) at++
      at = numbers.get(at)?.to ?? at + 1
      continue
    }
    if (prepositions.has(word.word) && word.kind === 'word' && !(word.capital && words[at + 1]?.capital)) {
      ;[preposition, joined] = [word.word === 'between' ? 'from' : word.word, false]
      between = word.word === 'between'
      cueBefore = []
      at++
      continue
    }
    // "The table bookings": behind the noun itself a word that only comes near it is its value.
    const valued = at > 0 && cueBefore.length > 0 && slots.isLooseCue(word) && isNamed(words, at, main, cueBefore, english)
    const cue = at === main || valued ? [] : slots.cuesOf(word)
    if (cue.length && !(word.capital && at > 0 && slots.cuesOf(words[at - 1]!).length)) {
      if (previous && previous.to === at && previous.kind !== 'time' && !isModifier(previous, words[at + 1], words[at + 2])) for (const name of cue) previous.cues.add(name)
      if (!(previous && previous.to === at)) joined = joined && Boolean(previous)
      // "12 cores and 48 GB", "make the sales dashboard available": the noun behind a value leads to another one only where that is a name.
      cueBefore = previous?.to === at && !isNameLike(words[at + 1]) && !(previous.kind !== 'number' && isCounted(words[at + 1], words[at + 2])) ? [] : cue
      if (words[at + 1]?.word === ':' || words[at + 1]?.word === '=') at++
      at++
      continue
    }
    if (word.kind === 'entity') {
      push('entity', at, at + 1)
      at++
      markCueAfter(items, words, at, slots)
      continue
    }
    // "Tag a with keep": what the examples have names for is named, whatever else the word may be.
    const led = at !== main && word.kind === 'word' && !word.stop && words[at - 1]?.word === preposition && endsPhrase(words[at + 1]) && slots.specs.some((spec) => (spec.type === 'string' || spec.type === 'list') && slots.preposition(spec.name, preposition) >= 0.6)
    const named = led || !slots.isOwn(word) && isNamed(words, at, main, cueBefore, english)
    if (!named && (isTrigger(word, at) || word.stop || determiners.has(word.word))) {
      if (!determiners.has(word.word) && !word.stop) {
        cueBefore = []
        if (!(previous && previous.to === at)) preposition = word.actions.length && !word.name ? '' : preposition
      }
      // What follows "needs" or "should" is no longer led to by what stood before.
      if (previous?.to === at && predicates.has(word.word)) preposition = ''
      at++
      continue
    }
    if ((empty.has(word.word) && !cueBefore.length || adverbs.has(word.word) || speaking.has(word.word)) && !word.capital) {
      if (speaking.has(word.word)) [preposition, cueBefore] = ['', []]
      at++
      continue
    }
    // "For the same person": somebody who was named before
    if (words[at - 1]?.word === 'same' && word.kind === 'word' && !word.name && !word.capital) {
      at++
      continue
    }
    if (words[at - 1]?.word === "'s" && qualifying.has(word.word) && words[at + 1]?.kind === 'word') {
      at++
      continue
    }
    // "Enough trypsin": how much of it is no part of the name.
    if (measuring.has(word.word) && words[at + 1]?.kind === 'word' && !words[at + 1]!.stop) {
      at++
      continue
    }
    let to = at + 1
    while (!named && to < words.length && extendsName(words, to, slots, isTrigger, numbers, english)) to++
    // "The waiting room": an ordinary word before a place is part of what the place is called.
    const place = rooms.has(words[to]?.word ?? '') && words.slice(at, to).every((one) => one.kind === 'word' && !one.name && !one.capital && !/\d/.test(one.text)) && !isNameLike(words[to + 1]) && words[to + 1]?.entity !== 'number'
    push('text', identifierAt(words, at, to, english), place ? to + 1 : to)
    if (place) for (const name of slots.cuesOf(words[to]!)) items.at(-1)!.cues.add(name)
    at = place ? to + 1 : to
    markCueAfter(items, words, at, slots)
    cueBefore = words[at]?.kind === 'punct' || joining.has(words[at]?.word ?? '') ? cueBefore : []
  }
  return items
}

/** "In project x, y becomes owner": what follows the comma is the clause, not the next value. */
const opensClause = (words: readonly Word[], at: number, main: number): boolean => at === main || words[at]?.light === true || predicates.has(words[at + 1]?.word ?? '') || words[at + 1]?.word === 'becomes'

/** Where a value begins that is said not to be meant; 0 where none is. */
function excluding(words: readonly Word[], at: number): number {
  const [word, next] = [words[at]!.word, words[at + 1]?.word]
  if (word === 'instead' && next === 'of' || word === 'rather' && next === 'than') return at + 2
  return 0
}


/** "A preview environment env-2": an ordinary word before the noun only describes what has a name behind it. */
const isModifier = ({ kind, words }: Pick<Item, 'kind' | 'words'>, next: Word | undefined, after: Word | undefined): boolean => kind === 'text' && isNameLike(next) && words.every((word) => !isNameLike(word)) || kind !== 'number' && isCounted(next, after)

/** "Ivan Petrov locker 77": a number without a unit behind a noun. */
const isCounted = (next: Word | undefined, after: Word | undefined): boolean => next?.entity === 'number' && !next.time && (!after || after.kind === 'punct' || after.stop)

const endsPhrase = (next: Word | undefined): boolean => !next || next.kind === 'punct' || prepositions.has(next.word) || joining.has(next.word)

const hasJoint = (words: readonly Word[], from: number): boolean => {
  for (let at = from - 1; at >= 0 && at >= from - 3; at--) {
    if (words[at]!.text === ',' || joining.has(words[at]!.word)) return true
    // "… and locker 6": the noun of the value may stand between.
    if (!words[at]!.stop && at < from - 1) return false
  }
  return false
}

const isOwner = (words: readonly Word[], { kind, words: [first], to }: Pick<Item, 'kind' | 'words' | 'to'>, from: number): boolean => words[to]?.word === 'of' && (kind === 'entity' || kind === 'text' && first!.name) && words.slice(to + 1, from).every((word) => word.kind === 'word' && !prepositions.has(word.word))

const isDescribed = (words: readonly Word[], from: number, to: number): boolean => from > 0 && determiners.has(words[from - 1]!.word) && words.slice(from, to).every((word) => word.kind === 'word' && !word.name && !word.capital)

const isAlike = (item: Pick<Item, 'kind' | 'words'>, kind: Item['kind'], first: Word): boolean => item.kind === kind && (item.words[0]!.entity === first.entity || identifiers.has(item.words[0]!.entity) && identifiers.has(first.entity))

/** Shapes of account, host and other names. */
const identifiers: ReadonlySet<Word['entity']> = new Set(['name', 'fqdn', 'email'])

const qualifying: ReadonlySet<string> = new Set(['latest', 'last', 'current', 'newest', 'previous', 'old', 'new', 'own', 'whole', 'entire', 'first', 'next'])

/** "the solar dashboard": the noun after a value tells as much as the one before it. */
function markCueAfter(items: (Pick<Item, 'kind' | 'words'> & { cues: Set<string> })[], words: readonly Word[], at: number, slots: SlotKnowledge): void {
  const owns = words[at]?.word === "'s"
  // "Webshop's latest release"
  const qualified = owns && qualifying.has(words[at + 1]?.word ?? '') ? 1 : 0
  const next = owns ? words[at + 1 + qualified] : words[at]
  if (next && next.kind === 'word' && !isModifier(items.at(-1)!, words[words.indexOf(next) + 1], words[words.indexOf(next) + 2])) for (const name of slots.cuesOf(next)) items.at(-1)!.cues.add(name)
}
