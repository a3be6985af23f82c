/** Messages that nobody can read end among the dead letters with a reason, and delay nobody. */
import { randomUUID } from 'node:crypto'
import { connect, type ConfirmChannel } from 'amqplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatReport } from '../../src/agent/report.ts'
import type { ServiceBus } from '../../src/messaging/port.ts'
import { createRabbitMqServiceBus } from '../../src/messaging/rabbitmq-bus.ts'
import { brokerNames } from '../../src/messaging/topology.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { createFaultWorld, until, type FaultWorld } from './world/fault-world.ts'
import { expectCompleted, planReaches, taskReaches } from './world/plan-history.ts'
import { approved, chain } from './world/plans.ts'
import { playAgent } from './world/played-agent.ts'
import type { ServiceProcess } from './world/service-process.ts'

let world: FaultWorld
let service: ServiceProcess
let letters: ServiceBus
let channel: ConfirmChannel
let close: () => Promise<void>
beforeAll(async () => {
  world = await createFaultWorld()
  service = await world.startService()
  await world.startAgent('worker-1')
  letters = createRabbitMqServiceBus({ url: world.broker.url, prefix: world.broker.prefix, logger: silentLogger })
  await letters.start()
  const connection = await connect(world.broker.url)
  channel = await connection.createConfirmChannel()
  close = () => connection.close()
})
afterAll(async () => {
  await close()
  await letters.stop()
  await world.stop()
})

const ref = { taskId: `Task_${randomUUID()}`, attempt: 1 }
const result = (data: object = {}) => JSON.parse(formatReport({ name: 'worker-1', instance: 'one' }, ref, 'succeeded', { output: 1 }).body) as Record<string, unknown> & { data: object } & typeof data
const key = 'agent.worker-1.succeeded'

/** What is sent, under which routing key, and what its letter must say. */
const unreadable: readonly { readonly name: string; readonly body: string; readonly key: string; readonly reason: RegExp }[] = [
  { name: 'malformed', body: '{"specversion": "1.0", ', key, reason: /not JSON/ },
  { name: 'of no known envelope', body: '{"hello": "world"}', key, reason: /not a CloudEvent/ },
  { name: 'oversized', body: JSON.stringify({ ...result(), data: { ...result().data, output: 'x'.repeat(1_100_000) } }), key, reason: /oversized/ },
  { name: 'with an oversized output', body: JSON.stringify({ ...result(), data: { ...result().data, output: 'x'.repeat(300_000) } }), key, reason: /oversized/ },
  { name: 'of unknown type', body: JSON.stringify({ ...result(), type: 'planwright.work.teleported' }), key, reason: /unknown type/ },
  { name: 'under an unknown routing key', body: JSON.stringify(result()), key: 'agent.worker-1.teleported', reason: /unknown routing key/ },
  { name: 'of a newer version', body: JSON.stringify({ ...result(), dataschema: 'urn:planwright:planwright.work.succeeded:2' }), key, reason: /newer version: 2/ },
  { name: 'carrying NUL', body: JSON.stringify({ ...result(), data: { ...result().data, output: 'a\u0000b' } }), key, reason: /cannot be stored/ },
  { name: 'carrying a lone surrogate', body: JSON.stringify({ ...result(), data: { ...result().data, output: '\ud800' } }), key, reason: /cannot be stored/ },
  { name: 'nested too deep', body: JSON.stringify({ ...result(), data: 0 }).replace('"data":0', `"data":${'['.repeat(100)}${']'.repeat(100)}`), key, reason: /nested too deep/ },
  { name: 'about an unknown task', body: JSON.stringify(result()), key, reason: /unknown task/ },
]

async function send(routingKey: string, body: string): Promise<string> {
  const messageId = randomUUID()
  channel.publish(brokerNames(world.broker.prefix).exchanges.results, routingKey, Buffer.from(body), { persistent: true, messageId })
  await channel.waitForConfirms()
  return messageId
}

test.each(unreadable)('a message $name is kept among the dead letters with its reason', async ({ body, key: routingKey, reason }) => {
  const known = (await letters.readDeadLetters(1_000)).length
  await send(routingKey, body)
  const letter = await until('the letter', async () => {
    const read = await letters.readDeadLetters(1_000)
    return read.length > known && read.at(-1)
  })
  expect(letter).toMatchObject({ reason: expect.stringMatching(reason), routingKey, body })
  expect((await letters.queueDepths()).results).toBe(0)
})

test('a result that can never be applied is delivered five times at most, then kept, and holds up nobody meanwhile', async () => {
  await world.sql(`create function refuse_poison() returns trigger language plpgsql as $$ begin
    if new.output::text like '%poison%' then raise exception 'no'; end if; return new; end $$`)
  await world.sql('create trigger refuse_poison before update on task for each row execute function refuse_poison()')
  const holder = await playAgent(world, 'holder')
  await world.agents[0]!.terminate()
  const plan = await approved(service.client, { intent: 'build' })
  const taskId = plan.tasks[0]!.id
  const { attempt } = await until('work', () => holder.received.flatMap(({ data }) => ('intent' in data && data.taskId === taskId ? [data] : [])).at(-1), 60_000)
  holder.hold({ taskId, attempt })
  await holder.report({ taskId, attempt }, 'accepted', {})
  await taskReaches(world, plan, 1, 'RUNNING')
  const poison = formatReport(holder.reporter, { taskId, attempt }, 'succeeded', { output: 'poison' })
  const isKept = async () => (await letters.readDeadLetters(1_000)).find(({ body }) => body === poison.body)
  await send(poison.routingKey, poison.body)
  await world.startAgent('worker-2')
  await expectCompleted(world, service.client, await approved(service.client, { intent: 'ship' }))
  expect(await until('the letter', isKept, 60_000)).toMatchObject({ reason: 'delivered 5 times without success' })
  await holder.report({ taskId, attempt }, 'succeeded', { output: 'sound' })
  await planReaches(world, plan, 'COMPLETED')
  await holder.stop()
})

test('a flood of unreadable messages delays a plan by no more than a second', async () => {
  const known = (await letters.queueDepths()).deadLetters
  const readable = unreadable.filter(({ body }) => body.length < 10_000)
  /** Milliseconds that the fastest of some plans took: whatever delays all of them shows, a busy machine does not. */
  const fastest = async (before: () => unknown) => {
    const times: number[] = []
    for (let index = 0; index < 5; index += 1) {
      void before()
      const begun = performance.now()
      await planReaches(world, await approved(service.client, ...chain), 'COMPLETED')
      times.push(performance.now() - begun)
    }
    return Math.min(...times)
  }
  const calm = await fastest(() => {})
  const floods: Promise<string>[] = []
  const disturbed = await fastest(() => {
    for (let index = 0; index < 100; index += 1) {
      const { key: routingKey, body } = readable[index % readable.length]!
      floods.push(send(routingKey, body))
    }
  })
  await Promise.all(floods)
  expect(disturbed).toBeLessThan(calm + 1_000)
  await until('all letters', async () => (await letters.queueDepths()).deadLetters === known + floods.length, 60_000)
})
