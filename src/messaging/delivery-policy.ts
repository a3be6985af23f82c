/** What both adapters do with a message that is not settled at once. */

/** A message is delivered at most this often; then it becomes a dead letter. */
export const maxDeliveries = 5

/** Reason of a dead letter that was delivered `maxDeliveries` times without being settled. */
export const deliveryLimitReason = `delivered ${maxDeliveries} times without success`

/** Longest reason kept with a dead letter, in characters. */
export const maxReasonLength = 500

/** Milliseconds to wait before attempt n (from 1): doubles from `first` up to `cap`, less up to half at random. */
export function backoffMs(attempt: number, first: number, cap: number): number {
  return Math.min(cap, first * 2 ** Math.min(attempt - 1, 30)) * (0.5 + Math.random() / 2)
}

/** Wait before a retried message is given back, so that five deliveries span seconds and not milliseconds. */
export function retryDelayMs(redeliveries: number): number {
  return backoffMs(redeliveries + 1, 200, 2_000)
}
