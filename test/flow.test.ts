import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TaskFailure } from '../src/agent/index.ts'
import * as documents from './harness/documents.ts'
import { startFleet, type Fleet, type ReadPlan } from './harness/fleet.ts'

describe('from a sentence to finished work', () => {
  let fleet: Fleet
  beforeAll(async () => {
    fleet = await startFleet(async (work) => {
      if (work.parameters['text'] === 'fails once' && work.attempt === 1) throw new TaskFailure('BUSY', 'the disk is busy', true)
      if (work.parameters['text'] === 'fails') throw new TaskFailure('DISK_FULL', 'the disk is full')
      return { done: work.intent }
    })
  })
  afterAll(() => fleet?.stop())

  test('the seed sentence becomes the plan that the catalog promises', async () => {
    const plan = await fleet.planFor('Deploy Kuma and add existing portals to config')
    expect(plan).toMatchObject({
      status: 'PENDING_APPROVAL',
      complexity: 'SIMPLE',
      willUseExternalAi: false,
      estimatedMinutes: 4,
      summary: '1. Deploy Uptime Kuma (estimated 3 minutes)\n2. Add existing portals to config (estimated 1 minute)\n\nTotal estimated time: 4 minutes',
      tasks: [
        { name: 'Deploy Uptime Kuma', workType: 'deploy_service', agentType: 'infra', estimatedMinutes: 3 },
        { name: 'Add existing portals to config', workType: 'run_playbook', agentType: 'infra', estimatedMinutes: 1 },
      ],
    })
  })

  test('an approved plan is carried out in order and watched to its end, from either replica', async () => {
    const plan = await fleet.planFor('Deploy Kuma and add existing portals to config')
    const watching = Promise.all([fleet.watch(fleet.first, plan.id), fleet.watch(fleet.second, plan.id)])
    expect(await fleet.approve({ planId: plan.id, contentHash: plan.contentHash, userId: 'ben', notes: 'go' })).toMatchObject({ __typename: 'Plan' })
    for (const events of await watching) {
      expect(events.at(-1)).toMatchObject({ entry: { kind: 'PLAN_COMPLETED', planStatus: 'COMPLETED' }, plan: { status: 'COMPLETED' } })
      expect(events[0]!.entry).toBeNull()
      const numbers = events.map((event) => event.sequence)
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index))
    }
    const work = fleet.received.filter((one) => one.work.planId === plan.id)
    expect(work.map((one) => one.work.intent)).toEqual(['deploy_kuma', 'add_portals_to_config'])
    expect(work.every((one) => one.work.contentHash === plan.contentHash)).toBe(true)
    expect(await fleet.first.run(documents.planById, { id: plan.id })).toMatchObject({
      plan: {
        status: 'COMPLETED',
        approvals: [{ decision: 'APPROVED', decidedBy: 'ben', notes: 'go' }],
        tasks: [
          { status: 'SUCCEEDED', attempt: 1, output: { done: 'deploy_kuma' }, attempts: [{ number: 1, status: 'SUCCEEDED' }] },
          { status: 'SUCCEEDED', attempt: 1, output: { done: 'add_portals_to_config' } },
        ],
      },
    })
    const late = await fleet.watch(fleet.second, plan.id, 2)
    expect(late.map((event) => event.sequence)).toEqual(late.map((_, index) => index + 3))
    expect(late.at(-1)).toMatchObject({ entry: { kind: 'PLAN_COMPLETED' } })
  })

  test('live events say the same as what is read later from another replica', async () => {
    const planFields = '{ id status revision contentHash summary sequence approvedAt startedAt finishedAt failureReason }'
    const taskFields = '{ id order name parameters status attempt progress output failureReason dispatchedAt startedAt finishedAt estimate { p50 } feasibility { status } }'
    const watch = `subscription ($id: ID!, $after: Int) { planStatus(planId: $id, afterSequence: $after) { sequence plan ${planFields} changedTasks ${taskFields}
      entry { sequence at kind actor message detail attempt planStatus taskStatus hash task { id } approval { id } } } }`
    type Event = { sequence: number; plan: Record<string, unknown>; entry: unknown; changedTasks: { id: string }[] }
    const eventsOf = async (client: typeof fleet.first, after: number | null, plan: ReadPlan) => {
      const events: Event[] = []
      for await (const { planStatus } of client.watch(watch, { id: plan.id, after })) events.push(planStatus as Event)
      return events
    }
    const note = (order: number, dependsOn: number[] = []) => ({ order, intent: 'write_note', parameters: { text: `note ${order}` }, dependsOn })
    const plan = await fleet.planFor({ subtasks: [note(1), note(2, [1]), note(3, [1]), note(4, [2, 3])] })
    const live = eventsOf(fleet.first, 0, plan)
    await fleet.approve({ planId: plan.id, contentHash: plan.contentHash, userId: 'ben' })
    const seen = await live
    const replayed = await eventsOf(fleet.second, 0, plan)
    expect(seen.map(({ entry }) => entry)).toEqual(replayed.map(({ entry }) => entry))
    expect(seen.at(-1)!.plan).toEqual(replayed.at(-1)!.plan)
    for (const { sequence, plan: at } of seen) expect(at['sequence']).toBeGreaterThanOrEqual(sequence)
    const lastOf = (events: Event[]) => new Map(events.flatMap(({ changedTasks }) => changedTasks.map((task) => [task.id, task])))
    expect(lastOf(seen)).toEqual(lastOf(replayed))
    expect(lastOf(seen).size).toBe(4)
  })

  test('a decided plan answers a contrary decision with its state and an equal one with itself', async () => {
    const plan = await fleet.planFor('Deploy Kuma')
    const reject = { planId: plan.id, approved: false, userId: 'ben', notes: 'not now' }
    expect(await fleet.approve(reject)).toMatchObject({ __typename: 'Plan', status: 'REJECTED', approvals: [{ decision: 'REJECTED', notes: 'not now' }] })
    expect(await fleet.approve(reject, fleet.second)).toMatchObject({ __typename: 'Plan', status: 'REJECTED' })
    expect(await fleet.approve({ planId: plan.id, userId: 'cleo' })).toMatchObject({ __typename: 'InvalidStateError', code: 'INVALID_STATE', state: 'REJECTED' })
    expect(fleet.received.filter((one) => one.work.planId === plan.id)).toEqual([])
  })

  test('an approval of another hash is refused and dispatches nothing', async () => {
    const plan = await fleet.planFor('Deploy Kuma')
    expect(await fleet.approve({ planId: plan.id, contentHash: '0'.repeat(64), userId: 'ben' })).toMatchObject({
      __typename: 'PlanChangedError', code: 'PLAN_CHANGED', contentHash: plan.contentHash,
    })
    expect(await fleet.first.run(documents.cancel, { input: { planId: plan.id, userId: 'ben' } })).toMatchObject({ cancelPlan: { status: 'CANCELLED' } })
  })

  test('bad input is answered with typed errors', async () => {
    for (const text of ['', '   \n', 'x'.repeat(10_001)]) {
      expect(await fleet.submit({ text })).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' })
    }
    const nobody = `Plan_${crypto.randomUUID()}`
    for (const planId of [nobody, 'nonsense', `Request_${crypto.randomUUID()}`]) {
      expect(await fleet.approve({ planId, userId: 'ben' })).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
    }
    expect(await fleet.submit({ text: 'Tell me a joke about routers.' })).toMatchObject({ status: 'PARSING_FAILED', failureReason: expect.any(String) })
  })

  test('a repeated submit with the same key returns the first request', async () => {
    const send = (text: string) => fleet.submit({ text, idempotencyKey: 'k-1' })
    const one = await send('Deploy Kuma')
    expect(await send('Deploy Kuma')).toMatchObject({ id: one['id'] })
    expect(await send('Add existing portals to config')).toMatchObject({ __typename: 'InvalidInputError' })
  })

  test('the audit trail says what happened to a request and who did it', async () => {
    const plan = await fleet.planFor('Deploy Kuma', 'dora')
    await fleet.approve({ planId: plan.id, userId: 'ben' })
    await fleet.watch(fleet.first, plan.id)
    const { plan: read } = (await fleet.first.run(documents.planById, { id: plan.id })) as { plan: { request: { id: string } } }
    const { auditTrail } = await fleet.first.run(`query ($id: ID!) { auditTrail(requestId: $id, first: 100) { edges { node { kind actor } } } }`, { id: read.request.id })
    const kinds = (auditTrail as { edges: { node: { kind: string; actor: string } }[] }).edges.map(({ node }) => `${node.kind} ${node.actor}`)
    expect(kinds).toEqual(expect.arrayContaining(['REQUEST_SUBMITTED user:dora', 'PLAN_APPROVED user:ben', 'TASK_DISPATCHED service', 'PLAN_COMPLETED service']))
  })

  test('a complex plan runs side by side where nothing orders it, and hands outputs on', async () => {
    const note = (order: number, dependsOn: number[] = []) => ({ order, intent: 'write_note', parameters: { text: `note ${order}` }, dependsOn })
    const plan = await fleet.planFor({ subtasks: [note(1), note(2), note(3), note(4, [1, 2, 3]), note(5, [4]), note(6, [4]), note(7, [5, 6])] })
    expect(plan).toMatchObject({ status: 'PENDING_APPROVAL', complexity: 'COMPLEX' })
    await fleet.approve({ planId: plan.id, contentHash: plan.contentHash, userId: 'ben' })
    expect((await fleet.watch(fleet.second, plan.id)).at(-1)).toMatchObject({ plan: { status: 'COMPLETED' } })
    const work = fleet.received.filter((one) => one.work.planId === plan.id)
    const began = (text: string) => work.findIndex((one) => one.work.parameters['text'] === text)
    expect(work).toHaveLength(7)
    expect(new Set(work.slice(0, 3).map((one) => one.work.parameters['text']))).toEqual(new Set(['note 1', 'note 2', 'note 3']))
    expect([began('note 4'), began('note 7')]).toEqual([3, 6])
    expect(Object.values(work[3]!.work.inputs)).toEqual(Array.from({ length: 3 }, () => ({ done: 'write_note' })))
  })

  test('a task that fails for the moment is tried again; one that fails for good fails its plan', async () => {
    const run = async (text: string) => {
      const plan = await fleet.planFor({ subtasks: [{ intent: 'write_note', parameters: { text } }] })
      await fleet.approve({ planId: plan.id, userId: 'ben' })
      await fleet.watch(fleet.first, plan.id)
      return (await fleet.first.run(documents.planById, { id: plan.id })).plan
    }
    expect(await run('fails once')).toMatchObject({
      status: 'COMPLETED', tasks: [{ status: 'SUCCEEDED', attempt: 2, attempts: [{ number: 1, status: 'FAILED' }, { number: 2, status: 'SUCCEEDED' }] }],
    })
    expect(await run('fails')).toMatchObject({ status: 'FAILED', tasks: [{ status: 'FAILED', attempt: 1, failureReason: expect.stringContaining('the disk is full') }] })
  })
})
