/** A linear model over the example utterances of the capabilities as weighted vectors. */
import { featuresOf, type Features } from './features.ts'
import type { Word } from './word.ts'

export type Sample = { readonly label: number; readonly words: readonly Word[]; readonly weight: number }

export type ExampleIndex = {
  /** How far (0..1) the linear model is above chance for each label. */
  score(features: Features): Float32Array
}

/** `speaks` where a feature that was seen is a word or group that means something. */
type Vector = { readonly ids: Int32Array; readonly values: Float32Array; readonly cover: number; readonly speaks: boolean }

export function buildExampleIndex(samples: readonly Sample[], labels: number): ExampleIndex {
  const ids = new Map<string, number>()
  const frequency: number[] = []
  // Features are made twice rather than kept: those of thousands of examples take more room than all the rest.
  for (const { words } of samples) {
    for (const key of featuresOf(words).keys()) {
      const id = ids.get(key) ?? ids.size
      ids.set(key, id)
      frequency[id] = (frequency[id] ?? 0) + 1
    }
  }
  const telling = Float32Array.from(frequency, (count) => Math.log(1 + samples.length / count))
  const unseen = Math.log(1 + samples.length)
  const vectorOf = (features: Features): Vector => {
    const found: number[] = []
    const values: number[] = []
    let known = 0
    let total = 0
    let speaks = false
    for (const [key, weight] of features) {
      const id = ids.get(key)
      // Pairs and letters that were never seen say little; words that were never seen say that this is something else.
      if (id === undefined) {
        if (key.startsWith('w:')) total += (weight * unseen * 0.6) ** 2
        continue
      }
      const value = weight * telling[id]!
      if (weight >= 1 || /^[atse]:/.test(key)) speaks = true
      found.push(id)
      values.push(value)
      known += value * value
    }
    const norm = Math.sqrt(known + total) || 1
    return { ids: Int32Array.from(found), values: Float32Array.from(values, (value) => value / norm), cover: known / (known + total || 1), speaks }
  }
  const vectors = samples.map(({ words }) => vectorOf(featuresOf(words)))
  const linear = trainLinear(vectors, samples, labels, ids.size)

  return {
    score(features) {
      const vector = vectorOf(features)
      const found = aboveChance(linear(vector), vector.cover)
      return vector.speaks ? found : found.map((value) => value * silent)
    },
  }
}

/** Of what small words and kinds of values alone say. */
const silent = 0.35

/** Among few labels each is likely whatever is said; of a single one only the share of known words tells. */
function aboveChance(probabilities: Float32Array, cover: number): Float32Array {
  const chance = 1 / probabilities.length
  return probabilities.map((value) => (chance === 1 ? cover : Math.max(0, (value - chance) / (1 - chance))))
}

/** Softmax regression by stochastic gradient descent; deterministic. */
function trainLinear(vectors: readonly Vector[], samples: readonly Sample[], labels: number, size: number): (vector: Vector) => Float32Array {
  const weights = new Float32Array(size * labels)
  const epochs = samples.length > 8_000 ? 6 : samples.length > 1_000 ? 12 : 30
  const order = shuffled(samples.length)
  const logits = new Float32Array(labels)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 4 / (1 + epoch * 0.4)
    for (const at of order) {
      const { ids, values } = vectors[at]!
      const { label, weight } = samples[at]!
      probabilities(ids, values, weights, labels, logits)
      for (let other = 0; other < labels; other++) logits[other] = -rate * weight * (logits[other]! - (other === label ? 1 : 0))
      for (let feature = 0; feature < ids.length; feature++) {
        const value = values[feature]!
        const row = ids[feature]! * labels
        for (let other = 0; other < labels; other++) weights[row + other]! += value * logits[other]!
      }
    }
  }
  return ({ ids, values }) => {
    const result = new Float32Array(labels)
    probabilities(ids, values, weights, labels, result)
    return result
  }
}

function probabilities(ids: Int32Array, values: Float32Array, weights: Float32Array, labels: number, into: Float32Array): void {
  into.fill(0)
  for (let feature = 0; feature < ids.length; feature++) {
    const value = values[feature]!
    const row = ids[feature]! * labels
    for (let label = 0; label < labels; label++) into[label]! += value * weights[row + label]!
  }
  let highest = -Infinity
  for (let label = 0; label < labels; label++) if (into[label]! > highest) highest = into[label]!
  let sum = 0
  for (let label = 0; label < labels; label++) {
    into[label] = Math.exp(into[label]! - highest)
    sum += into[label]!
  }
  for (let label = 0; label < labels; label++) into[label]! /= sum
}

function shuffled(length: number): number[] {
  const order = Array.from({ length }, (_, index) => index)
  let state = 0x9e3779b9
  for (let index = length - 1; index > 0; index--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = state % (index + 1)
    const held = order[index]!
    order[index] = order[other]!
    order[other] = held
  }
  return order
}
