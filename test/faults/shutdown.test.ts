/** SIGTERM: what is under way is finished or given back, everybody is told, and the process ends by itself. */
import { Pool } from 'pg'
import { WebSocket } from 'ws'
import { expect, test } from 'vitest'
import { amqpMethods } from '../harness/frame-splitter.ts'
import { createTestDatabase } from '../harness/database.ts'
import { inWorld, until } from './world/fault-world.ts'
import { expectCompleted, planReaches, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, chain, decide, propose, type ProposedPlan } from './world/plans.ts'
import { startServiceProcess } from './world/service-process.ts'

/** A subscriber's socket; resolves with the code it is closed with. */
function watchClosing(url: string): { opened: Promise<void>; closed: Promise<number> } {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
  const opened = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<number>()
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })))
  socket.on('message', () => opened.resolve())
  socket.on('close', (code) => closed.resolve(code))
  socket.on('error', opened.reject)
  return { opened: opened.promise, closed: closed.promise }
}

test.concurrent('a replica that is told to stop closes sockets with 1001, commits what is under way and ends with 0 within ten seconds', () => inWorld({}, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: 'when told' })
  const running = await approved(service.client, ...chain)
  await taskReaches(world, running, 1, 'RUNNING')
  const { opened, closed } = watchClosing(service.url)
  await opened
  const plans: ProposedPlan[] = []
  for (let index = 0; index < 10; index += 1) plans.push(await propose(service.client, ...chain))
  const answers = plans.map((plan) => decide(service.client, plan).then((answer) => ({ plan, answer }), () => ({ plan, answer: null })))
  const { code, tookMs } = await service.terminate()
  expect(code).toBe(0)
  expect(tookMs).toBeLessThan(10_000)
  expect(await closed).toBe(1001)
  const next = await world.startService()
  agent.end()
  // Whoever was told that the plan is approved finds it approved and carried out.
  for (const { plan, answer } of await Promise.all(answers)) if (answer?.id) await expectCompleted(world, next.client, plan)
  await expectCompleted(world, next.client, running)
  expect(timesBegun(world, running)).toEqual([1, 1])
  expect((await tasksOf(world, running)).map(({ attempt }) => attempt)).toEqual([1, 1])
}))

test.concurrent('a replica that is told to stop with unconfirmed messages gives its claims back, and another sends them at once', () => inWorld({ settings: { LEASE_SECONDS: '60' } }, async (world) => {
  const other = await world.startService({ AMQP_URL: world.broker.url })
  const service = await world.startService()
  await world.startAgent('worker-1')
  const held = world.toBroker.hold(({ direction, method, bytes }) => direction === 'toServer' && method === amqpMethods.publish && bytes.includes(`${world.broker.prefix}.work`))
  const plan = await approved(service.client, ...chain)
  await held.reached
  const { code, tookMs } = await service.terminate()
  expect(code).toBe(0)
  expect(tookMs).toBeLessThan(10_000)
  const [ended] = await world.sql<{ at: Date }>('select clock_timestamp() as at')
  await expectCompleted(world, other.client, plan)
  const [first] = await world.sql<{ at: Date }>('select min(started_at) as at from attempt')
  expect(first!.at.getTime() - ended!.at.getTime()).toBeLessThan(5_000)
  held.release()
}))

test.concurrent('a second signal ends a replica at once', () => inWorld({}, async (world) => {
  const service = await world.startService()
  world.toDatabase.silence()
  world.toBroker.silence()
  process.kill(service.pid, 'SIGTERM')
  await until('the first signal', () => service.output().includes('Stopping.'))
  const { code, tookMs } = await service.terminate()
  expect(code).toBe(143)
  expect(tookMs).toBeLessThan(2_000)
}))

test.concurrent('an embedded agent ends its children with the service, and its attempts end by the effect of their work', async () => {
  const database = await createTestDatabase()
  const pool = new Pool({ connectionString: database.url })
  const world = { sql: async <Row,>(text: string, values: readonly unknown[] = []) => (await pool.query(text, [...values])).rows as Row[] }
  const settings = { DATABASE_URL: database.url, CATALOG: 'test/faults/world/embedded-catalog.yaml' }
  const service = await startServiceProcess(settings)
  const safe = await approved(service.client, { intent: 'sleep' })
  const once = await approved(service.client, { intent: 'sleep-once' })
  await Promise.all([safe, once].map((plan) => taskReaches(world, plan, 1, 'RUNNING')))
  const { code, tookMs } = await service.terminate()
  expect(code).toBe(0)
  expect(tookMs).toBeLessThan(10_000)
  const next = await startServiceProcess(settings)
  await planReaches(world, safe, 'EXECUTING')
  await taskReaches(world, once, 1, 'OUTCOME_UNKNOWN')
  await until('another attempt', async () => (await tasksOf(world, safe))[0]!.attempt === 2)
  expect((await tasksOf(world, once))[0]).toMatchObject({ attempt: 1 })
  await next.kill()
  await pool.end()
  await database.drop()
})
