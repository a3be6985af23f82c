/** Everything the decomposer knows: the built-in language and, per catalog, what its texts teach. Built once, then only read. */
import type { Capability, Catalog } from '../../../catalog/capability.ts'
import { annotate, type LanguageKnowledge } from './annotate.ts'
import { calibrate, type Calibration } from './calibrate.ts'
import { loadEnglishWords } from './english-words.ts'
import type { Sample } from './example-index.ts'
import { featuresOf } from './features.ts'
import { learnSlots } from './learn-slots.ts'
import { buildLexicon } from './lexicon.ts'
import { buildMatcher, type Matcher } from './matcher.ts'
import { buildProfile, type Profile } from './profile.ts'
import type { SlotKnowledge } from './slots/slot-knowledge.ts'
import { tokenize } from './tokenize.ts'
import { buildVocabulary } from './vocabulary.ts'
import type { Word } from './word.ts'

export type Knowledge = LanguageKnowledge & {
  readonly catalog: Catalog
  readonly profiles: readonly Profile[]
  readonly slots: readonly SlotKnowledge[]
  readonly matcher: Matcher
  readonly calibration: Calibration
}

export function buildKnowledge(catalog: Catalog, toTokens: (text: string, knowledge: LanguageKnowledge) => ReturnType<typeof tokenize> = tokenize): Knowledge {
  const language: LanguageKnowledge = { english: loadEnglishWords(), lexicon: buildLexicon(), vocabulary: buildVocabulary(catalog.capabilities) }
  const examples = catalog.capabilities.map((capability) => {
    const foreign = Object.values(capability.words).flat()
    return [...capability.examples, ...foreign].map((text) => annotate(toTokens(text, language), language))
  })
  const learned = learn(catalog.capabilities, examples, language)
  const calibration = calibrate(examples, (kept) => learn(catalog.capabilities, kept, language).matcher)
  return { ...language, catalog, ...learned, calibration }
}

function learn(capabilities: readonly Capability[], examples: readonly (readonly (readonly Word[])[])[], language: LanguageKnowledge): { profiles: Profile[]; slots: SlotKnowledge[]; matcher: Matcher } {
  const profiles = capabilities.map((capability, index) => buildProfile(index, capability, language, examples[index]!))
  const slots = profiles.map((profile) => learnSlots(profile, language))
  const samples = capabilities.flatMap((capability, label): Sample[] => [
    ...examples[label]!.map((words) => ({ label, features: featuresOf(words), weight: 1 })),
    { label, features: featuresOf(annotate(tokenize(capability.description), language)), weight: 0.6 },
    { label, features: featuresOf(annotate(tokenize(capability.id.replaceAll(/[_-]/g, ' ')), language)), weight: 0.8 },
  ])
  return { profiles, slots, matcher: buildMatcher(profiles, slots, samples, language) }
}
