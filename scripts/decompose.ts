/**
 * Understands requests from a file with a catalog and writes one prediction a line to standard output. Where lines carry
 * `expected` it also scores, to standard error; `--min exactPlan=80,intentF1=90` fails below these figures.
 */
import { parseArgs } from 'node:util'
import { CatalogError } from '../src/catalog/catalog-error.ts'
import { createCatalogDecomposer } from '../src/services/decomposition/catalog-decomposer.ts'
import { loadForUnderstanding, predict, readRequests } from '../evaluation/predict.ts'
import { measures, score, type Case, type Measure } from '../evaluation/score.ts'

const usage = 'npm run decompose -- --catalog FILE --requests FILE.jsonl [--min exactPlan=80,intentF1=90]'

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { catalog: { type: 'string' }, requests: { type: 'string' }, min: { type: 'string' } } })
  if (!values.catalog || !values.requests) throw new Error(`usage: ${usage}`)
  const floors = readFloors(values.min ?? '')
  const requests = await readRequests(values.requests)
  const decomposer = createCatalogDecomposer(await loadForUnderstanding(values.catalog))
  const cases: Case[] = []
  for (const request of requests) {
    const prediction = await predict(decomposer, request)
    console.log(JSON.stringify(prediction))
    if (request.expected) cases.push({ ...(request.category ? { category: request.category } : {}), expected: request.expected, prediction })
  }
  if (!cases.length) {
    if (floors.length) throw new Error('--min needs requests with "expected"')
    return 0
  }
  const scores = score(cases)
  console.error(`requests                  ${scores.requests}`)
  for (const measure of measures) console.error(`${measure.padEnd(26)}${scores[measure] ?? 'n/a'}`)
  const missed = floors.filter(([measure, floor]) => (scores[measure] ?? 100) < floor)
  for (const [measure, floor] of missed) console.error(`${measure} is ${scores[measure]}, below ${floor}`)
  return missed.length ? 1 : 0
}

function readFloors(text: string): [Measure, number][] {
  return text.split(',').filter(Boolean).map((entry): [Measure, number] => {
    const [name = '', value = ''] = entry.split('=')
    const measure = measures.find((one) => one === name.trim())
    if (!measure || measure === 'p95Ms' || value.trim() === '' || !Number.isFinite(Number(value))) throw new Error(`--min: "${entry}" is not one of ${measures.filter((one) => one !== 'p95Ms').join(', ')} with a number`)
    return [measure, Number(value)]
  })
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof CatalogError || error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
