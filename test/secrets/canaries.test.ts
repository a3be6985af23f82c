import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBundledAgent } from '../../src/agent/bundled-agent.ts'
import { prepareRunEnvironment } from '../../src/agent/run/run-environment.ts'
import { loadCatalog } from '../../src/catalog/load-catalog.ts'
import { createPool } from '../../src/database/pool.ts'
import { createLogger } from '../../src/logger.ts'
import { createRabbitMqAgentBus } from '../../src/messaging/rabbitmq-bus.ts'
import { provideBroker, type TestBroker } from '../harness/broker.ts'
import { createTestDatabase, type TestDatabase } from '../harness/database.ts'
import { startModelServer, type ModelServer } from '../harness/model-server.ts'
import { startReplica } from '../harness/planwright.ts'
import { until } from '../harness/service.ts'
import { silentLogger } from '../harness/silent-logger.ts'
import { startTraceCollector, type TraceCollector } from '../harness/trace-collector.ts'
import { writeCanaryCatalog } from './canary-catalog.ts'
import { findCanaries, readAllTables, tapMessages } from './sweep.ts'

/** Of known forms where nobody can know better; any words where a secret's place is known. */
const canaries = {
  'stored secret': 'canary-env-7f3a91',
  'other environment': 'canary-other-51cd20',
  'model key': 'canary-model-key-93aa',
  'token in a request': `${'ghp_'}${'c4Na'.repeat(9)}`,
  'password in a request': 'canary-typed-pw-1',
  'token of the model': `${'AKIA'}CANARYCANARY2222`,
  'secret made up by the model': 'canary-model-made-up',
  'words of a model error': `${'glpat-'}canary-model-error-0`,
  'token in a program': `${'xoxb-'}canary-program-0001`,
  'secret by name': 'canary-by-name',
  'literal answer': 'canary-literal-answer',
  'literal parameter': 'canary-literal-parameter',
  'token in notes': `${'sk-'}canaryNotes0123456789`,
}

const requestFields = '__typename ... on Request { id status subtasks { name parameters } ambiguities { id question } outOfScope { text reason } failureReason } ... on Error { code message } ... on InvalidInputError { issues { path rule message } }'
const planFields = '__typename ... on Plan { id revision contentHash status tasks { id order parameters } } ... on Error { code message } ... on InvalidInputError { issues { path rule message } }'

type Answer = { __typename: string; id: string; status: string; revision: number; contentHash: string; ambiguities: { id: string }[]; issues: { rule: string }[] }

describe('secrets that come near the system', () => {
  let database: TestDatabase
  let broker: TestBroker
  let model: ModelServer
  let collector: TraceCollector
  let folder: string
  let pool: pg.Pool
  let replica: Awaited<ReturnType<typeof startReplica>>
  let tap: Awaited<ReturnType<typeof tapMessages>>
  let stopAgent = async () => {}
  const lines: string[] = []
  const answers: string[] = []
  const logger = createLogger('debug', { write: (line) => void lines.push(line) })

  async function run(field: string, type: string, input: object, fields: string): Promise<Answer> {
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`
    const response = await fetch(`${replica.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', 'x-request-id': `to-${field}` }, body: JSON.stringify({ query, variables: { input } }),
    })
    const text = await response.text()
    answers.push(text)
    return (JSON.parse(text) as { data: Record<string, Answer> }).data[field]!
  }
  const submit = (input: object) => run('submitRequest', 'SubmitRequestInput', { userId: 'ada', ...input }, requestFields)
  const clarify = (input: object) => run('clarifyRequest', 'ClarifyRequestInput', { userId: 'ada', ...input }, requestFields)
  const generate = (requestId: string) => run('generatePlan', 'GeneratePlanInput', { requestId, userId: 'ada' }, planFields)
  const revise = (plan: Answer, parameters: object) =>
    run('revisePlan', 'RevisePlanInput', { planId: plan.id, expectedRevision: plan.revision, userId: 'ada', edits: [{ setParameters: { task: 1, parameters } }] }, planFields)
  const approve = (plan: Answer) =>
    run('approvePlan', 'ApprovePlanInput', { planId: plan.id, contentHash: plan.contentHash, userId: 'ben', notes: `use ${canaries['token in notes']}` }, planFields)
  const ended = (plan: Answer) => until('the end of the plan', async () =>
    ((await pool.query('select 1 from plan where id = $1 and finished_at is not null', [plan.id.slice(5)])).rowCount ?? 0) > 0)

  beforeAll(async () => {
    database = await createTestDatabase()
    broker = await provideBroker()
    model = await startModelServer()
    collector = await startTraceCollector()
    folder = await mkdtemp(join(tmpdir(), 'planwright-canaries-'))
    pool = createPool({ url: database.url, max: 2, logger: silentLogger })
    const catalogPath = await writeCanaryCatalog(folder, canaries['token in a program'])
    replica = await startReplica({
      DATABASE_URL: database.url, AMQP_URL: broker.url, AMQP_PREFIX: broker.prefix, CATALOG: catalogPath, DECOMPOSER: 'openai',
      OPENAI_BASE_URL: model.url, OPENAI_API_KEY: canaries['model key'], OPENAI_MODEL: 'scripted', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    }, { logger })
    tap = await tapMessages(broker.url, broker.prefix)
    const variables = { PLANWRIGHT_SECRET_DEPLOY: canaries['stored secret'], OTHER: canaries['other environment'] }
    const agent = createBundledAgent({
      name: 'infra-1', agentType: 'infra', slots: 2, catalog: await loadCatalog(catalogPath), logger,
      bus: createRabbitMqAgentBus({ url: broker.url, prefix: broker.prefix, agentName: 'infra-1', logger }),
      environment: await prepareRunEnvironment({ catalogPath, dataDir: join(folder, 'data'), path: process.env.PATH ?? '', home: folder, variables }),
    })
    await agent.start()
    stopAgent = () => agent.stop()
    await until('the agent', async () => ((await pool.query('select 1 from agent where online')).rowCount ?? 0) > 0)
  })
  afterAll(async () => {
    await stopAgent()
    await tap?.stop()
    await replica?.stop()
    await Promise.all([model?.stop(), collector?.stop(), pool?.end()])
    await broker?.remove(['infra-1'])
    await database?.drop()
    await rm(folder, { recursive: true, force: true })
  })

  const said = (parameters: object, over: object = {}) => ({
    subtasks: [{ intent: 'rotate_password', parameters: { password: null, note: null, ...parameters }, unknownValues: [], dependsOn: [], certainty: 'clear' }],
    unclear: [], outOfScope: [], ...over,
  })

  test('a model that makes up secrets and quotes tokens gets a question asked, and a literal answer is refused', async () => {
    model.obey(() => said({ password: canaries['secret made up by the model'], note: canaries['token of the model'] }, {
      outOfScope: [{ text: `also ${canaries['token of the model']}`, reason: `Nothing knows ${canaries['token of the model']}.` }],
    }))
    const text = `Rotate the password of the shop, it was password=${canaries['password in a request']}, also push with ${canaries['token in a request']}`
    const request = await submit({ text })
    expect(request).toMatchObject({ status: 'REQUIRES_CLARIFICATION' })
    const ambiguityId = request.ambiguities[0]!.id
    expect(await clarify({ requestId: request.id, answers: [{ ambiguityId, answer: canaries['literal answer'] }] })).toMatchObject({
      __typename: 'InvalidInputError', issues: [{ rule: 'secret_reference' }],
    })
    model.script({ kind: 'status', status: 400, message: `bad key ${canaries['words of a model error']} ${canaries['model key']}` })
    expect(await clarify({ requestId: request.id, answers: [{ ambiguityId, answer: 'secret:deploy' }] })).toMatchObject({ __typename: 'Request' })
  })

  test('programs and people cannot put a literal where a reference belongs, nor a token anywhere in a plan', async () => {
    const parts = (password: string, note: string) => ({ subtasks: [{ intent: 'rotate_password', parameters: { password, note } }] })
    expect(await submit(parts(canaries['literal parameter'], 'x'))).toMatchObject({ issues: [{ rule: 'secret_reference' }] })
    expect(await submit(parts('secret:deploy', canaries['token in notes']))).toMatchObject({ issues: [{ rule: 'no_secret' }] })
    const plan = await generate((await submit(parts('secret:deploy', 'ok'))).id)
    expect(await revise(plan, { password: canaries['literal parameter'] })).toMatchObject({ issues: [{ rule: 'secret_reference' }] })
    expect(await revise(plan, { note: canaries['token in notes'] })).toMatchObject({ issues: [{ rule: 'no_secret' }] })
    const feedback = `change the note to ${canaries['token in notes']}`
    expect(await run('requestChanges', 'RequestChangesInput', { planId: plan.id, contentHash: plan.contentHash, userId: 'ben', feedback }, planFields)).toBeDefined()
    expect(await run('cancelPlan', 'CancelPlanInput', { planId: plan.id, userId: 'ben', reason: `leaked ${canaries['token in notes']}` }, planFields)).toBeDefined()
  })

  test.each([['ok', 'COMPLETED'], ['fail', 'FAILED']])('work that tells its secrets aloud is carried out, and ends: %s', async (note, status) => {
    const plan = await generate((await submit({ subtasks: [{ intent: 'rotate_password', parameters: { password: 'secret:deploy', note } }] })).id)
    expect(await approve(plan)).toMatchObject({ __typename: 'Plan' })
    await ended(plan)
    expect((await pool.query('select status from plan where id = $1', [plan.id.slice(5)])).rows).toEqual([{ status }])
    const { rows } = await pool.query<{ told: string }>(`select coalesce(output::text, failure_reason) as told from task where plan_id = $1`, [plan.id.slice(5)])
    expect(rows[0]!.told).toContain('[secret]')
    expect(rows[0]!.told).toContain('[redacted]')
  })

  test('the id of a request stands in every message that followed from it, to the agent and back, and in the lines of both', () => {
    const sent = tap.messages.filter((text) => text.includes('"requestid":"to-approvePlan"'))
    for (const type of ['work.requested', 'work.accepted', 'work.succeeded', 'work.failed']) expect(sent.some((text) => text.includes(`planwright.${type}`))).toBe(true)
    const told = lines.map((line) => JSON.parse(line) as { requestId?: string; msg: string }).filter(({ requestId }) => requestId === 'to-approvePlan').map(({ msg }) => msg)
    expect(told).toEqual(expect.arrayContaining(['an operation was answered', 'an attempt begins', 'a report was applied']))
  })

  test('none of them is in any table, log line, message, metric, trace or answer', async () => {
    const read = await fetch(`${replica.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ plans(first: 50) { edges { node { summary failureReason tasks { name parameters output failureReason } approvals { notes } log(first: 100) { edges { node { message detail } } } request { text subtasks { parameters } outOfScope { text reason } ambiguities { question } } } } } }' }),
    })
    const everything = await read.text()
    expect(everything).toContain('[redacted]')
    const metrics = await (await fetch(`${replica.url}/metrics`)).text()
    await stopAgent()
    await replica.stop()
    const tables = await readAllTables(pool)
    const places: [string, string][] = [
      ...[...tables].map(([name, text]): [string, string] => [`table ${name}`, text]),
      ['log', lines.join('\n')], ['messages', tap.messages.join('\n')], ['metrics', metrics], ['answers', answers.join('\n')], ['reads', everything],
      ['traces', JSON.stringify(collector.spans)],
    ]
    expect(places.filter(([name, text]) => !name.startsWith('table ') && text.length < 500).map(([name]) => name)).toEqual([])
    expect(tables.get('execution_log_entry')).toContain('[redacted]')
    // The name of the secret, which everybody may read, is found everywhere: the sweep sees what is there.
    expect(findCanaries({ name: 'secret:deploy' }, places)).toEqual(expect.arrayContaining(['table task: name', 'table request: name', 'messages: name', 'answers: name', 'reads: name']))
    expect(findCanaries(canaries, places)).toEqual([])
  })
})
