import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Capability, Catalog } from '../../../src/catalog/capability.ts'
import { answerSchema } from '../../../src/services/decomposition/openai/answer-schema.ts'
import { createCapabilityRetrieval } from '../../../src/services/decomposition/openai/retrieve-capabilities.ts'
import { startModelServer } from '../../harness/model-server.ts'
import type { ModelServer } from '../../harness/model-server.ts'
import { answer, ask, decomposerAt, homelab, said } from './openai-setup.ts'

let server: ModelServer
let small: Catalog
let large: Catalog
beforeAll(async () => {
  server = await startModelServer()
  small = await homelab()
  large = grow(small, 400)
})
afterAll(() => server.stop())

/** The catalog among others of its kind: every capability again for other things with made-up names. */
function grow(catalog: Catalog, size: number): Catalog {
  const made = Array.from({ length: size - catalog.capabilities.length }, (_, index): Capability => {
    const model = catalog.capabilities[index % catalog.capabilities.length]!
    const thing = `zorb${String.fromCharCode(97 + (index % 26))}${index}`
    const examples = [`polish the ${thing}`, `${thing} should be polished`]
    return { ...model, id: `polish_${thing}`, name: `Polish ${thing}`, description: `Polish the ${thing}.`, examples, parameters: [] }
  })
  const capabilities = [...made.slice(0, 200), ...catalog.capabilities, ...made.slice(200)]
  return { ...catalog, capabilities, byId: new Map(capabilities.map((capability) => [capability.id, capability])) }
}

const branchesOf = (call: ModelServer['calls'][number]): string[] => {
  const schema = call.body.response_format.json_schema.schema as { properties: { subtasks: { items: { anyOf: { properties: { intent: { enum: [string] } } }[] } } } }
  return schema.properties.subtasks.items.anyOf.map((branch) => branch.properties.intent.enum[0])
}

test('a model is shown the 40 capabilities of a large catalog that are nearest to the request, and none else', async () => {
  server.script(answer([said('restart_service', { service: 'nginx', hosts: null })]))
  const result = await decomposerAt(server.url, large).decompose(ask('Block the domain ads.example.com and then restart nginx'))
  expect(branchesOf(server.calls[0]!)).toHaveLength(40)
  expect(branchesOf(server.calls[0]!)).toEqual(expect.arrayContaining(['block_domain', 'restart_service']))
  expect(server.calls[0]!.body.messages[0]!.content.match(/^- /gm)).toHaveLength(40)
  expect(result.subtasks).toMatchObject([{ intent: 'restart_service' }])
})

test('of every example utterance in a catalog of 400 the own capability is among the 40', () => {
  const retrieval = createCapabilityRetrieval(large.capabilities)
  const missed = small.capabilities.flatMap(({ id, examples }) =>
    examples.filter((example) => !retrieval.retrieve(example, 40).some((capability) => capability.id === id)),
  )
  expect(missed).toEqual([])
})

test('a request of many parts keeps the capability of each', () => {
  const parts = small.capabilities.slice(0, 15)
  const text = parts.map(({ examples }) => examples[0]!).join(', ')
  const found = createCapabilityRetrieval(large.capabilities).retrieve(text, 40).map(({ id }) => id)
  expect(found).toEqual(expect.arrayContaining(parts.map(({ id }) => id)))
})

test('what was understood before stays among them', () => {
  const retrieval = createCapabilityRetrieval(large.capabilities)
  const ids = retrieval.retrieve('restart nginx', 40, ['migrate_vm', 'unknown']).map(({ id }) => id)
  expect(ids).toContain('migrate_vm')
  expect(ids).toHaveLength(40)
})

test('a schema lists no more enum values than endpoints allow, the small enums first', () => {
  const model = small.byId.get('restart_service')!
  const withValues = (id: string, count: number): Capability => ({
    ...model, id, parameters: [{ name: 'which', type: 'enum', required: true, values: Array.from({ length: count }, (_, index) => `${id}${index}`) }],
  })
  const schema = JSON.stringify(answerSchema([withValues('big', 900), ...Array.from({ length: 9 }, (_, index) => withValues(`m${index}`, 100))]))
  const values = [...schema.matchAll(/"enum":\[([^\]]*)\]/g)].flatMap((match) => match[1]!.split(','))
  expect(values.length).toBeLessThanOrEqual(1_000)
  expect(schema).toContain('m099')
  expect(schema).not.toContain('big899')
})
