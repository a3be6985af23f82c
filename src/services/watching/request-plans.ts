import type { EntityManager } from '@mikro-orm/postgresql'
import { pagesByOwner, type PagesByOwner } from './pages-by-owner.ts'
import { asReadPlan, planColumns, type ReadPlan } from './read-plans.ts'

/** The plans of a request, newest revision first. */
export const requestPlans = ({ em }: { em: EntityManager }): PagesByOwner<ReadPlan> =>
  pagesByOwner({ em }, {
    table: 'plan',
    columns: planColumns,
    asRow: (em, selected) => asReadPlan({ em }, selected),
    owner: 'request_id',
    position: 'revision',
    descending: true,
    ownerOf: (plan) => plan.request,
    positionOf: (plan) => plan.revision,
  })
