import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createAgent } from '../../src/agent/index.ts'
import { loadCatalog } from '../../src/catalog/load-catalog.ts'
import { createRabbitMqAgentBus, createRabbitMqServiceBus } from '../../src/messaging/rabbitmq-bus.ts'
import { provideBroker } from '../harness/broker.ts'
import type { TestBroker } from '../harness/broker.ts'
import { amqpMethods } from '../harness/frame-splitter.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { startTcpProxy } from '../harness/tcp-proxy.ts'
import { handlerOf, untilAborted } from './run-agent.ts'
import { playService, until } from './service-side.ts'

async function serviceOn(broker: TestBroker, agent: string) {
  const service = await playService(createRabbitMqServiceBus({ ...broker, logger: silentLogger }), agent)
  onTestFinished(async () => {
    await service.stop()
    await broker.remove([agent])
  })
  return service
}

describe('on RabbitMQ', () => {
  test('an agent works with full slots, and cancels and grants get through', async () => {
    const broker = await provideBroker()
    const service = await serviceOn(broker, 'rabbit-1')
    const agent = createAgent({
      name: 'rabbit-1',
      agentType: 'test',
      slots: 64,
      logger: silentLogger,
      bus: createRabbitMqAgentBus({ ...broker, agentName: 'rabbit-1', logger: silentLogger }),
      handlers: {
        echo: handlerOf((task) => task.parameters),
        wait: handlerOf((_, { signal }) => untilAborted(signal)),
      },
    })
    onTestFinished(() => agent.stop())
    await agent.start()
    const works = await Promise.all(
      Array.from({ length: 1_000 }, (_, count) => service.work({ parameters: { count } })),
    )
    await until('all results', () => service.of('planwright.work.succeeded').length >= works.length)
    expect(new Set(service.of('planwright.work.succeeded').map((event) => event.data.taskId))).toEqual(
      new Set(works.map((work) => work.taskId)),
    )

    const running = await Promise.all(Array.from({ length: 64 }, () => service.work({ intent: 'wait' })))
    const surplus = await service.work({ intent: 'wait' })
    await until('all slots to be taken', () => running.every((work) => service.story(work.taskId)[0] === 'accepted'))
    await service.cancel(surplus)
    await service.first('planwright.work.stopped', surplus.taskId)
    await service.cancel(running[0]!)
    await service.first('planwright.work.stopped', running[0]!.taskId)
    const dangerous = await service.work({ effect: 'irreversible' })
    await service.first('planwright.work.accepted', dangerous.taskId)
    await service.grant(dangerous, agent)
    await service.first('planwright.work.succeeded', dangerous.taskId)
    await agent.stop()
    await until('the others to be given back', () => service.of('planwright.work.failed').length === 63)
    expect(await service.deadLetters()).toEqual([])
  })

  test('nothing is lost or run twice when the connection is cut before results are confirmed', async () => {
    const broker = await provideBroker()
    const service = await serviceOn(broker, 'rabbit-3')
    const proxy = await startTcpProxy(broker.url)
    onTestFinished(() => proxy.stop())
    const runs = new Map<string, number>()
    const agent = createAgent({
      name: 'rabbit-3',
      agentType: 'test',
      slots: 16,
      logger: silentLogger,
      bus: createRabbitMqAgentBus({
        url: proxy.url,
        prefix: broker.prefix,
        agentName: 'rabbit-3',
        logger: silentLogger,
      }),
      handlers: { echo: handlerOf((task) => void runs.set(task.taskId, (runs.get(task.taskId) ?? 0) + 1)) },
    })
    onTestFinished(() => agent.stop())
    await agent.start()
    const confirms = proxy.hold(
      ({ direction, method }) => direction === 'toClient' && method === amqpMethods.ack && runs.size > 0,
    )
    const works = await Promise.all(Array.from({ length: 300 }, () => service.work()))
    await confirms.reached
    proxy.cut()
    confirms.release()
    const done = () => new Set(service.of('planwright.work.succeeded').map((event) => event.data.taskId))
    await until('all results', () => done().size === works.length)
    await until('a result that came twice', () => service.of('planwright.work.succeeded').length > works.length)
    expect([...runs.values()].every((count) => count === 1)).toBe(true)
  })

  test('the agent process waits for the broker, does real work, and ends it on SIGTERM with exit 0', async () => {
    const broker = await provideBroker()
    const folder = await mkdtemp(join(tmpdir(), 'planwright-agent-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await mkdir(join(folder, 'catalog'))
    await writeFile(
      join(folder, 'catalog', 'catalog.yaml'),
      `capabilities:
  - { id: greet, description: Greet., work_type: test, agent_type: infra, estimated_minutes: 1, examples: [greet],
      parameters: [{ name: who, type: string }],
      run: { kind: command, argv: [node, greet.cjs, '{{who}}'] } }
  - { id: rest, description: Rest., work_type: test, agent_type: infra, estimated_minutes: 1, examples: [rest],
      run: { kind: command, argv: [sleep, '60'] } }
`,
    )
    await writeFile(join(folder, 'greet.cjs'), `console.log(JSON.stringify({ hello: process.argv[2] }))`)
    const proxy = await startTcpProxy(broker.url)
    onTestFinished(() => proxy.stop())
    proxy.refuse()
    const child = spawn(process.execPath, ['src/agent/main.ts'], {
      env: {
        PATH: process.env.PATH,
        AMQP_URL: proxy.url,
        AMQP_PREFIX: broker.prefix,
        CATALOG: join(folder, 'catalog'),
        AGENT_NAME: 'rabbit-2',
        DATA_DIR: join(folder, 'data'),
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let log = ''
    child.stdout.on('data', (chunk) => (log += String(chunk)))
    await until('a first try that failed', () => log.includes('"level":"warn"'))
    const service = await serviceOn(broker, 'rabbit-2')
    proxy.accept()
    const beat = await service.first('planwright.agent.heartbeat')
    expect(beat.data).toMatchObject({ agentType: 'infra', intents: ['greet', 'rest'], slots: 4 })

    const { byId } = await loadCatalog(join(folder, 'catalog'))
    const digestOf = (id: string) => ({ intent: id, capabilityDigest: byId.get(id)?.digest ?? '' })
    const greet = await service.work({ ...digestOf('greet'), parameters: { who: 'you' } })
    expect((await service.first('planwright.work.succeeded', greet.taskId)).data.output).toEqual({ hello: 'you' })
    const rest = await service.work(digestOf('rest'))
    await service.first('planwright.work.accepted', rest.taskId)
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    expect((await service.first('planwright.work.failed', rest.taskId)).data.error).toMatchObject({
      code: 'AGENT_STOPPED',
      retryable: true,
    })
    expect(log).toContain('agent started')
  })
})
