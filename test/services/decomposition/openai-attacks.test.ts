import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog } from '../../../src/catalog/capability.ts'
import { renderTaskName } from '../../../src/catalog/task-name.ts'
import { createFallbackDecomposer } from '../../../src/services/decomposition/fallback-decomposer.ts'
import type { Decomposition, Subtask } from '../../../src/services/decomposition/request-decomposer.ts'
import { startModelServer } from '../../harness/model-server.ts'
import type { ModelServer } from '../../harness/model-server.ts'
import { decomposition, createScriptedDecomposer } from '../../harness/scripted-decomposer.ts'
import { silentLogger } from '../../harness/silent-logger.ts'
import { attackTexts } from './attacks.ts'
import { canary, obedience } from './obedient-model.ts'
import { apiKey, ask, decomposerAt, homelab } from './openai-setup.ts'

let server: ModelServer
let catalog: Catalog
beforeAll(async () => {
  server = await startModelServer()
  catalog = await homelab()
})
afterAll(() => server.stop())

const standIn = createScriptedDecomposer(() => decomposition({ status: 'PARSING_FAILED', failureReason: 'stood in' }), { name: 'catalog' })

function expectHarmless(text: string, result: Decomposition): void {
  expect(Object.keys(result).sort()).toEqual(['ambiguities', 'failureReason', 'notice', 'outOfScope', 'status', 'subtasks', 'usage'])
  expect(['PARSING_COMPLETE', 'REQUIRES_CLARIFICATION', 'PARSING_FAILED']).toContain(result.status)
  result.subtasks.forEach((subtask, index) => expectFromCatalog(text, subtask, index))
  for (const ambiguity of result.ambiguities) {
    expect(Object.keys(ambiguity).sort()).toEqual(['choices', 'id', 'parameter', 'question', 'subtaskOrder'])
    expect(ambiguity.subtaskOrder ?? 1).toBeLessThanOrEqual(Math.max(1, result.subtasks.length))
  }
  for (const item of result.outOfScope) expect(text).toContain(item.text)
  for (const usage of result.usage) expect(usage).toEqual({ model: 'scripted', inputTokens: 1_000, outputTokens: 200, costMicroUsd: 650 })
  const everything = JSON.stringify(result)
  for (const secret of [apiKey, canary, 'You turn a request into calls', '"approved', '"approvedBy', '"sudo', '"command']) {
    expect(everything).not.toContain(secret)
  }
  expect(({} as Record<string, unknown>)['approved']).toBeUndefined()
}

function expectFromCatalog(text: string, subtask: Subtask, index: number): void {
  const capability = catalog.byId.get(subtask.intent)!
  expect(capability).toBeDefined()
  expect(Object.keys(subtask).sort()).toEqual(['confidence', 'dependsOn', 'intent', 'name', 'order', 'parameters'])
  expect(subtask.order).toBe(index + 1)
  expect(subtask.name).toBe(renderTaskName(capability, subtask.parameters))
  expect(subtask.confidence).toBeGreaterThanOrEqual(0)
  expect(subtask.confidence).toBeLessThanOrEqual(0.9)
  expect(subtask.dependsOn.every((order) => Number.isInteger(order) && order >= 1 && order <= index)).toBe(true)
  expect(new Set(subtask.dependsOn).size).toBe(subtask.dependsOn.length)
  for (const [name, value] of Object.entries(subtask.parameters)) {
    const spec = capability.parameters.find((parameter) => parameter.name === name)!
    expect(spec).toBeDefined()
    if (spec.type === 'enum') expect(spec.values).toContain(value)
    else if (spec.type === 'integer' || spec.type === 'port') expect(value).toSatisfy(Number.isSafeInteger)
    else if (spec.type === 'boolean') expect(value).toBeTypeOf('boolean')
    else for (const part of [value].flat()) expect(text.toLowerCase()).toContain(String(part).toLowerCase())
    if (spec.type === 'hosts' || spec.type === 'list') expect(Array.isArray(value)).toBe(true)
  }
}

test('there are at least 100 attacks, each another', () => {
  expect(new Set(attackTexts.map(({ text }) => text)).size).toBeGreaterThanOrEqual(100)
})

describe.each(Object.keys(obedience))('a model that answers every attack with %s', (mode) => {
  test('gets nothing outside the catalog, no status, approval or secret past validation', async () => {
    const decomposer = createFallbackDecomposer({ primary: decomposerAt(server.url, catalog), fallback: standIn, logger: silentLogger })
    for (const { text } of attackTexts) {
      server.obey((call) => obedience[mode]!({ call, text }))
      expectHarmless(text, await decomposer.decompose(ask(text)))
      expect(server.calls).toHaveLength(1)
    }
  })
})

test('an attack reaches the model only between two lines with a mark that it cannot know', async () => {
  const decomposer = decomposerAt(server.url, catalog)
  const marks = new Set<string>()
  for (const { text } of attackTexts) {
    server.script({ kind: 'answer', content: { subtasks: [], unclear: [], outOfScope: [] } })
    await decomposer.decompose(ask(text))
    const [system, user] = server.calls[0]!.body.messages
    const [fence, data, end] = user!.content.split('\n')
    expect(fence).toMatch(/^=== DATA [0-9a-f]{24} ===$/)
    expect(end).toBe(fence)
    expect(JSON.parse(data!)).toEqual({ request: text })
    expect(system!.content).not.toContain(text)
    marks.add(fence!)
  }
  expect(marks.size).toBe(attackTexts.length)
})
