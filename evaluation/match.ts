/** When a predicted value, plan or span counts as the expected one. */
import type { ExpectedSubtask, Prediction } from './labelled-request.ts'

type PredictedSubtask = Prediction['subtasks'][number]

const tokens = (text: unknown): string[] => String(text).toLowerCase().normalize('NFKC').match(/[\p{L}\p{N}]+/gu) ?? []

export const plain = (value: unknown): string => String(value).toLowerCase().normalize('NFKC').trim().replaceAll(/\s+/g, ' ')
  .replaceAll(/^["'`“”‘’]+|["'`“”‘’.,;:!?]+$/g, '').replace(/^(the|a|an) /, '')

export const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

function sharedTokens(one: readonly string[], other: readonly string[]): number {
  const left = [...other]
  return one.filter((token) => {
    const at = left.indexOf(token)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }).length
}

/** Strings without regard to case, quotes and articles; lists as sets; three or more words at token F1 of 0.7. */
export function valueMatches(expected: unknown, predicted: unknown): boolean {
  if (isEmpty(predicted)) return false
  if (expected && typeof expected === 'object' && 'any' in expected && Array.isArray(expected.any)) return expected.any.some((one: unknown) => valueMatches(one, predicted))
  if (Array.isArray(expected)) {
    const list: unknown[] = Array.isArray(predicted) ? predicted : String(predicted).split(/\s*,\s*|\s+and\s+/)
    return expected.map(plain).sort().join('\n') === list.map(plain).sort().join('\n')
  }
  if (Array.isArray(predicted)) return predicted.length === 1 && valueMatches(expected, predicted[0])
  if (typeof expected === 'boolean') return predicted === expected || plain(predicted) === String(expected)
  if (typeof expected === 'number') return Number(predicted) === expected
  if (plain(expected) === plain(predicted)) return true
  const [one, other] = [tokens(expected), tokens(predicted)]
  return one.length >= 3 && 2 * sharedTokens(one, other) / (one.length + other.length) >= 0.7
}

const intentMatches = (expected: ExpectedSubtask, predicted: PredictedSubtask): boolean => (expected.intentOneOf ?? [expected.intent]).includes(predicted.intent)

/** Which predicted subtask stands for which expected one: most equal parameters first, then nearest in place. */
export function align(expected: readonly ExpectedSubtask[], predicted: readonly PredictedSubtask[]): Map<number, number> {
  const pairs = expected.flatMap((one, at) => predicted.flatMap((other, place) => {
    if (!intentMatches(one, other)) return []
    const equal = Object.entries(one.parameters).filter(([name, value]) => valueMatches(value, other.parameters[name])).length
    const optional = Object.entries(one.optionalParameters ?? {}).filter(([name, value]) => valueMatches(value, other.parameters[name])).length
    return [{ at, place, rank: [one.optional ? 0 : 1, equal + optional / 2, -Math.abs(at - place), -at] }]
  })).sort((a, b) => a.rank.map((value, index) => b.rank[index]! - value).find((difference) => difference !== 0) ?? 0)
  const found = new Map<number, number>()
  const used = new Set<number>()
  for (const { at, place } of pairs) if (!found.has(at) && !used.has(place)) {
    found.set(at, place)
    used.add(place)
  }
  return found
}

/** The intents in order, with the places of one group of `anyOrder` interchangeable and optional subtasks left out or not. */
export function isExactPlan(expected: readonly ExpectedSubtask[], predicted: readonly PredictedSubtask[], anyOrder: readonly (readonly number[])[] = []): boolean {
  const required = expected.filter((one) => !one.optional).map((one) => one.intent)
  const optional = expected.filter((one) => one.optional)
  const canonical = (intents: readonly string[]): string => {
    const result = [...intents]
    for (const group of anyOrder) {
      const sorted = group.map((order) => result[order - 1] ?? '').sort()
      group.forEach((order, index) => { result[order - 1] = sorted[index]! })
    }
    return result.join('\n')
  }
  const matches = (rest: readonly PredictedSubtask[], open: readonly ExpectedSubtask[]): boolean => {
    if (rest.length === required.length && canonical(required) === canonical(rest.map((one) => one.intent))) return true
    if (rest.length <= required.length) return false
    return rest.some((one, index) => open.some((other, at) => intentMatches(other, one) && matches(rest.toSpliced(index, 1), open.toSpliced(at, 1))))
  }
  return matches(predicted, optional)
}

/** Most words of the shorter span are shared, and the predicted one is not much longer. */
export function spanMatches(expected: string, predicted: string): boolean {
  const [one, other] = [tokens(expected), tokens(predicted)]
  if (!one.length || !other.length) return false
  const shared = sharedTokens(one, other)
  return shared / Math.min(one.length, other.length) >= 0.6 && shared / one.length >= 0.4 && other.length <= 2.5 * one.length + 2
}
