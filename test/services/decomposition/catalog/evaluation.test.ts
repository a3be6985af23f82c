import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import floors from '../../../../evaluation/floors.json' with { type: 'json' }
import { loadForUnderstanding, predict, readRequests } from '../../../../evaluation/predict.ts'
import { score, type Case, type Measure } from '../../../../evaluation/score.ts'
import { createCatalogDecomposer } from '../../../../src/services/decomposition/catalog-decomposer.ts'

const fileOf = (domain: string, name: string) => fileURLToPath(new URL(`../../../../evaluation/${domain}/${name}`, import.meta.url))

async function casesOf(domain: string): Promise<Case[]> {
  const decomposer = createCatalogDecomposer(await loadForUnderstanding(fileOf(domain, 'catalog.yaml')))
  const cases: Case[] = []
  for (const request of await readRequests(fileOf(domain, 'requests.jsonl'))) {
    cases.push({ category: request.category!, expected: request.expected!, prediction: await predict(decomposer, request) })
  }
  return cases
}

test.each(Object.entries(floors))('requests to the %s catalog are understood as well as recorded', async (domain, least) => {
  const scores = score(await casesOf(domain))
  const missed = Object.entries(least).filter(([measure, floor]) => (scores[measure as Measure] ?? 0) < floor)
  expect(missed.map(([measure, floor]) => `${measure} ${scores[measure as Measure]} < ${floor}`)).toEqual([])
})

test('single everyday utterances find their intent among twenty with six examples each, and others none', async () => {
  const decomposer = createCatalogDecomposer(await loadForUnderstanding(fileOf('everyday', 'catalog.json')))
  const lines = (await readFile(fileOf('everyday', 'requests.jsonl'), 'utf8')).trim().split('\n')
  const found = await Promise.all(lines.map(async (line) => {
    const { id, text, intent } = JSON.parse(line) as { id: string; text: string; intent: string }
    const { subtasks } = await predict(decomposer, { id, text })
    return { outside: intent === 'oos', right: intent === 'oos' ? subtasks.length === 0 : subtasks.length === 1 && subtasks[0]!.intent === intent }
  }))
  const share = (outside: boolean) => found.filter((one) => one.outside === outside && one.right).length / found.filter((one) => one.outside === outside).length
  expect(share(false)).toBeGreaterThanOrEqual(0.88)
  expect(share(true)).toBeGreaterThanOrEqual(0.75)
})

test('labels scored against themselves are fully correct', async () => {
  const requests = await readRequests(fileOf('building', 'requests.jsonl'))
  const first = (value: unknown): unknown => (value && typeof value === 'object' && 'any' in value && Array.isArray(value.any) ? value.any[0] : value)
  const cases = requests.map(({ id, category, expected }): Case => ({
    category: category!, expected: expected!,
    prediction: {
      id, status: [expected!.status].flat()[0]!, ms: 0,
      subtasks: expected!.subtasks.map(({ order, intent, parameters }) => ({
        order, intent, dependsOn: (expected!.before ?? []).filter(([, after]) => after === order).map(([before]) => before),
        parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, first(value)])),
      })),
      ambiguities: expected!.clarify === true ? ['which?'] : [], outOfScope: expected!.outOfScope.map((text) => ({ text })),
    },
  }))
  expect(score(cases)).toMatchObject({ exactPlan: 100, fullyCorrect: 100, intentF1: 100, parameterF1: 100, clarifyRecall: 100, injectionWithoutEffect: 100 })
})
