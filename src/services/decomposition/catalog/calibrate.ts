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

type Observation = { readonly score: number; readonly margin: number; readonly right: boolean }

/** Held-out examples that are enough to place a threshold. */
const mostObservations = 1_500

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
      observations.push({ score: ranking[0]!.score, margin: marginOf(ranking), right })
      if (right) margins.push(marginOf(ranking))
      const others = ranking.filter((evidence) => evidence.profile.index !== label)
      if (others.length) observations.push({ score: others[0]!.score, margin: marginOf(others), right: false })
    }))
  }
  const model = fitLogistic(observations)
  const confidence = (score: number, margin: number): number => 1 / (1 + Math.exp(-(model.bias + model.score * score + model.margin * margin)))
  const threshold = bestThreshold(observations.map((seen) => ({ confidence: confidence(seen.score, seen.margin), right: seen.right })))
  margins.sort((a, b) => a - b)
  return {
    confidence: (ranking) => (ranking.length ? confidence(ranking[0]!.score, marginOf(ranking)) : 0),
    threshold,
    closeCall: Math.min(0.5, margins[Math.floor(margins.length * 0.05)] ?? 0.3),
  }
}

function marginOf(ranking: readonly Evidence[]): number {
  return Math.min(2, (ranking[0]?.score ?? 0) - (ranking[1]?.score ?? 0))
}

type Logistic = { readonly bias: number; readonly score: number; readonly margin: number }

/** Where most catalogs lie; few examples move it little, many examples decide. */
const usual: Logistic = { bias: -5, score: 1.5, margin: 1.2 }

function fitLogistic(observations: readonly Observation[]): Logistic {
  let { bias, score, margin } = usual
  const pull = 4
  for (let step = 0; step < 400; step++) {
    const gradient = { bias: pull * (bias - usual.bias) * 0.1, score: pull * (score - usual.score), margin: pull * (margin - usual.margin) }
    for (const seen of observations) {
      const error = 1 / (1 + Math.exp(-(bias + score * seen.score + margin * seen.margin))) - (seen.right ? 1 : 0)
      gradient.bias += error
      gradient.score += error * seen.score
      gradient.margin += error * seen.margin
    }
    const rate = 0.6 / (observations.length + pull)
    bias -= rate * gradient.bias
    score -= rate * gradient.score
    margin -= rate * gradient.margin
  }
  return { bias, score: Math.max(0.3, score), margin: Math.max(0, margin) }
}

/** The confidence that best separates right from wrong; new requests are less alike than examples of one author. */
function bestThreshold(seen: readonly { confidence: number; right: boolean }[]): number {
  const rights = seen.filter((one) => one.right).length
  const wrongs = seen.length - rights
  if (!rights || !wrongs) return 0.3
  const sorted = seen.toSorted((a, b) => a.confidence - b.confidence)
  let lostRights = 0
  let caughtWrongs = 0
  let best = { value: -Infinity, threshold: 0.3 }
  sorted.forEach((one, index) => {
    if (one.right) lostRights++
    else caughtWrongs++
    const value = caughtWrongs / wrongs - 2 * (lostRights / rights)
    const next = sorted[index + 1]?.confidence ?? 1
    if (value > best.value) best = { value, threshold: (one.confidence + next) / 2 }
  })
  return Math.min(0.6, Math.max(0.1, best.threshold * 0.8))
}
