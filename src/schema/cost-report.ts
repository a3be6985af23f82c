import { readCostReport, type CostReport, type CostRow } from '../services/watching/cost-report.ts'
import { isStorableTime } from '../services/watching/page.ts'
import { builder } from './builder.ts'
import { CostGroup } from './enums.ts'

const dayMs = 86_400_000

const CostRowType = builder.objectRef<CostRow>('CostRow').implement({
  description: 'What one day, user, model, plan or capability used.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: true, description: 'The day (UTC), user, model, plan id or intent; null for use that belongs to none.' }),
    calls: t.exposeFloat('calls', { description: 'Bookings: one for each attempt or decomposition.' }),
    inputTokens: t.exposeFloat('inputTokens', { description: 'Tokens sent.' }),
    outputTokens: t.exposeFloat('outputTokens', { description: 'Tokens received.' }),
    costMicroUsd: t.exposeFloat('costMicroUsd', { description: 'Whole micro-dollars.' }),
  }),
})

const CostReportType = builder.objectRef<CostReport>('CostReport').implement({
  description: 'What external AI really cost in a time.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'Beginning, inclusive.' }),
    to: t.expose('to', { type: 'DateTime', description: 'End, exclusive.' }),
    groupBy: t.expose('groupBy', { type: CostGroup, description: 'What the rows are.' }),
    rows: t.field({
      type: [CostRowType],
      description: 'Days in order; other groups by cost, highest first; at most 1,000.',
      complexity: { field: 1, multiplier: 100 },
      resolve: ({ rows }) => rows,
    }),
    total: t.field({ type: CostRowType, description: 'All of it, also what goes beyond the rows.', resolve: ({ total }) => ({ key: null, ...total }) }),
    truncated: t.exposeBoolean('truncated', { description: 'True where there are more than 1,000 groups.' }),
  }),
})

builder.queryField('costReport', (t) =>
  t.field({
    type: CostReportType,
    description: 'What external AI cost, added up by day, user, model, plan or capability; at most 400 days.',
    authScopes: { reader: true },
    args: {
      from: t.arg({ type: 'DateTime', description: 'Beginning, inclusive; left out: 30 days before the end.' }),
      to: t.arg({ type: 'DateTime', description: 'End, exclusive; left out: now.' }),
      groupBy: t.arg({ type: CostGroup, required: true, defaultValue: 'DAY', description: 'What to add up by.' }),
    },
    resolve: (_, { from, to, groupBy }, { em, viewer }) => {
      const end = to ?? new Date(Date.now() + 1)
      const usual = end.getTime() - 30 * dayMs
      return readCostReport({ em, viewer }, { from: from ?? (isStorableTime(usual) ? new Date(usual) : end), to: end, groupBy })
    },
  }))
