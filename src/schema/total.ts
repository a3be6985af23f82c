/** Totals of lists, counted only where somebody asks for them and counting is cheap. */
import type { Page } from '../services/watching/page.ts'
import { builder } from './builder.ts'

type Counted = { readonly count?: () => Promise<number | null> | number | null }

/** The page with what counts its whole list; the count may be null where that would take too long. */
export const withTotal = <Row>(page: Page<Row>, count: NonNullable<Counted['count']>): Page<Row> & Counted => ({ ...page, count })

builder.globalConnectionField('total', (t) =>
  t.int({
    nullable: true,
    description: 'How many rows the whole list has; null where counting them costs too much, as for more than 1,000 plans or requests.',
    resolve: (page) => (page as Counted).count?.() ?? null,
  }))
