/** Numbers that look drawn and are the same for the same seed. */

export type Random = {
  /** From 0 up to 1. */
  next(): number
  /** A whole number from 0 up to `bound`. */
  below(bound: number): number
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** The items in a drawn order. */
  shuffle<Item>(items: readonly Item[]): Item[]
  /** A UUID of version 7 for a time in milliseconds. */
  uuid(time: number): string
}

/** FNV-1a over seed and label: concerns that draw from their own stream do not disturb each other. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193)
  return value >>> 0
}

/** Mulberry32, from seed and label. */
export function createRandom(seed: number, label: string): Random {
  let state = hash(`${seed}/${label}`)

  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (bound: number) => Math.floor(next() * bound)
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('')

  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)]!,
    shuffle(items) {
      const drawn = [...items]
      for (let last = drawn.length - 1; last > 0; last--) {
        const other = below(last + 1)
        ;[drawn[last], drawn[other]] = [drawn[other]!, drawn[last]!]
      }
      return drawn
    },
    uuid(time) {
      const stamp = Math.floor(time).toString(16).padStart(12, '0')
      return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(3)}-${'89ab'[below(4)]}${hex(3)}-${hex(12)}`
    },
  }
}
