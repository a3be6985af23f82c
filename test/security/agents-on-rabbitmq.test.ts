import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connect, type Channel } from 'amqplib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createAgent, createWorkVerifier, type TaskHandler } from '../../src/agent/index.ts'
import { loadCatalog } from '../../src/catalog/load-catalog.ts'
import { formatMessage } from '../../src/messaging/cloud-event.ts'
import { createRabbitMqAgentBus } from '../../src/messaging/rabbitmq-bus.ts'
import { createWorkSigner } from '../../src/messaging/work-signature.ts'
import { openSigningKey } from '../../src/signing-key.ts'
import { startPrivateRabbitMq, type PrivateNode } from '../../scripts/rabbitmq.ts'
import { workFor } from '../agent/service-side.ts'
import { silentLogger as logger } from '../harness/silent-logger.ts'
import { documentedCommands } from './documented-commands.ts'
import { approve, proposePlan, startSecured, type Caller, type Secured } from './secured.ts'

const prefix = 'planwright'
let node: PrivateNode
let folder: string
let service: Secured
let ada: Caller
let grace: Caller
let op: Caller
const ran: string[] = []
const stops: (() => Promise<void>)[] = []

const urlOf = (user: string, password: string) => Object.assign(new URL(node.url), { username: user, password }).href
const agentUrl = (name: string) => urlOf(name, `secret-${name}`)

beforeAll(async () => {
  node = await startPrivateRabbitMq()
  folder = await mkdtemp(join(tmpdir(), 'planwright-work-key-'))
  for (const name of ['infra-1', 'infra-2']) {
    for (const args of documentedCommands('security.md', 'rabbitmqctl', { SERVICE_PASSWORD: 'secret', AGENT_PASSWORD: `secret-${name}` })) {
      const forService = args.some((word) => word.includes('planwright-service'))
      if (!forService || name === 'infra-1') await node.ctl(args.map((word) => word.replaceAll('infra-1', name)))
    }
  }
  await promisify(execFile)(process.execPath, ['scripts/work-key.ts', join(folder, 'work.pem')])
  service = await startSecured({
    AMQP_URL: urlOf('planwright-service', 'secret'), AGENTS: 'infra-1,infra-2', WORK_KEY_FILE: join(folder, 'work.pem'), LEASE_SECONDS: '5',
  })
  ada = await service.caller('ada', 'requester')
  grace = await service.caller('grace', 'approver')
  op = await service.caller('op', 'operator')
  await startAgent('infra-1')
}, 120_000)

afterAll(async () => {
  for (const stop of stops) await stop()
  await service?.stop()
  await node?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** An agent with the documented credentials that takes signed work only. */
async function startAgent(name: string): Promise<void> {
  const catalog = await loadCatalog(service.catalogPath)
  const run: TaskHandler['run'] = async (task, { signal }) => {
    ran.push(`${task.intent} ${task.taskId}`)
    if (task.intent !== 'wait') return { by: name }
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
  const handlers = Object.fromEntries(catalog.capabilities.map((entry) => [entry.id, {
    workType: entry.workType, capabilityDigest: entry.digest, irreversible: entry.effect === 'irreversible', run,
  }]))
  const agent = createAgent({
    name, agentType: 'infra', slots: 4, handlers, logger, heartbeatMs: 500,
    bus: createRabbitMqAgentBus({ url: agentUrl(name), prefix, agentName: name, logger }),
    verify: await createWorkVerifier({ name, keyFile: join(folder, 'work.pem.pub'), logger }),
  })
  stops.push(() => agent.stop())
  await agent.start()
  await vi.waitFor(async () => {
    const { agents } = await ada.data('{ agents(status: [ONLINE]) { nodes { name } } }')
    expect(agents.nodes).toContainEqual({ name })
  }, { timeout: 60_000, interval: 200 })
}

async function planReaches(id: string, status: string): Promise<void> {
  const read = async () => (await ada.data('query ($id: ID!) { plan(id: $id) { status } }', { id })).plan.status
  await expect.poll(read, { timeout: 60_000, interval: 200 }).toBe(status)
}

describe('with the documented permissions and a key', () => {
  test('work is done, irreversible work after its grant', async () => {
    const [plain, final] = [await proposePlan(ada), await proposePlan(ada, { intent: 'erase' })]
    for (const { planId } of [plain, final]) expect(await approve(grace, planId, { acceptInfeasible: false })).toMatchObject({ status: expect.stringMatching(/APPROVED|EXECUTING/) })
    await planReaches(plain.planId, 'COMPLETED')
    await planReaches(final.planId, 'COMPLETED')
    expect(ran).toEqual(expect.arrayContaining([`deploy ${plain.taskId}`, `erase ${final.taskId}`]))
  })

  test('a cancel reaches the agent', async () => {
    const { planId, taskId } = await proposePlan(ada, { intent: 'wait' })
    await approve(grace, planId)
    await expect.poll(() => ran, { timeout: 60_000 }).toContain(`wait ${taskId}`)
    await op.data('mutation ($id: ID!) { cancelPlan(input: { planId: $id }) { __typename } }', { id: planId })
    await planReaches(planId, 'CANCELLED')
  })
})

describe('an agent cannot', () => {
  const queue = `${prefix}.agent.infra-1`
  const event = Buffer.from('{}')
  const attempts: Readonly<Record<string, (channel: Channel) => Promise<unknown>>> = {
    'consume the work of another': (channel) => channel.consume(queue, () => {}),
    'fetch the work of another': (channel) => channel.get(queue),
    'purge the work of another': (channel) => channel.purgeQueue(queue),
    'read the results': (channel) => channel.get(`${prefix}.results`),
    'read the dead letters': (channel) => channel.get(`${prefix}.dead-letters`),
    'delete its own queue': (channel) => channel.deleteQueue(`${prefix}.agent.infra-2`),
    'declare a queue': (channel) => channel.assertQueue('mine'),
    'declare an exchange': (channel) => channel.assertExchange('mine', 'topic'),
    'bind its own queue to the work of another': (channel) => channel.bindQueue(`${prefix}.agent.infra-2`, `${prefix}.work`, 'agent.infra-1'),
    'bind its own queue to the results': (channel) => channel.bindQueue(`${prefix}.agent.infra-2`, `${prefix}.results`, 'agent.#'),
    'report in the name of another': (channel) => published(channel, `${prefix}.results`, 'agent.infra-1.succeeded', event),
    'send heartbeats in the name of another': (channel) => published(channel, `${prefix}.results`, 'agent.infra-1.heartbeat', event),
    'report under a word that is none': (channel) => published(channel, `${prefix}.results`, 'agent.infra-2.granted', event),
    'report under a longer key': (channel) => published(channel, `${prefix}.results`, 'agent.infra-2.succeeded.agent.infra-1', event),
    'send work': (channel) => published(channel, `${prefix}.work`, 'agent.infra-1', event),
    'send work to itself': (channel) => published(channel, `${prefix}.work`, 'agent.infra-2', event),
    'send hints': (channel) => published(channel, `${prefix}.events`, 'hint', event),
    'send straight to a queue': (channel) => published(channel, '', queue, event),
    'send straight to the results': (channel) => published(channel, '', `${prefix}.results`, event),
    'send dead letters': (channel) => published(channel, `${prefix}.dead`, 'x', event),
  }

  test.each(Object.entries(attempts))('%s', async (_name, attempt) => {
    const model = await connect(agentUrl('infra-2'))
    model.on('error', () => {})
    const channel = await model.createConfirmChannel()
    const refused = new Promise<{ code?: number }>((resolve) => channel.on('error', (error: { code?: number }) => resolve(error)))
    const allowed = attempt(channel).then(() => 'allowed', () => refused)
    expect(await Promise.race([allowed, refused])).toMatchObject({ code: 403 })
    await model.close()
  })

  test('be stopped from what is its own: its queue, its reports, its heartbeats', async () => {
    await startAgent('infra-2')
    const model = await connect(agentUrl('infra-2'))
    const channel = await model.createConfirmChannel()
    expect(await channel.get(`${prefix}.agent.infra-2`)).toBe(false)
    await published(channel, `${prefix}.results`, 'agent.infra-2.heartbeat', event)
    await model.close()
  })

  async function published(channel: Channel, exchange: string, key: string, content: Buffer): Promise<void> {
    channel.publish(exchange, key, content)
    if ('waitForConfirms' in channel) await (channel as Channel & { waitForConfirms(): Promise<void> }).waitForConfirms()
  }
})

describe('whoever may write to the broker still cannot make an agent work', () => {
  const forged = async (data: ReturnType<typeof workFor>): Promise<Readonly<Record<string, string | undefined>>> => {
    const genuine = createWorkSigner(await openSigningKey(join(folder, 'work.pem')))
    const other = createWorkSigner(await openSigningKey(join(folder, 'other.pem')))
    const type = 'planwright.work.requested'
    return {
      unsigned: undefined,
      'signed by another key': other({ type, agentName: 'infra-1', data }),
      'signed for another agent': genuine({ type, agentName: 'infra-2', data }),
      'signed as another type': genuine({ type: 'planwright.work.granted', agentName: 'infra-1', data }),
      'signed for other data': genuine({ type, agentName: 'infra-1', data: { ...data, parameters: { harmless: true } } }),
    }
  }

  test('forged work is put aside and never run', async () => {
    const catalog = await loadCatalog(service.catalogPath)
    const data = workFor('infra-1', { intent: 'deploy', capabilityDigest: catalog.byId.get('deploy')!.digest })
    const model = await connect(node.url)
    const channel = await model.createConfirmChannel()
    const signatures = Object.values(await forged(data))
    for (const [index, signature] of signatures.entries()) {
      const attributes = { id: String(index), source: '/planwright/service', time: new Date(), ...(signature && { signature }) }
      channel.publish(`${prefix}.work`, 'agent.infra-1', Buffer.from(formatMessage('planwright.work.requested', data, attributes)))
    }
    await channel.waitForConfirms()
    await expect.poll(async () => (await channel.checkQueue(`${prefix}.dead-letters`)).messageCount, { timeout: 60_000 }).toBeGreaterThanOrEqual(signatures.length)
    expect(ran.join()).not.toContain(data.taskId)
    // The agent goes on with what is genuine.
    const { planId } = await proposePlan(ada)
    await approve(grace, planId)
    await planReaches(planId, 'COMPLETED')
    await model.close()
  })

  test('every message to an agent is signed, and work names its approval', async () => {
    const model = await connect(node.url)
    const channel = await model.createConfirmChannel()
    const { queue } = await channel.assertQueue('', { exclusive: true })
    await channel.bindQueue(queue, `${prefix}.work`, 'agent.#')
    const seen: { type: string; signature?: string; data: Record<string, unknown> }[] = []
    await channel.consume(queue, (message) => void seen.push(JSON.parse(String(message?.content))), { noAck: true })
    const { planId } = await proposePlan(ada, { intent: 'erase' })
    await approve(grace, planId)
    await planReaches(planId, 'COMPLETED')
    await expect.poll(() => seen.map(({ type }) => type), { timeout: 30_000 }).toEqual(['planwright.work.requested', 'planwright.work.granted'])
    expect(seen.every(({ signature }) => signature !== undefined)).toBe(true)
    const [requested] = seen
    expect(requested!.data).toMatchObject({ planId, approvalId: expect.stringMatching(/^Approval_/), contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    await model.close()
  })
})

test('the service says what is missing where the key is not there', async () => {
  await expect(startSecured({ WORK_KEY_FILE: join(folder, 'nowhere.pem') })).rejects.toThrow('WORK_KEY_FILE')
  expect(await readFile(join(folder, 'nowhere.pem')).catch(() => null)).toBeNull()
})
