/**
 * What a score means in this catalog, found by cross-validation on its own examples: examples held out are requests in
 * scope, and the same examples with their own capability taken away are requests just outside of it.
 */
import type { Evidence, Matcher } from './matcher.ts'
import type { Word } from './word.ts'

export type Calibration = {
  /** Probability (0..1) that the best capability of a ranking is the right one. */
  confidence(ranking: readonly Evidence[]): number
  /** Below it the words are taken for something no capability covers. */
  readonly threshold: number
  /** Difference of scores below which two capabilities fit equally well. */
  readonly closeCall: number
}

/** Scores of the best few capabilities for a held-out example, and whether the best one is right. */
type Observation = { readonly scores: readonly number[]; readonly right: boolean }

/** Held-out examples that are enough to place a threshold. */
const mostObservations = 1_500
const looked = 6

export function calibrate(
  examples: readonly (readonly (readonly Word[])[])[],
  matcherOf: (kept: readonly (readonly (readonly Word[])[])[]) => Matcher,
): Calibration {
  const observations: Observation[] = []
  const margins: number[] = []
  const total = examples.reduce((sum, list) => sum + list.length, 0)
  const folds = total > 600 ? 5 : 3
  const used = total > 600 ? 1 : folds
  for (let fold = 0; fold < used; fold++) {
    const held = (index: number, count: number): boolean => index % folds === fold && count > 1
    const matcher = matcherOf(examples.map((list) => list.filter((_, index) => !held(index, list.length))))
    const step = Math.max(1, Math.floor(total / folds * used / mostObservations))
    let count = 0
    examples.forEach((list, label) => list.forEach((words, index) => {
      if (!held(index, list.length) || count++ % step) return
      const ranking = matcher.match(words)
      const right = ranking[0]!.profile.index === label
      observations.push({ scores: scoresOf(ranking), right })
      if (right && ranking.length > 1) margins.push(ranking[0]!.score - ranking[1]!.score)
      const others = ranking.filter((evidence) => evidence.profile.index !== label)
      if (others.length) observations.push({ scores: scoresOf(others), right: false })
    }))
  }
  const model = fit(observations)
  const threshold = bestThreshold(observations.map((seen) => ({ confidence: share(seen.scores, model), right: seen.right })))
  margins.sort((a, b) => a - b)
  return {
    confidence: (ranking) => (ranking.length ? share(scoresOf(ranking), model) : 0),
    threshold,
    closeCall: Math.min(0.8, margins[Math.floor(margins.length * 0.05)] ?? 0.3),
  }
}

const scoresOf = (ranking: readonly Evidence[]): number[] => ranking.slice(0, looked).map((evidence) => evidence.score)

/** Every capability, and "none of them" with a fixed score, share the probability by their scores. */
type Model = { readonly scale: number; readonly none: number }

/** Where most catalogs lie; few examples move it little, many examples decide. */
const usual: Model = { scale: 1, none: 4.7 }

function share(scores: readonly number[], { scale, none }: Model): number {
  const best = scores[0]! * scale
  return 1 / (scores.reduce((sum, score) => sum + Math.exp(score * scale - best), 0) + Math.exp(none * scale - best))
}

function fit(observations: readonly Observation[]): Model {
  let best = { model: usual, loss: Infinity }
  for (let none = 2; none <= 7.01; none += 0.25) {
    for (const scale of [0.7, 0.85, 1, 1.2, 1.4]) {
      const model = { scale, none }
      let loss = 12 * ((none - usual.none) ** 2 * 0.5 + (Math.log(scale) * 3) ** 2)
      for (const seen of observations) {
        const confidence = Math.min(0.999, Math.max(0.001, share(seen.scores, model)))
        loss -= Math.log(seen.right ? confidence : 1 - confidence)
      }
      if (loss < best.loss) best = { model, loss }
    }
  }
  return best.model
}

/** The confidence that best separates right from wrong, within limits that hold for any catalog. */
function bestThreshold(seen: readonly { confidence: number; right: boolean }[]): number {
  const rights = seen.filter((one) => one.right).length
  const wrongs = seen.length - rights
  if (!rights || !wrongs) return 0.35
  let lostRights = 0
  let caughtWrongs = 0
  let best = { value: -Infinity, threshold: 0.35 }
  const sorted = seen.toSorted((a, b) => a.confidence - b.confidence)
  sorted.forEach((one, index) => {
    if (one.right) lostRights++
    else caughtWrongs++
    // Examples of one author are more alike than requests are: losing a right one counts double.
    const value = caughtWrongs / wrongs - 2 * (lostRights / rights)
    if (value > best.value) best = { value, threshold: (one.confidence + (sorted[index + 1]?.confidence ?? 1)) / 2 }
  })
  return Math.min(0.42, Math.max(0.28, best.threshold))
}
