/** RabbitMQ is short of memory and takes no messages: nothing is lost, and no work is missed. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPrivateRabbitMq, type PrivateNode } from '../../scripts/rabbitmq.ts'
import { inWorld, leaseSeconds, until } from './world/fault-world.ts'
import { expectCompleted, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, chain } from './world/plans.ts'

let node: PrivateNode
beforeAll(async () => {
  node = await startPrivateRabbitMq()
})
afterAll(() => node.stop())

test('while the broker blocks publishers running work is kept, approvals are taken, and all goes on afterwards', () => inWorld({ broker: node }, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: 'when told' })
  const running = await approved(service.client, ...chain)
  await taskReaches(world, running, 1, 'RUNNING')
  await world.sql('select pg_sleep($1)', [leaseSeconds])
  await node.ctl(['set_vm_memory_high_watermark', '0'])
  const ready = async () => (await fetch(`${service.url}/health/ready`)).status
  await until('the alarm', async () => (await ready()) === 503, 60_000)
  const waiting = await approved(service.client, ...chain)
  agent.end()
  await world.sql('select pg_sleep($1)', [leaseSeconds * 2])
  expect((await tasksOf(world, running))[0]).toMatchObject({ status: 'RUNNING', attempt: 1 })
  await node.ctl(['set_vm_memory_high_watermark', '0.4'])
  await until('the end of the alarm', async () => (await ready()) === 200, 60_000)
  await expectCompleted(world, service.client, running)
  await expectCompleted(world, service.client, waiting)
  expect(timesBegun(world, running)).toEqual([1, 1])
}))
