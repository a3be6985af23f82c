/**
 * First stage for large catalogs: the capabilities whose words are nearest to a request. Each clause of the request
 * brings its own best ones, so that a long request loses none of its parts.
 */
import type { Capability } from '../../../catalog/capability.ts'

export type CapabilityRetrieval = {
  /**
   * At most `limit` capabilities, in catalog order; all of them when the catalog is no larger.
   * @param always ids that must be among them, such as those understood before
   */
  retrieve(text: string, limit: number, always?: readonly string[]): readonly Capability[]
}

const mostClauses = 60

export function createCapabilityRetrieval(capabilities: readonly Capability[]): CapabilityRetrieval {
  const { postings, norms } = indexWords(capabilities)
  const positions = new Map(capabilities.map((capability, index) => [capability.id, index]))

  function ranking(clause: string): number[] {
    const scores = new Map<number, number>()
    for (const feature of featuresOf(clause)) {
      const found = postings.get(feature)
      if (!found) continue
      const weight = Math.log(1 + capabilities.length / found.length) ** 2
      for (const index of found) scores.set(index, (scores.get(index) ?? 0) + weight / norms[index]!)
    }
    return [...scores].sort(([a, x], [b, y]) => y - x || a - b).map(([index]) => index)
  }

  return {
    retrieve(text, limit, always = []) {
      if (capabilities.length <= limit) return capabilities
      const chosen = new Set(always.map((id) => positions.get(id)).filter((index) => index !== undefined).slice(0, limit))
      const rankings = [text, ...clausesOf(text)].map(ranking)
      const deepest = Math.max(...rankings.map((ranked) => ranked.length))
      for (let rank = 0; rank < deepest && chosen.size < limit; rank++) {
        for (const ranked of rankings) {
          const index = ranked[rank]
          if (index !== undefined && chosen.size < limit) chosen.add(index)
        }
      }
      // Without a known word, in a language the catalog does not speak, any are better than none.
      for (let index = 0; chosen.size < limit; index++) chosen.add(index)
      return [...chosen].sort((a, b) => a - b).map((index) => capabilities[index]!)
    },
  }
}

function indexWords(capabilities: readonly Capability[]): { postings: Map<string, number[]>; norms: number[] } {
  const postings = new Map<string, number[]>()
  const norms = capabilities.map((capability, index) => {
    const features = featuresOf(wordsOf(capability))
    for (const feature of features) {
      const found = postings.get(feature)
      if (found) found.push(index)
      else postings.set(feature, [index])
    }
    // Damped: a capability with many examples is not less likely for it.
    return Math.max(1, features.size) ** 0.25
  })
  return { postings, norms }
}

const wordsOf = (capability: Capability): string =>
  [
    capability.id, capability.name, capability.description, ...capability.examples, ...Object.values(capability.words).flat(),
    ...capability.parameters.flatMap((spec) => [spec.name, spec.description ?? '', ...(spec.values ?? []), ...Object.keys(spec.aliases ?? {})]),
  ].join(' ')

/** Words, and pieces of them that survive typos, inflection and scripts without spaces. */
function featuresOf(text: string): Set<string> {
  const features = new Set<string>()
  for (const word of text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    features.add(word)
    if (/\p{Script=Han}/u.test(word)) for (let at = 0; at + 2 <= word.length; at++) features.add(word.slice(at, at + 2))
    else for (let at = 0; at + 3 <= word.length && at < 30; at++) features.add(`~${word.slice(at, at + 3)}`)
  }
  return features
}

const clausesOf = (text: string): string[] =>
  text
    .split(/[.,;:!?\n，。；！？、]+|\b(?:and|then|after|before|und|dann|danach|y|luego|después|et|puis|ensuite)\b|然后|并且|再/iu)
    .map((clause) => clause.trim())
    .filter((clause) => clause.length > 2)
    .slice(0, mostClauses)
