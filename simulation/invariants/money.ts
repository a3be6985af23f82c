/** The sums balance: what agents said they used is booked once, and nothing stays reserved. */
import type { Ledger } from '../agents/ledger.ts'
import type { Tables } from './tables.ts'

export function checkMoney({ reservations, accounts, usages }: Tables, ledger: Ledger): string[] {
  const installation = accounts.filter(({ owner }) => owner === 'installation')
  const used = installation.reduce((sum, account) => sum + account.tokens_used, 0)
  const cost = installation.reduce((sum, account) => sum + account.cost_used_micro_usd, 0)
  const booked = usages.reduce((sum, usage) => sum + usage.cost_micro_usd, 0)
  return [
    ...reservations.filter(({ released_at }) => released_at === null).map(({ key }) => `money: ${key} is still reserved`),
    ...accounts.filter((account) => account.tokens_reserved !== 0 || account.cost_reserved_micro_usd !== 0).map(({ owner }) => `money: the account of ${owner} still holds something`),
    ...(cost === booked ? [] : [`money: ${cost} counted, ${booked} booked`]),
    ...(used < 0 || cost < 0 ? ['money: less than nothing is used'] : []),
    ...usages.flatMap(({ key, input_tokens, output_tokens, cost_micro_usd }) => {
      const [, taskId, attempt] = key.split(':')
      const said = ledger.usages.filter((usage) => usage.taskId === taskId && usage.attempt === Number(attempt))
      const agrees = said.some(({ tokens, costMicroUsd }) => tokens === input_tokens + output_tokens && costMicroUsd === cost_micro_usd)
      return agrees ? [] : [`money: ${key} is booked as nobody said`]
    }),
  ]
}
