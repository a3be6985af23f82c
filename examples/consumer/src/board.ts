/** Approves every plan that waits, and follows each to its end: documents and types of one's own, helpers of the package. */
import { createPlanwrightClient, PlanwrightApiError, type PlanwrightPlan } from 'planwright/client'
import { BoardDocument, FollowPlanDocument, type BoardQuery } from './generated/graphql.ts'

declare const process: { readonly argv: readonly string[] }

const client = createPlanwrightClient({ url: process.argv[2]!, userId: 'board' })
const { plans } = await client.run(BoardDocument, { status: ['PENDING_APPROVAL'] })

for (const plan of plans.nodes) {
  await client.approve(plan, { notes: 'from the board' })
  let last = ''
  for await (const { sequence, entry, plan: { status } } of client.watchPlan(plan.id, { document: FollowPlanDocument, afterSequence: 0 })) {
    last = `${plan.id} ${sequence} ${status} ${entry?.kind}`
  }
  console.log(last)
}

try {
  await client.readPlan('Plan_none')
} catch (error) {
  if (error instanceof PlanwrightApiError) console.log(error.code)
}
client.close()

/** What the types promise. */
type Equal<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false
type OwnTask = BoardQuery['plans']['nodes'][number]['tasks'][number]
export const promises: readonly [
  Equal<PlanwrightPlan['createdAt'], string>,
  Equal<PlanwrightPlan['tasks'][number]['parameters'], unknown>,
  Equal<PlanwrightPlan['approvedAt'], string | null>,
  Equal<OwnTask['parameters'], unknown>,
] = [true, true, true, true]

export function misuse(plan: PlanwrightPlan): void {
  // @ts-expect-error An approval names what was read: the id alone is not enough.
  void client.approve({ id: plan.id })
  // @ts-expect-error No such status.
  void client.run(BoardDocument, { status: ['DONE'] })
}
