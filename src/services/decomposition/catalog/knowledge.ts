/** Everything the decomposer knows: the built-in language and, per catalog, what its texts teach. Built once, then only read. */
import type { Capability, Catalog } from '../../../catalog/capability.ts'
import { annotate, type LanguageKnowledge } from './annotate.ts'
import { calibrate, type Calibration } from './calibrate.ts'
import { loadEnglishWords } from './english-words.ts'
import type { Sample } from './example-index.ts'
import { learnSlots } from './learn-slots.ts'
import { buildLexicon } from './lexicon.ts'
import { buildMatcher, type Matcher } from './matcher.ts'
import { buildProfile, type Profile } from './profile.ts'
import type { SlotKnowledge } from './slots/slot-knowledge.ts'
import { tokenize } from './tokenize.ts'
import { createTranslator, languages, type Translator } from './translate.ts'
import { createVerbatim, type Verbatim } from './verbatim.ts'
import { buildVocabulary } from './vocabulary.ts'
import type { Word } from './word.ts'

export type Knowledge = LanguageKnowledge & {
  readonly catalog: Catalog
  readonly translator: Translator
  readonly profiles: readonly Profile[]
  readonly slots: readonly SlotKnowledge[]
  readonly matcher: Matcher
  readonly calibration: Calibration
  readonly verbatim: Verbatim
}

export function buildKnowledge(catalog: Catalog): Knowledge {
  // What a capability is called begins with what it does.
  const english = loadEnglishWords(catalog.capabilities.flatMap(({ id }) => /^[a-z]{4,}(?=[_-])/.exec(id) ?? []))
  const lexicon = buildLexicon()
  const terms = new Set(lexicon.vocabulary())
  const vocabulary = buildVocabulary(catalog.capabilities, (word) => english.has(word) || terms.has(word))
  const language: LanguageKnowledge = { english, lexicon, vocabulary }
  const translator = createTranslator((word) => english.has(word) || vocabulary.words.has(word), vocabulary.words)
  const read = (text: string, spoken?: string): Word[] => {
    const tokens = tokenize(text)
    return annotate(translator.translate(tokens, languages.find((one) => one === spoken) ?? translator.detect(tokens)), language)
  }
  const examples = catalog.capabilities.map((capability) => [
    ...capability.examples.map((text) => read(text)),
    ...Object.entries(capability.words).flatMap(([spoken, texts]) => texts.map((text) => read(text, spoken))),
  ])
  const learned = learn(catalog.capabilities, examples, language)
  const calibration = calibrate(examples, (kept) => learn(catalog.capabilities, kept, language).matcher)
  return { ...language, catalog, translator, ...learned, calibration, verbatim: createVerbatim(learned.profiles, examples) }
}

function learn(capabilities: readonly Capability[], examples: readonly (readonly (readonly Word[])[])[], language: LanguageKnowledge): { profiles: Profile[]; slots: SlotKnowledge[]; matcher: Matcher } {
  const profiles = capabilities.map((capability, index) => buildProfile(index, capability, language, examples[index]!))
  const slots = learnSlots(profiles, examples, language)
  const samples = capabilities.flatMap((capability, label): Sample[] => [
    ...examples[label]!.map((words) => ({ label, words, weight: 1 })),
    { label, words: annotate(tokenize(capability.description), language), weight: 0.6 },
    { label, words: annotate(tokenize(capability.id.replaceAll(/[_-]/g, ' ')), language), weight: 0.8 },
  ])
  return { profiles, slots, matcher: buildMatcher(profiles, slots, samples, language) }
}
