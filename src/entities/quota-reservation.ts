import { defineEntity, p } from '@mikro-orm/postgresql'

const QuotaReservationSchema = defineEntity({
  name: 'QuotaReservation',
  properties: {
    /** `plan:<id>` or `request:<id>:<n>`. */
    key: p.text().primary(),
    userId: p.text(),
    period: p.text(),
    tokens: p.bigint('number'),
    costMicroUsd: p.bigint('number'),
    /** Null while open; then what was left is returned. */
    releasedAt: p.datetime().columnType('timestamptz(3)').nullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
})

/** Room in the quota held for a paid call that may still happen. */
export class QuotaReservation extends QuotaReservationSchema.class {}
QuotaReservationSchema.setClass(QuotaReservation)
