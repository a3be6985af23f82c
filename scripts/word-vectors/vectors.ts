/** Plain arithmetic of word vectors. */
import type { Neighbours } from './wordnet.ts'

type Vector = Float64Array
type Vectors = readonly Vector[]

/** Vectors of the most common words, which decide what all words share. */
const common = 12_000

export function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}

/** Takes away the mean and the strongest `directions`, which say how common a word is rather than what it means. */
export function withoutCommon(vectors: Vectors, directions: number): Vector[] {
  const first = vectors.slice(0, common)
  const mean = Float64Array.from(vectors[0]!, (_, at) => first.reduce((sum, vector) => sum + vector[at]!, 0) / first.length)
  const centred = vectors.map((vector) => vector.map((value, at) => value - mean[at]!))
  const axes = strongest(centred.slice(0, common), directions)
  return centred.map((vector) => {
    const rest = vector.slice()
    for (const axis of axes) {
      const along = dot(vector, axis)
      for (let at = 0; at < rest.length; at++) rest[at]! -= along * axis[at]!
    }
    return unit(rest)
  })
}

/** Retrofitting (Faruqui et al. 2015): each word moves towards its neighbours and is held where it was with a weight. */
export function drawnTogether(vectors: Vectors, neighbours: Neighbours, held: number): Vector[] {
  let moved = [...vectors]
  for (let round = 0; round < 8; round++) {
    moved = moved.map((_, word) => {
      const near = neighbours.get(word)
      if (!near) return vectors[word]!
      const total = [...near.values()].reduce((sum, weight) => sum + weight, 0)
      const scale = Math.min(2.5, total) / Math.max(1, total)
      const sum = vectors[word]!.map((value) => value * held)
      for (const [other, weight] of near) for (let at = 0; at < sum.length; at++) sum[at]! += moved[other]![at]! * weight * scale
      return unit(sum)
    })
  }
  return moved
}

/** The vectors along their `dimensions` principal components. */
export function principal(vectors: Vectors, dimensions: number): Vector[] {
  const axes = strongest(vectors, dimensions)
  return vectors.map((vector) => unit(Float64Array.from(axes, (axis) => dot(vector, axis))))
}

const dot = (one: Vector, other: Vector): number => one.reduce((sum, value, at) => sum + value * other[at]!, 0)

/** Directions in which the vectors are longest, by orthogonal iteration on their second moments. */
function strongest(vectors: Vectors, count: number): Vector[] {
  const size = vectors[0]!.length
  const moments = Array.from({ length: size }, () => new Float64Array(size))
  for (const vector of vectors) for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) moments[row]![column]! += vector[row]! * vector[column]!
  let axes: Vector[] = Array.from({ length: count }, (_, at) => Float64Array.from({ length: size }, (_value, place) => Math.sin((at + 1) * (place + 1) * 12.9898)))
  for (let round = 0; round < 300; round++) {
    const next: Vector[] = []
    for (const axis of axes) {
      const image = Float64Array.from(moments, (row) => dot(row, axis))
      for (const before of next) {
        const along = dot(image, before)
        for (let at = 0; at < size; at++) image[at]! -= along * before[at]!
      }
      next.push(unit(image))
    }
    axes = next
  }
  return axes
}
