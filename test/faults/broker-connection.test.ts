/** The network between service, agents and broker is cut or swallows packets; the broker closes a channel. */
import { connect } from 'amqplib'
import { expect, test } from 'vitest'
import { brokerNames } from '../../src/messaging/topology.ts'
import { amqpMethods } from '../harness/frame-splitter.ts'
import type { TcpProxy } from '../harness/tcp-proxy.ts'
import { inWorld, leaseSeconds, type FaultWorld } from './world/fault-world.ts'
import { expectCompleted, taskReaches, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, chain } from './world/plans.ts'

type Outage = { begin(proxy: TcpProxy): void; end(proxy: TcpProxy): void }

const cut: Outage = {
  begin(proxy) {
    proxy.refuse()
    proxy.cut()
  },
  end: (proxy) => proxy.accept(),
}
/** Packets are dropped: nobody is told that the connection is gone. */
const halfOpen: Outage = {
  begin: (proxy) => proxy.silence(),
  end(proxy) {
    proxy.restore()
    proxy.cut()
  },
}

const outages = [['cut', cut], ['half-open', halfOpen]].flatMap(([name, outage]) => [
  { name: `${name}, for less than a lease`, outage: outage as Outage, seconds: leaseSeconds * 0.6 },
  { name: `${name}, for more than two leases`, outage: outage as Outage, seconds: leaseSeconds * 2.5 },
])

/** By the database's clock, which is what leases go by. */
const pass = (world: FaultWorld, seconds: number) => world.sql('select pg_sleep($1)', [seconds])

test.concurrent.each(outages)('running work survives connections of the service to the broker that are $name', ({ outage, seconds }) => inWorld({ amqpHeartbeat: 1 }, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: 'when told' })
  const plan = await approved(service.client, ...chain)
  await taskReaches(world, plan, 1, 'RUNNING')
  await pass(world, leaseSeconds)
  outage.begin(world.toBroker)
  await pass(world, seconds)
  outage.end(world.toBroker)
  await pass(world, leaseSeconds * 1.5)
  expect((await tasksOf(world, plan))[0]).toMatchObject({ status: 'RUNNING', attempt: 1 })
  agent.end()
  await expectCompleted(world, service.client, plan)
  expect(timesBegun(world, plan)).toEqual([1, 1])
}))

test.concurrent('work whose time ran out while the broker was away, and that was done in time, has succeeded', () => inWorld({ amqpHeartbeat: 1 }, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: 'when told' })
  const plan = await approved(service.client, { intent: 'hurry' })
  await taskReaches(world, plan, 1, 'RUNNING')
  cut.begin(world.toBroker)
  cut.begin(world.agentsToBroker)
  agent.end()
  await pass(world, 6)
  cut.end(world.toBroker)
  cut.end(world.agentsToBroker)
  await expectCompleted(world, service.client, plan)
  expect((await tasksOf(world, plan))[0]).toMatchObject({ status: 'SUCCEEDED', attempt: 1 })
}))

test.concurrent('what was approved while the broker was away starts as soon as it is back', () => inWorld({ settings: { LEASE_SECONDS: '60' } }, async (world) => {
  const service = await world.startService()
  await world.startAgent('worker-1')
  cut.begin(world.toBroker)
  const plan = await approved(service.client, ...chain)
  const held = world.toBroker.hold(({ direction, method }) => direction === 'toServer' && method === amqpMethods.publish)
  await pass(world, 1)
  cut.end(world.toBroker)
  held.release()
  const [back] = await world.sql<{ at: Date }>('select clock_timestamp() as at')
  await expectCompleted(world, service.client, plan)
  const [end] = await world.sql<{ at: Date }>(`select max(finished_at) as at from plan`)
  // Reconnecting takes up to three seconds; a claim on an unsent message ends after ten.
  expect(end!.at.getTime() - back!.at.getTime()).toBeLessThan(8_000)
  expect((await tasksOf(world, plan)).map(({ attempt }) => attempt)).toEqual([1, 1])
}))

test.concurrent('a channel that the broker closes is opened again, and results flow', () => inWorld({}, async (world) => {
  const service = await world.startService()
  const agent = await world.startAgent('worker-1', { ends: 'when told' })
  const plan = await approved(service.client, ...chain)
  await taskReaches(world, plan, 1, 'RUNNING')
  const admin = await connect(world.broker.url)
  const channel = await admin.createChannel()
  const { exchanges, results } = brokerNames(world.broker.prefix)
  // The consumer is cancelled with its queue; publishing to a missing exchange closes the channel.
  await channel.deleteQueue(results)
  await channel.deleteExchange(exchanges.work)
  agent.end()
  await admin.close()
  // Whoever connects declares what is missing.
  world.toBroker.cut()
  await expectCompleted(world, service.client, plan)
  // An attempt that found no queue is sent again; none was begun twice.
  expect(timesBegun(world, plan)).toEqual([1, 1])
}))
