/** When the disasters of a seed strike, and whom. */
import { formatMessage } from '../src/messaging/cloud-event.ts'
import type { MessageType } from '../src/messaging/messages.ts'
import type { OutgoingMessage } from '../src/messaging/port.ts'
import { disasters, type Disaster } from './faults.ts'
import type { Installation } from './installation.ts'
import type { Process } from './world.ts'

/** Plans every disaster of the seed within the time of faults; at its end nothing goes wrong any more. */
export function planDisasters(installation: Installation): void {
  const { world, faults } = installation
  const random = world.random('disasters')
  for (const kind of disasters) {
    for (let count = faults.disasters[kind]; count > 0; count--) {
      world.at(null, random.between(100, faults.lastMs), () => {
        world.note('disaster', kind)
        strike(kind)
      })
    }
  }
  world.at(null, faults.lastMs, () => {
    faults.end()
    world.note('disaster', 'no more')
  })

  /** Undefined where everything is down anyway. */
  const anyone = (): Process | undefined => random.pick([...installation.replicas(), ...installation.agents()])?.process
  const oneOrAll = () => (random.chance(0.5) ? null : (anyone()?.name ?? null))

  function strike(kind: Disaster): void {
    const { replicas, agents, broker } = installation
    const until = world.now + random.between(500, installation.settings.LEASE_SECONDS * 2_500)
    switch (kind) {
      case 'replica killed': {
        const replica = random.pick(replicas())
        return random.chance(0.3) ? replica?.process.kill() : replica && faults.doom(replica.process)
      }
      case 'replica frozen': return random.pick(replicas())?.process.freezeUntil(until)
      case 'all replicas killed': return replicas().forEach(({ process }) => process.kill())
      case 'agent killed': return installation.killAgent(random.below(3), random.between(100, 15_000))
      case 'agent frozen': return random.pick(agents())?.process.freezeUntil(until)
      case 'agent deaf': return random.pick(agents())?.deafUntil(until)
      case 'database away': return faults.databaseOutage({ from: world.now, to: until, process: oneOrAll() })
      case 'broker away': return faults.brokerOutage({ from: world.now, to: until, process: oneOrAll() })
      case 'channel closed': {
        const process = anyone()
        return process && broker.closeChannels(process)
      }
      case 'queue removed': return broker.removeAgentQueue(`agent-${1 + random.below(3)}`)
      case 'old messages again': return repeatOld()
      case 'forged messages': return forge()
    }
  }

  /** Results of yesterday, work of yesterday: whatever was ever stored may come once more. */
  function repeatOld(): void {
    const { stored } = installation.broker
    for (let count = Math.min(stored.length, 10); count > 0; count--) installation.broker.inject(random.pick(stored), 'a repeat')
  }

  /** An agent answers for another's task, or with another number of the attempt; mostly about what is running now. */
  function forge(): void {
    const reports = installation.broker.stored.filter(({ exchange }) => exchange === 'results').slice(-20)
    for (let count = Math.min(reports.length, 5); count > 0; count--) installation.broker.inject(forged(random.pick(reports)), 'a forger')
  }

  function forged(report: OutgoingMessage): OutgoingMessage {
    const event = JSON.parse(report.body) as { type: MessageType; data: { taskId: string; attempt: number; instance: string } }
    const [, agent] = report.routingKey.split('.')
    const type = random.chance(0.5) && event.type === 'planwright.work.accepted' ? 'planwright.work.succeeded' : event.type
    const { attempt } = event.data
    const others = ['agent-1', 'agent-2', 'agent-3', 'stranger'].filter((name) => name !== agent)
    const changed = random.chance(0.6) ? { agent: random.pick(others), attempt } : { agent, attempt: random.pick(attempt > 1 ? [attempt - 1, attempt + 50] : [attempt + 50]) }
    const id = random.uuid(world.now)
    // The output tells whom it is from: the checks know that nobody ever gave it.
    const output = type === 'planwright.work.succeeded' ? { output: 'forged' } : {}
    const data = { ...event.data, ...output, attempt: changed.attempt, instance: changed.agent === agent ? event.data.instance : 'forged' }
    const body = formatMessage(type, data, { id, source: '/forger', time: new Date(world.now) })
    return { exchange: 'results', routingKey: `agent.${changed.agent}.${type.split('.').at(-1)}`, messageId: id, body }
  }
}
