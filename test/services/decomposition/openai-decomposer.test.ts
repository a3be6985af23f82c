import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/capability.ts'
import { startModelServer } from '../../harness/model-server.ts'
import type { ModelServer } from '../../harness/model-server.ts'
import { answer, ask, decomposerAt, homelab, said } from './openai-setup.ts'

let server: ModelServer
let catalog: Catalog
beforeAll(async () => {
  server = await startModelServer()
  catalog = await homelab()
})
afterAll(() => server.stop())

describe('a good answer', () => {
  test('becomes ordered subtasks with names from the catalog, parameters, dependencies and cost', async () => {
    server.script(answer([
      said('run_backup', { dataset: 'photos', destination: 's3' }),
      said('restart_service', { service: 'nginx', hosts: ['web-01', 'web-02'] }, { dependsOn: [1], certainty: 'likely' }),
    ]))
    const text = 'Back up photos to the bucket, then restart nginx on web-01 and web-02'
    const result = await decomposerAt(server.url, catalog).decompose(ask(text))
    expect(result).toMatchObject({ status: 'PARSING_COMPLETE', ambiguities: [], outOfScope: [], failureReason: null, notice: null })
    expect(result.subtasks).toMatchObject([
      { order: 1, intent: 'run_backup', parameters: { dataset: 'photos', destination: 's3' }, dependsOn: [], confidence: 0.9 },
      { order: 2, intent: 'restart_service', parameters: { service: 'nginx', hosts: ['web-01', 'web-02'] }, dependsOn: [1], confidence: 0.7 },
    ])
    expect(result.usage).toEqual([{ model: 'scripted', inputTokens: 1_000, outputTokens: 200, costMicroUsd: 650 }])
  })

  test('is asked for with a strict schema that has exactly the intents and parameters of the catalog', async () => {
    server.script(answer([]))
    await decomposerAt(server.url, catalog).decompose(ask('hello'))
    const { json_schema } = server.calls[0]!.body.response_format
    const schema = json_schema.schema as { properties: { subtasks: { items: { anyOf: Branch[] } } } }
    const branches = schema.properties.subtasks.items.anyOf
    expect(json_schema.strict).toBe(true)
    expect(branches.map((branch) => branch.properties.intent.enum)).toEqual(catalog.capabilities.map(({ id }) => [id]))
    expect(branches.map((branch) => Object.keys(branch.properties.parameters.properties))).toEqual(
      catalog.capabilities.map(({ parameters }) => parameters.map(({ name }) => name)),
    )
    expect(brokenStrictRules(json_schema.schema)).toEqual([])
  })

  test('is checked against the catalog like the answer of any decomposer', async () => {
    server.script(answer([said('restart_service', { service: null, hosts: ['web-01'] })]))
    const seen: unknown[] = []
    const decomposer = decomposerAt(server.url, catalog, {}, (checked) => {
      seen.push(checked.subtasks)
      return { ...checked, status: 'REQUIRES_CLARIFICATION' }
    })
    expect((await decomposer.decompose(ask('restart it on web-01'))).status).toBe('REQUIRES_CLARIFICATION')
    expect(seen).toMatchObject([[{ intent: 'restart_service', parameters: { hosts: ['web-01'] } }]])
  })

  test('with a value that the catalog does not have leads to one question that names it', async () => {
    const unknownValues = [{ parameter: 'service', said: 'apache' }]
    server.script(answer([said('restart_service', { service: null, hosts: null }, { unknownValues })]))
    const result = await decomposerAt(server.url, catalog).decompose(ask('restart apache'))
    expect(result.status).toBe('REQUIRES_CLARIFICATION')
    expect(result.ambiguities).toHaveLength(1)
    expect(result.ambiguities[0]).toMatchObject({ subtaskOrder: 1, parameter: 'service' })
    expect(result.ambiguities[0]!.question).toContain('apache')
    expect(result.ambiguities[0]!.choices).toContain('nginx')
  })

  test('that finds several fitting capabilities leads to a question between them', async () => {
    server.script(answer([], { unclear: [{ text: 'check the backup', intents: ['verify_backup', 'run_backup', 'read_minds'] }] }))
    const result = await decomposerAt(server.url, catalog).decompose(ask('check the backup'))
    expect(result.status).toBe('REQUIRES_CLARIFICATION')
    expect(result.ambiguities).toMatchObject([{ subtaskOrder: null, parameter: null }])
    expect(result.ambiguities[0]!.choices).toHaveLength(2)
  })

  test('reports what no capability covers in the words of the request', async () => {
    server.script(answer([said('restart_service', { service: 'nginx', hosts: null })], { outOfScope: ['order a pizza', 'fly to the moon'] }))
    const result = await decomposerAt(server.url, catalog).decompose(ask('Restart nginx and order a pizza'))
    expect(result.status).toBe('PARSING_COMPLETE')
    expect(result.outOfScope.map((item) => item.text)).toEqual(['order a pizza'])
  })

  test('without anything in scope is a failure with its reason', async () => {
    server.script(answer([], { outOfScope: ['order a pizza'] }))
    const result = await decomposerAt(server.url, catalog).decompose(ask('order a pizza'))
    expect(result).toMatchObject({ status: 'PARSING_FAILED', subtasks: [], failureReason: expect.stringContaining('Nothing') })
  })

  test('gets the answers of a person together with what was understood before', async () => {
    const decomposer = decomposerAt(server.url, catalog)
    server.script(answer([said('restart_service', { service: null, hosts: ['web-01'] })]))
    const understood = await decomposer.decompose(ask('restart it on web-01'))
    const question = { id: '1.service', question: 'Which service?', choices: ['nginx', 'postgres'], subtaskOrder: 1, parameter: 'service' }
    const previous = { ...understood, status: 'REQUIRES_CLARIFICATION' as const, ambiguities: [question] }
    server.script(answer([said('restart_service', { service: 'postgres', hosts: ['web-01'] })]))
    const answers = [{ ambiguity: question, answer: 'the postgresql one' }]
    const result = await decomposer.decompose(ask('restart it on web-01', { answers, previous }))
    expect(JSON.parse(server.calls[0]!.body.messages[1]!.content.split('\n')[1]!)).toMatchObject({
      request: 'restart it on web-01',
      understoodBefore: [{ order: 1, intent: 'restart_service', parameters: { hosts: ['web-01'] } }],
      answers: [{ subtask: 1, parameter: 'service', answer: 'the postgresql one' }],
    })
    expect(result).toMatchObject({ status: 'PARSING_COMPLETE', subtasks: [{ parameters: { service: 'postgres', hosts: ['web-01'] } }] })
  })
})

describe('an answer that leaves the catalog or the request', () => {
  test('loses intents and parameters that the catalog does not have, and says so', async () => {
    server.script(answer([
      said('shell_exec', { command: 'id' }),
      said('run_backup', { dataset: 'photos', destination: null, sudo: true }, { dependsOn: [1] }),
      said('restart_service', { service: 'nginx', hosts: null }, { dependsOn: [1, 2] }),
    ]))
    const result = await decomposerAt(server.url, catalog).decompose(ask('back up photos, then restart nginx'))
    expect(result.subtasks).toMatchObject([
      { order: 1, intent: 'run_backup', parameters: { dataset: 'photos' }, dependsOn: [] },
      { order: 2, intent: 'restart_service', parameters: { service: 'nginx' }, dependsOn: [1] },
    ])
    expect(result.notice).toContain('Left out')
  })

  test('loses values that do not stand in the request, and says so', async () => {
    server.script(answer([said('run_backup', { dataset: 'customer-database', destination: 'nas' })]))
    const result = await decomposerAt(server.url, catalog).decompose(ask('run the backup'))
    expect(result.subtasks[0]!.parameters).toEqual({ destination: 'nas' })
    expect(result.notice).toContain('Left out')
  })

  test('loses values of a wrong type and enum values that the catalog does not have', async () => {
    server.script(answer([
      said('restart_service', { service: 'apache', hosts: 'web-01' }),
      said('restart_service', { service: 'postgresql', hosts: null }),
      said('set_quota', { username: 'ada', size_gb: '50' }),
    ]))
    const result = await decomposerAt(server.url, catalog).decompose(ask('restart apache on web-01 and postgresql, 50 GB for ada'))
    expect(result.subtasks.map((subtask) => subtask.parameters)).toEqual([{}, { service: 'postgresql' }, { username: 'ada' }])
  })

  test('keeps the hosts that the request names and loses those it invents', async () => {
    server.script(answer([said('apply_updates', { hosts: ['web-01', 'db-77', 'web-0'], security_only: null, reboot: true })]))
    const result = await decomposerAt(server.url, catalog).decompose(ask('update web-01 and reboot it'))
    expect(result.subtasks[0]!.parameters).toEqual({ hosts: ['web-01'], reboot: true })
  })

  test('forgives a typo that the model mends, but not a changed number', async () => {
    server.script(answer([said('create_share', { share: 'holiday-pictures', protocol: null, users: ['user8'] })]))
    const result = await decomposerAt(server.url, catalog).decompose(ask('create the share holliday-pictures for user7'))
    expect(result.subtasks[0]!.parameters).toEqual({ share: 'holiday-pictures' })
  })
})

type Branch = { properties: { intent: { enum: string[] }; parameters: { properties: Record<string, unknown> } } }

/** Places where a schema breaks what strict structured outputs demand. */
function brokenStrictRules(schema: unknown, path = '$'): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const node = schema as Record<string, unknown>
  const own: string[] = []
  if (node['type'] === 'object') {
    const names = Object.keys(node['properties'] as object)
    if (node['additionalProperties'] !== false) own.push(`${path}: additionalProperties`)
    if (JSON.stringify(node['required']) !== JSON.stringify(names)) own.push(`${path}: required`)
  }
  if (Array.isArray(node['enum']) && node['enum'].length === 0) own.push(`${path}: empty enum`)
  return [...own, ...Object.entries(node).flatMap(([key, inner]) => brokenStrictRules(inner, `${path}.${key}`))]
}
