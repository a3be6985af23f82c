import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'
import { startModelServer, type ModelServer } from '../harness/model-server.ts'
import { attackTexts } from '../services/decomposition/attacks.ts'
import { canary, obedience } from '../services/decomposition/obedient-model.ts'

const apiKey = 'sk-door-0123456789abcdefghij'
type Entry = { id: string; parameters?: { name: string; type: string; values?: string[] }[] }
const { capabilities } = parse(readFileSync(new URL('../../evaluation/heldout/homelab/catalog.yaml', import.meta.url), 'utf8')) as { capabilities: Entry[] }
const byId = new Map(capabilities.map((capability) => [capability.id, capability]))

let server: ModelServer
let home: Installation
beforeAll(async () => {
  server = await startModelServer()
  home = await startInstallation({
    capabilities,
    environment: {
      DECOMPOSER: 'openai', OPENAI_BASE_URL: server.url, OPENAI_API_KEY: apiKey, OPENAI_MODEL: 'scripted', OPENAI_TIMEOUT_SECONDS: '5', QUOTA_MICRO_USD: '1000000',
    },
  })
})
afterAll(async () => {
  await home?.stop()
  await server.stop()
})

const submit = (text: string, userId = 'ann'): Promise<Answer> => home.submit({ text, userId })
const said = (intent: string, parameters: object, more: object = {}) => ({ intent, parameters, unknownValues: [], dependsOn: [], certainty: 'clear', ...more })
const answer = (subtasks: object[]) => ({ kind: 'answer' as const, content: { subtasks, unclear: [], outOfScope: [] } })

/** Everything the database holds, as text. */
async function everythingStored(): Promise<string> {
  const client = new Client({ connectionString: home.databaseUrl })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`)
    let text = ''
    for (const { name } of tables) text += (await client.query<{ row: string }>(`select t::text as row from "${name}" t`)).rows.map(({ row }) => row).join('\n')
    return text
  } finally {
    await client.end()
  }
}

describe('a model that obeys whatever a request says', () => {
  const modes = Object.keys(obedience)

  test('gets nothing outside the catalog, no status, approval or secret into a request, a plan or the database', async () => {
    expect(new Set(attackTexts.map(({ text }) => text)).size).toBeGreaterThanOrEqual(100)
    const modeOf = new Map(attackTexts.map(({ text }, index) => [text, modes[index % modes.length]!]))
    server.obey((call) => {
      const { request: text } = JSON.parse(call.body.messages[1]!.content.split('\n')[1]!) as { request: string }
      return obedience[modeOf.get(text) ?? modes[0]!]!({ call, text })
    })
    const tryOne = async (text: string): Promise<void> => {
      const request = await submit(text)
      expect(request).toMatchObject({ __typename: 'Request', status: expect.stringMatching(/^(?:PARSING_COMPLETE|REQUIRES_CLARIFICATION|PARSING_FAILED)$/) })
      for (const { intent, parameters, confidence } of request.subtasks) {
        const specs = byId.get(intent)!.parameters ?? []
        expect(specs.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(parameters)))
        const unknown = specs.filter(({ name, values }) => values && name in parameters && !values.includes(parameters[name]))
        expect(unknown).toEqual([])
        expect(confidence).toBeLessThanOrEqual(1)
      }
      expect(JSON.stringify({ ...request, text: '' })).not.toMatch(new RegExp(`${canary}|${apiKey}|You turn a request into calls`))
      if (request.status !== 'PARSING_COMPLETE') return
      expect(await home.generate({ requestId: request.id, userId: 'ann' })).toMatchObject({ status: 'PENDING_APPROVAL', approvals: [], willUseExternalAi: false, revision: 1 })
    }
    for (let at = 0; at < attackTexts.length; at += 6) await Promise.all(attackTexts.slice(at, at + 6).map(({ text }) => tryOne(text)))
    const { pending, others } = await home.query(`{ pending: plans(first: 100, status: [PENDING_APPROVAL]) { edges { node { approvedAt tasks { attempt } } } }
      others: plans(first: 1, status: [APPROVED, EXECUTING, CANCELLING, COMPLETED, FAILED, REJECTED, CANCELLED]) { edges { node { id } } } }`)
    expect(others.edges).toEqual([])
    expect(pending.edges.length).toBeGreaterThan(20)
    expect(pending.edges.every(({ node }: Answer) => node.approvedAt === null && node.tasks.every(({ attempt }: Answer) => attempt === 0))).toBe(true)
    const stored = await everythingStored()
    expect(stored).not.toContain(apiKey)
    expect(stored).not.toContain(canary)
    expect(stored).not.toContain('You turn a request into calls')
  }, 300_000)
})

describe('usage and cost', () => {
  test('of a decomposition are booked for its user and model, and nothing stays reserved', async () => {
    server.script(answer([said('restart_service', { service: 'nginx', hosts: null })]))
    const request = await submit('restart nginx', 'mona')
    expect(request).toMatchObject({ status: 'PARSING_COMPLETE', decomposer: 'openai', notice: null, subtasks: [{ intent: 'restart_service', parameters: { service: 'nginx' } }] })
    // 1,000 tokens cost 250 micro-dollars in and 2,000 out; the server counts 1,000 and 200.
    expect(await home.quota('mona')).toMatchObject({ reserved: { tokens: 0, costMicroUsd: 0 }, user: { used: { tokens: 1_200, costMicroUsd: 650 }, reserved: { tokens: 0 } } })
    const { costReport } = await home.query('{ costReport(groupBy: USER) { rows { key calls inputTokens outputTokens costMicroUsd } } }')
    expect(costReport.rows).toContainEqual({ key: 'mona', calls: 1, inputTokens: 1_000, outputTokens: 200, costMicroUsd: 650 })
  })

  test('are booked where the answer was of no use', async () => {
    server.script({ kind: 'truncated' })
    expect(await submit('restart nginx', 'nora')).toMatchObject({ notice: 'The model answer was truncated; understood from the catalog alone.' })
    expect((await home.quota('nora')).user.used).toEqual({ tokens: 1_200, costMicroUsd: 650 })
  })

  test('never begin where the quota has no room: the catalog decomposer stands in and the request says so', async () => {
    await home.restart({ QUOTA_MICRO_USD: '0' })
    server.script(answer([]))
    expect(await submit('restart nginx', 'ann')).toMatchObject({
      status: 'PARSING_COMPLETE', notice: 'The quota of the installation for external AI is exhausted; understood from the catalog alone.', subtasks: [{ intent: 'restart_service' }],
    })
    expect(server.calls).toEqual([])
    await home.restart({ OPENAI_INPUT_MICRO_USD_PER_1K: '0', OPENAI_OUTPUT_MICRO_USD_PER_1K: '0' })
    server.script(answer([said('restart_service', { service: 'nginx', hosts: null })]))
    expect(await submit('restart nginx', 'ann')).toMatchObject({ status: 'PARSING_COMPLETE', notice: null })
    await home.restart({ QUOTA_MICRO_USD: '1000000', OPENAI_INPUT_MICRO_USD_PER_1K: '250', OPENAI_OUTPUT_MICRO_USD_PER_1K: '2000' })
  })
})

test.each([
  ['answers with an error', { kind: 'status', status: 500 }, 'The model endpoint did not answer (server error)'],
  ['refuses the key', { kind: 'status', status: 401, message: apiKey }, 'The model endpoint refused the credentials'],
  ['says nothing', { kind: 'silence' }, 'The model endpoint did not answer (timeout)'],
  ['breaks off', { kind: 'cut' }, 'The model endpoint did not answer (connection lost)'],
  ['talks nonsense', { kind: 'text', content: 'Sure! Here you go.' }, 'The model answered in a wrong shape'],
  ['refuses', { kind: 'refusal' }, 'The model refused to answer'],
] as const)('where the endpoint %s the catalog decomposer answers, and the request and its log say so', async (_, reply, why) => {
  server.script(reply)
  const notice = `${why}; understood from the catalog alone.`
  const request = await submit('restart nginx')
  expect(request).toMatchObject({ status: 'PARSING_COMPLETE', notice, subtasks: [{ intent: 'restart_service', parameters: { service: 'nginx' } }] })
  expect((await home.log({ requestId: request.id })).at(-1)).toMatchObject({ kind: 'REQUEST_PARSED', detail: { notice } })
  expect(await home.quota()).toMatchObject({ reserved: { tokens: 0 } })
})

describe('an answer to a question', () => {
  const ask = async (): Promise<Answer> => {
    server.script(answer([said('restart_service', { service: null, hosts: ['web-01'] }, { unknownValues: [{ parameter: 'service', said: 'froyo' }] })]))
    const asked = await submit('restart froyo on web-01')
    expect(asked).toMatchObject({ status: 'REQUIRES_CLARIFICATION', ambiguities: [{ parameter: 'service', question: expect.stringContaining('"froyo"'), choices: expect.arrayContaining(['nginx']) }] })
    return asked
  }
  const clarify = (asked: Answer, words: string): Promise<Answer> =>
    home.clarify({ requestId: asked.id, userId: 'ann', answers: [{ ambiguityId: asked.ambiguities[0].id, answer: words }] })

  test('that is a value is applied without a call, and what was understood is kept', async () => {
    const asked = await ask()
    server.script(answer([]))
    expect(await clarify(asked, 'nginx')).toMatchObject({ status: 'PARSING_COMPLETE', subtasks: [{ parameters: { service: 'nginx', hosts: ['web-01'] } }] })
    expect(server.calls).toEqual([])
  })

  test('in other words goes to the model with what was understood before, or to the catalog decomposer where that fails', async () => {
    const asked = await ask()
    server.script(answer([said('restart_service', { service: 'nginx', hosts: ['web-01'] })]))
    expect(await clarify(asked, 'the nginx one, I mean')).toMatchObject({ status: 'PARSING_COMPLETE', subtasks: [{ parameters: { service: 'nginx', hosts: ['web-01'] } }] })
    const [, user] = server.calls[0]!.body.messages
    expect(JSON.parse(user!.content.split('\n')[1]!)).toMatchObject({
      request: 'restart froyo on web-01', understoodBefore: [{ intent: 'restart_service' }], answers: [{ parameter: 'service', answer: 'the nginx one, I mean' }],
    })
    const other = await ask()
    server.script({ kind: 'status', status: 401 })
    expect(await clarify(other, 'the nginx service, please')).toMatchObject({
      status: 'PARSING_COMPLETE', notice: expect.stringMatching(/refused the credentials; understood from the catalog alone\.$/), subtasks: [{ parameters: { service: 'nginx', hosts: ['web-01'] } }],
    })
  })
})

test('a large catalog is cut down to the capabilities nearest to the request before the model is asked', async () => {
  const others = Array.from({ length: 60 }, (_, index) => ({ id: `other_${index}`, description: `Does the thing number ${index} with gadget ${index * 7}.` }))
  await home.writeCatalog([...others, ...capabilities] as never)
  await home.restart()
  server.script(answer([said('restart_service', { service: 'nginx', hosts: null })]))
  expect(await submit('restart nginx')).toMatchObject({ status: 'PARSING_COMPLETE', subtasks: [{ intent: 'restart_service' }] })
  const schema = JSON.stringify(server.calls[0]!.body.response_format.json_schema)
  const offered = new Set(schema.match(/other_\d+/g))
  expect(schema).toContain('restart_service')
  expect(offered.size).toBeLessThanOrEqual(39)
})
