import { readQuota, type Quota, type QuotaAmount, type QuotaLimit, type QuotaShare } from '../services/watching/quota.ts'
import { actingUser } from './acting-user.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'

const QuotaAmountType = builder.objectRef<QuotaAmount>('QuotaAmount').implement({
  description: 'An amount of external AI.',
  fields: (t) => ({
    tokens: t.exposeFloat('tokens', { description: 'Tokens.' }),
    costMicroUsd: t.exposeFloat('costMicroUsd', { description: 'Whole micro-dollars.' }),
  }),
})

const QuotaLimitType = builder.objectRef<QuotaLimit>('QuotaLimit').implement({
  description: 'A bound on external AI; null means unlimited.',
  fields: (t) => ({
    tokens: t.exposeFloat('tokens', { nullable: true, description: 'Tokens.' }),
    costMicroUsd: t.exposeFloat('costMicroUsd', { nullable: true, description: 'Whole micro-dollars.' }),
  }),
})

const QuotaShareType = builder.objectRef<QuotaShare>('QuotaShare').implement({
  description: 'External AI of one user in the present period.',
  fields: (t) => ({
    userId: t.exposeString('userId', { nullable: true, description: 'Whose.' }),
    limit: t.field({ type: QuotaLimitType, description: 'What is allowed.', resolve: ({ limit }) => limit }),
    used: t.field({ type: QuotaAmountType, description: 'What was used.', resolve: ({ used }) => used }),
    reserved: t.field({ type: QuotaAmountType, description: 'What is held for work that may still use it.', resolve: ({ reserved }) => reserved }),
    left: t.field({ type: QuotaLimitType, description: 'What is neither used nor reserved.', resolve: ({ left }) => left }),
  }),
})

const QuotaType = builder.objectRef<Quota>('Quota').implement({
  description: 'External AI of the installation, and of one user, in the present period.',
  fields: (t) => ({
    period: t.exposeString('period', { description: 'First day of the period, UTC.' }),
    limit: t.field({ type: QuotaLimitType, description: 'What the installation is allowed.', resolve: ({ limit }) => limit }),
    used: t.field({ type: QuotaAmountType, description: 'What the installation used.', resolve: ({ used }) => used }),
    reserved: t.field({ type: QuotaAmountType, description: 'What is held for work that may still use it.', resolve: ({ reserved }) => reserved }),
    left: t.field({ type: QuotaLimitType, description: 'What is neither used nor reserved.', resolve: ({ left }) => left }),
    user: t.field({ type: QuotaShareType, description: 'The share of the user.', resolve: ({ user }) => user }),
  }),
})

builder.queryField('quota', (t) =>
  t.field({
    type: QuotaType,
    description: 'What is left of the quota for external AI.',
    authScopes: { reader: true },
    args: { userId: t.arg.string({ description: 'Whose share to show, where authentication is off.', validate: bounds.userId }) },
    resolve: (_, { userId }, context) => readQuota(context, actingUser(context, userId).userId),
  }))
