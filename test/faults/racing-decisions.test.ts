/** A hundred callers on three replicas decide about one plan at once; an edit races an approval. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFaultWorld, type FaultWorld } from './world/fault-world.ts'
import { expectCompleted, planStatus, rowId } from './world/plan-history.ts'
import { cancel, chain, decide, propose, type Answer } from './world/plans.ts'
import type { ServiceProcess } from './world/service-process.ts'

let world: FaultWorld
let replicas: ServiceProcess[]
beforeAll(async () => {
  world = await createFaultWorld({ settings: { LEASE_SECONDS: '60' } })
  replicas = await Promise.all([world.startService(), world.startService(), world.startService()])
  await world.startAgent('worker-1')
})
afterAll(() => world.stop())

const replica = (index: number) => replicas[index % replicas.length]!.client

test.each([1, 2, 3])('a hundred callers who approve, reject and cancel get one decision, the same for all (round %i)', async () => {
  const plan = await propose(replica(0), ...chain)
  const callers = Array.from({ length: 100 }, (_, index) => ({ client: replica(index), userId: `caller-${index}`, act: index % 3 }))
  const answers = await Promise.all(callers.map(({ client, userId, act }): Promise<Answer> =>
    act === 2 ? cancel(client, plan, userId) : decide(client, plan, { userId, approved: act === 0 })))
  const approvals = await world.sql<{ decided_by: string; decision: string }>('select decided_by, decision from approval where plan_id = $1', [rowId(plan.id)])
  const decisions = answers.flatMap((answer, index) => (callers[index]!.act !== 2 && answer.id ? [callers[index]!.userId] : []))
  // A cancel that came first leaves nothing to decide.
  expect(decisions).toEqual(approvals.map(({ decided_by }) => decided_by))
  expect(approvals.length).toBeLessThanOrEqual(1)
  for (const answer of answers) expect([undefined, 'INVALID_STATE']).toContain(answer.code)
  const refusals = answers.filter(({ code, approval }) => code && approval)
  expect(new Set(refusals.map(({ approval }) => (approval as { decidedBy: string }).decidedBy)).size).toBeLessThanOrEqual(1)
  const seen = await Promise.all(replicas.map(({ client }) => client.data('query ($id: ID!) { plan(id: $id) { approvals { decision decidedBy } } }', { id: plan.id })))
  for (const { plan: read } of seen) expect(read.approvals).toEqual(approvals.map(({ decided_by, decision }) => ({ decision, decidedBy: decided_by })))
  const decided = approvals[0]?.decision
  const entries = await world.sql<{ kind: string }>(`select kind from execution_log_entry where stream = $1 and kind in ('PLAN_APPROVED', 'PLAN_REJECTED')`, [rowId(plan.id)])
  expect(entries.map(({ kind }) => kind)).toEqual(decided === 'APPROVED' ? ['PLAN_APPROVED'] : decided === 'REJECTED' ? ['PLAN_REJECTED'] : [])
  expect(decided === 'APPROVED' ? ['CANCELLED', 'CANCELLING', 'EXECUTING', 'COMPLETED'] : decided ? ['REJECTED'] : ['CANCELLED']).toContain(await planStatus(world, plan))
})

const revise = /* GraphQL */ `mutation ($input: RevisePlanInput!) { revisePlan(input: $input) {
  __typename ... on Plan { id contentHash revision tasks { id order } } ... on Error { code } } }`

test('an edit that races an approval never lets work run that was not approved', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, async (_, index) => {
    const plan = await propose(replica(index), ...chain)
    const edits = [{ addTask: { intent: 'ship', parameters: {}, dependsOn: [] } }]
    const [edited, decided] = await Promise.all([
      replica(index).data(revise, { input: { planId: plan.id, expectedRevision: plan.revision, edits, userId: 'eve' } }).then(({ revisePlan }) => revisePlan),
      decide(replica(index + 1), plan),
    ])
    return { plan, edited, decided }
  }))
  for (const { plan, edited, decided } of outcomes) {
    // Exactly one of the two came first.
    expect([edited.id !== undefined, decided.id !== undefined].filter(Boolean)).toHaveLength(1)
    if (decided.id) await expectCompleted(world, replica(0), plan)
  }
  const superseded = outcomes.filter(({ decided }) => !decided.id).flatMap(({ plan }) => plan.tasks.map(({ id }) => id))
  expect(world.ledger().filter(({ taskId }) => superseded.includes(taskId))).toEqual([])
  const approved = new Set((await world.sql<{ content_hash: string }>(`select content_hash from approval where decision = 'APPROVED'`)).map((row) => row.content_hash))
  expect(world.ledger().filter(({ contentHash }) => !approved.has(contentHash))).toEqual([])
})
