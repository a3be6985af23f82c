/** Learns from the examples of each capability which prepositions lead to which parameter, and what its values look like. */
import type { LanguageKnowledge } from './annotate.ts'
import { mainVerb, type Profile } from './profile.ts'
import { assign } from './slots/fill.ts'
import { itemsOf } from './slots/item.ts'
import type { Word } from './word.ts'
import { buildSlotKnowledge, shapeOf, type Shape, type SlotKnowledge } from './slots/slot-knowledge.ts'

export function learnSlots(profile: Profile, examples: readonly (readonly Word[])[], language: LanguageKnowledge): SlotKnowledge {
  const first = buildSlotKnowledge(profile, examples, language, { prepositions: new Map(), shapes: new Map() })
  const shapes = new Map<string, Shape[]>()
  const counts = new Map<string, number>()
  const totals = new Map<string, number>()
  for (const example of examples) {
    const items = itemsOf(example, first, mainVerb(example, language), language.english)
    for (const { spec, item } of assign(items, first)) {
      if (item.kind !== 'enum' && item.kind !== 'time') shapes.set(spec.name, [...shapes.get(spec.name) ?? [], shapeOf(item.words)])
      if (!item.preposition) continue
      const key = `${spec.name} ${item.preposition}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      totals.set(item.preposition, (totals.get(item.preposition) ?? 0) + 1)
    }
  }
  const prepositions = new Map([...counts].map(([key, count]): [string, number] => [key, count / totals.get(key.split(' ')[1]!)!]))
  return buildSlotKnowledge(profile, examples, language, { prepositions, shapes })
}
