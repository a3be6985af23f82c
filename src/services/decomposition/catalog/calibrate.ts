/**
 * What a score means in this catalog. Where it has many examples that is found by cross-validation on them: examples held
 * out are requests in scope, and the same examples with their own capability taken away are requests just outside of it.
 */
import { undoneScore, type Evidence, type Matcher } from './matcher.ts'
import type { Word } from './word.ts'

/** What a ranking means: whether any capability is meant (0..1), and whether it is the best one (0..1). */
export type Certainty = { readonly inScope: number; readonly confidence: number }

export type Calibration = {
  certainty(ranking: readonly Evidence[]): Certainty
  /** Where `inScope` is lower the words are taken for something no capability covers. */
  readonly threshold: number
}

type Examples = readonly (readonly (readonly Word[])[])[]

/** Scores of the best few capabilities for a held-out example, and the score of the right one; null where none is right. */
type Observation = { readonly scores: readonly number[]; readonly right: number | null }

/** Examples of one author are more alike than requests are, so that they place no threshold: losing a right one costs more than asking. */
const threshold = 0.45

/** Held-out examples that are enough. */
const mostObservations = 1_500
const looked = 6
/** Fewer examples than that say nothing that is not true of most catalogs. */
const manyExamples = 600
/** One example of so many is held out. */
const folds = 5

export function calibrate(examples: Examples, matcherOf: (kept: Examples) => Matcher): Calibration {
  const total = examples.reduce((sum, list) => sum + list.length, 0)
  const model = total > manyExamples ? fit(observe(examples, total, matcherOf)) : usual
  return {
    certainty: (ranking) => (ranking.length ? certaintyOf(scoresOf(ranking), model, ranking[0]!.action < 0.7 ? undoneScore(ranking) : -Infinity) : { inScope: 0, confidence: 0 }),
    threshold,
  }
}

function observe(examples: Examples, total: number, matcherOf: (kept: Examples) => Matcher): Observation[] {
  const observations: Observation[] = []
  const step = Math.max(1, Math.floor(total / folds / mostObservations))
  let count = 0
  const held = (index: number, among: number): boolean => index % folds === 0 && among > 1
  const matcher = matcherOf(examples.map((list) => list.filter((_, index) => !held(index, list.length))))
  examples.forEach((list, label) => list.forEach((words, index) => {
    if (!held(index, list.length) || count++ % step) return
    const ranking = matcher.match(words)
    observations.push({ scores: scoresOf(ranking), right: ranking.find((evidence) => evidence.profile.index === label)!.score })
    const others = ranking.filter((evidence) => evidence.profile.index !== label)
    if (others.length) observations.push({ scores: scoresOf(others), right: null })
  }))
  return observations
}

const scoresOf = (ranking: readonly Evidence[]): number[] => ranking.slice(0, looked).map((evidence) => evidence.score)

/** Every capability, and "none of them" with a fixed score, share the probability by their scores. */
type Model = { readonly scale: number; readonly none: number }

/** Where most catalogs lie. */
const usual: Model = { scale: 1, none: 4.5 }

function certaintyOf(scores: readonly number[], { scale, none }: Model, undone = -Infinity): Certainty {
  const best = scores[0]! * scale
  const all = scores.reduce((sum, score) => sum + Math.exp(score * scale - best), 0)
  const total = all + Math.exp(none * scale - best) + Math.exp(undone * scale - best)
  return { inScope: all / total, confidence: 1 / total }
}

function fit(observations: readonly Observation[]): Model {
  let best = { model: usual, loss: Infinity }
  for (let none = 2; none <= 7.01; none += 0.25) {
    for (const scale of [0.7, 0.85, 1, 1.2, 1.4]) {
      const model = { scale, none }
      let loss = 12 * ((none - usual.none) ** 2 * 0.5 + (Math.log(scale) * 3) ** 2)
      for (const { scores, right } of observations) {
        const { inScope, confidence } = certaintyOf(scores, model)
        const likelihood = right === null ? 1 - inScope : confidence * Math.exp((right - scores[0]!) * scale)
        loss -= Math.log(Math.max(0.001, likelihood))
      }
      if (loss < best.loss) best = { model, loss }
    }
  }
  return best.model
}
