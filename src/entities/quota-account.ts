import { defineEntity, p } from '@mikro-orm/postgresql'

const QuotaAccountSchema = defineEntity({
  name: 'QuotaAccount',
  properties: {
    /** `installation` or `user:<id>`. */
    owner: p.text().primary(),
    /** First day of the period, `2026-11-01`. */
    period: p.text().primary(),
    tokensUsed: p.bigint('number'),
    tokensReserved: p.bigint('number'),
    costUsedMicroUsd: p.bigint('number'),
    costReservedMicroUsd: p.bigint('number'),
  },
})

/** Used and reserved external AI of one owner in one period; its row lock makes reservations exact. */
export class QuotaAccount extends QuotaAccountSchema.class {}
QuotaAccountSchema.setClass(QuotaAccount)
