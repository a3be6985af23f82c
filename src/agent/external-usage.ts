import type { ExternalUsage } from '../messaging/messages.ts'
import { storableText } from './storable-text.ts'

/** The sum of two usages of external AI; the models are listed once each. */
export function addUsage(sum: ExternalUsage | undefined, usage: ExternalUsage): ExternalUsage {
  if (!sum) return boundedUsage(usage)
  const models = new Set([...sum.model.split(', '), usage.model])
  return boundedUsage({
    model: [...models].join(', '),
    inputTokens: sum.inputTokens + usage.inputTokens,
    outputTokens: sum.outputTokens + usage.outputTokens,
    costMicroUsd: sum.costMicroUsd + usage.costMicroUsd,
  })
}

/** Within what a message may carry: whole numbers, none negative. */
function boundedUsage(usage: ExternalUsage): ExternalUsage {
  return {
    model: storableText(usage.model.slice(0, 200)),
    inputTokens: count(usage.inputTokens, 1e12),
    outputTokens: count(usage.outputTokens, 1e12),
    costMicroUsd: count(usage.costMicroUsd, 1e15),
  }
}

function count(value: number, most: number): number {
  if (!Number.isFinite(value) || value < 0) throw new RangeError('Usage is given in numbers of zero or more.')
  return Math.min(Math.ceil(value), most)
}
