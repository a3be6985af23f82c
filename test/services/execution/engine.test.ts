import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toGlobalId } from '../../../src/global-id.ts'
import { entryHash, type LogRow } from '../../../src/services/recording/execution-log.ts'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { catalogOf, person } from '../../harness/plan-builder.ts'
import { startService, until, type Service } from '../../harness/service.ts'

const catalog = catalogOf([{ id: 'build' }, { id: 'ship' }])

let database: TestDatabase
let service: Service
beforeEach(async () => {
  database = await createTestDatabase()
  service = await startService(database.url, catalog)
})
afterEach(async () => {
  await service.stop()
  await database.drop()
})

/** Recomputes the chain of a stream from its rows; answers the kinds of its entries. */
async function verifyLog(stream: string): Promise<string[]> {
  const { rows } = await service.pool.query('select * from execution_log_entry where stream = $1 order by sequence', [stream])
  let head: Buffer = Buffer.alloc(32)
  ;(rows as (Omit<LogRow, 'hash' | 'at'> & { hash: Buffer; at: Date })[]).forEach(({ hash, at, ...row }, index) => {
    expect(row.sequence).toBe(index + 1)
    head = entryHash(head, { ...row, at: at.toISOString() })
    expect(hash.equals(head)).toBe(true)
  })
  const { rows: [last] } = await service.pool.query('select sequence, head from log_stream where id = $1', [stream])
  expect(last).toEqual({ sequence: rows.length, head })
  return rows.map(({ kind }) => kind)
}

const outboxEmpties = () => until('an empty outbox', async () => (await service.pool.query('select 1 from outbox_message')).rows.length === 0)

test('a plan runs to its end, outputs go to dependents, and its log is whole', async () => {
  const inputs: unknown[] = []
  await service.startAgent('sdk', (work, context) => {
    if (work.intent === 'ship') inputs.push(context.inputs)
    return { made: work.intent }
  })
  const plan = await service.plan({ intent: 'build' }, { intent: 'build' }, { intent: 'ship', dependsOn: [1] })
  await service.decide(plan)
  await service.planReaches(plan.id, 'COMPLETED')
  const tasks = await service.taskRows(plan.id)
  expect(tasks.map(({ output }) => output)).toEqual([{ made: 'build' }, { made: 'build' }, { made: 'ship' }])
  expect(inputs).toEqual([{ [toGlobalId('Task', tasks[0]!.id)]: { made: 'build' } }])
  expect(await service.evidence(plan.id)).toEqual([])
  const kinds = await verifyLog(plan.id)
  expect(kinds.slice(0, 4)).toEqual(['PLAN_PROPOSED', 'FALLBACK_DECIDED', 'PLAN_APPROVED', 'PLAN_STARTED'])
  expect(kinds.at(-1)).toBe('PLAN_COMPLETED')
  for (const kind of ['TASK_DISPATCHED', 'TASK_SUCCEEDED']) expect(kinds.filter((other) => other === kind)).toHaveLength(3)
  await outboxEmpties()
})

test('of a plan of 300 tasks all are sent out, each once, although no agent says anything', async () => {
  await service.stop()
  service = await startService(database.url, catalog, { LEASE_SECONDS: '60' })
  const agent = await service.playAgent('silent', 300)
  const plan = await service.plan(...Array.from({ length: 300 }, () => ({ intent: 'build' })))
  await service.decide(plan)
  await until('all work', () => agent.received.length >= 300)
  const ids = agent.received.flatMap((event) => (event.type === 'planwright.work.requested' ? [event.data.taskId] : []))
  expect(ids).toHaveLength(300)
  expect(new Set(ids).size).toBe(300)
  await verifyLog(plan.id)
})

test('work carries the content hash and the approval that were decided', async () => {
  const agent = await service.playAgent('hand')
  const plan = await service.plan({ intent: 'build' })
  await service.decide(plan)
  const work = await agent.work()
  const { rows } = await service.pool.query('select id, content_hash, decided_by from approval where plan_id = $1', [plan.id])
  expect(rows).toEqual([{ id: expect.any(String), content_hash: plan.contentHash, decided_by: 'bob' }])
  expect(work).toMatchObject({
    planId: toGlobalId('Plan', plan.id), contentHash: plan.contentHash, approvalId: toGlobalId('Approval', rows[0].id),
    capabilityDigest: catalog.byId.get('build')!.digest, agent: 'hand', attempt: 1,
  })
})

test('a result counts once, and only from the agent that was asked', async () => {
  const [hand, other] = [await service.playAgent('hand'), await service.playAgent('other')]
  const plan = await service.plan({ intent: 'build' }, { intent: 'ship', dependsOn: [1] })
  await service.decide(plan)
  const requested = await until('work', () => [hand, other].flatMap(({ received }) => received)[0])
  if (requested.type !== 'planwright.work.requested') throw new Error(requested.type)
  const work = requested.data
  const [right, wrong] = work.agent === 'hand' ? [hand, other] : [other, hand]
  await right.report(work, 'accepted', {})
  await service.taskReaches(plan.id, 1, 'RUNNING')
  await wrong.report(work, 'succeeded', { output: 'forged' })
  await right.report({ ...work, attempt: 7 }, 'succeeded', { output: 'future' })
  await right.report(work, 'succeeded', { output: 'true' })
  await right.report(work, 'succeeded', { output: 'changed' }, 3)
  const evidence = await until('evidence', async () => {
    const rows = await service.evidence(plan.id)
    return rows.find(({ reason, count }) => reason === 'duplicate' && count === 3) && rows
  })
  expect(evidence.map(({ reason, attempt, count }) => [reason, attempt, count])).toEqual([['duplicate', 1, 3], ['stale_attempt', 7, 1], ['wrong_agent', 1, 1]])
  const [first] = await service.taskRows(plan.id)
  expect(first).toMatchObject({ status: 'SUCCEEDED', output: 'true', attempt: 1 })
  await verifyLog(plan.id)
})

test('a report about a task that nobody knows is a dead letter', async () => {
  const agent = await service.playAgent('hand')
  await agent.report({ taskId: toGlobalId('Task', randomUUID()), attempt: 1 }, 'succeeded', { output: null })
  const [letter] = await until('a dead letter', async () => {
    const letters = await service.bus.readDeadLetters(1)
    return letters.length > 0 && letters
  })
  expect(letter!.reason).toBe('unknown task')
})

test('of 20 concurrent decisions one holds', async () => {
  await service.playAgent('hand')
  const plan = await service.plan({ intent: 'build' })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => service.decide(plan, { userId: `user-${index}`, approved: index % 2 === 0 })),
  )
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as { code: string }] : []))
  expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 19 }, () => 'INVALID_STATE'))
  const { rows } = await service.pool.query('select decision from approval where plan_id = $1', [plan.id])
  expect(rows).toHaveLength(1)
  const { rows: logged } = await service.pool.query(`select kind from execution_log_entry where stream = $1 and kind in ('PLAN_APPROVED', 'PLAN_REJECTED')`, [plan.id])
  expect(logged).toEqual([{ kind: `PLAN_${rows[0].decision}` }])
  await verifyLog(plan.id)
})

test('a task that nobody can take waits and goes when an agent joins', async () => {
  const plan = await service.plan({ intent: 'build' })
  await expect(service.decide(plan)).rejects.toMatchObject({ code: 'INFEASIBLE_PLAN' })
  await service.decide(plan, { acceptInfeasible: true })
  await service.taskReaches(plan.id, 1, 'WAITING_FOR_AGENT')
  expect((await service.planRow(plan.id)).status).toBe('APPROVED')
  await service.startAgent('late', () => ({ ok: true }))
  await service.planReaches(plan.id, 'COMPLETED')
})

test('nobody is refused for an agent that joined on another replica a moment ago', async () => {
  const plan = await service.plan({ intent: 'build' })
  await expect(service.decide(plan)).rejects.toMatchObject({ code: 'INFEASIBLE_PLAN' })
  await service.pool.query(`
    insert into agent (id, name, agent_type, instance, intents, work_types, slots, open_attempts, resources, unanswered, online, last_seen_at, registered_at)
    values ($1, 'elsewhere', $2, 'run', '["build"]', '[]', 1, 0, '{"cpuFree": 1, "memoryFreeMb": 1, "gpus": 0}', 0, true, clock_timestamp(), clock_timestamp())
  `, [randomUUID(), catalog.capabilities[0]!.agentType])
  await service.decide(plan)
  const { rows } = await service.pool.query('select decision from approval where plan_id = $1', [plan.id])
  expect(rows).toEqual([{ decision: 'APPROVED' }])
})

test('a message that cannot be made from its plan does not hold up those of others', async () => {
  const agent = await service.playAgent('hand')
  const plan = await service.plan({ intent: 'build' })
  await service.decide(plan)
  const work = await agent.work()
  const [unmakeable, again] = [randomUUID(), randomUUID()]
  await service.pool.query(
    `insert into outbox_message (id, type, agent_name, plan_id, task_id, attempt, claimed_by, claimed_until, created_at)
      select m.id, 'requested', 'hand', m.plan_id, t.id, 1, m.id, '2020-01-01', now()
      from unnest($1::uuid[], $2::uuid[]) as m (id, plan_id), task t where t.plan_id = $3`,
    [[unmakeable, again], [randomUUID(), plan.id], plan.id],
  )
  await until('the other message', () => agent.received.some(({ id }) => id === again))
  expect(agent.received.find(({ id }) => id === again)).toMatchObject({ data: work })
  await until('an outbox with the one', async () => {
    const { rows } = await service.pool.query('select id from outbox_message')
    return rows.length === 1 && rows[0].id === unmakeable
  })
})

test('a cancelled plan ends when its agent has stopped, and is not un-cancelled', async () => {
  let signal: AbortSignal | undefined
  await service.startAgent('sdk', (_work, context) => {
    signal = context.signal
    return new Promise((_resolve, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason)))
  })
  const plan = await service.plan({ intent: 'build' }, { intent: 'ship', dependsOn: [1] })
  await service.decide(plan)
  await service.taskReaches(plan.id, 1, 'RUNNING')
  const cancelling = await service.operations.cancelPlan(person('bob'), { planId: plan.id, reason: 'not needed' })
  expect(['CANCELLING', 'CANCELLED']).toContain(cancelling.status)
  await service.planReaches(plan.id, 'CANCELLED')
  expect(signal?.aborted).toBe(true)
  expect((await service.taskRows(plan.id)).map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED'])
  await verifyLog(plan.id)
  await outboxEmpties()
})
