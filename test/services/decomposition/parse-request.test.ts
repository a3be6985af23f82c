import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../harness/database.ts'
import { createPlanning, type Planning, type PlanningOptions } from '../../harness/plan-builder.ts'
import { createScriptedDecomposer, decomposition, subtasks } from '../../harness/scripted-decomposer.ts'

let database: TestDatabase
beforeAll(async () => (database = await createTestDatabase()))
afterAll(() => database.drop())

const running: Planning[] = []
const start = (options: Omit<PlanningOptions, 'url'>): Planning => {
  const planning = createPlanning({ url: database.url, ...options })
  running.push(planning)
  return planning
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((planning) => planning.stop()))
})

const complete = decomposition({ subtasks: subtasks({ intent: 'deploy_kuma' }) })
const slow = (script: Parameters<typeof createScriptedDecomposer>[0]) => createScriptedDecomposer(script, { immediate: false, name: 'model' })
const never = () => new Promise<never>(() => {})
const statusOf = async (planning: Planning, id: string) => (await planning.pool.query('select status from request where id = $1', [id])).rows[0].status
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 30_000, interval: 20 })

test('a slow decomposer that answers in time gives the final state', async () => {
  const planning = start({ decomposer: slow(() => complete) })
  const request = await planning.submit({ text: 'Deploy Kuma' })
  expect(request).toMatchObject({ status: 'PARSING_COMPLETE', decomposer: 'model', parsingLeaseUntil: null })
  expect(await planning.logKinds(request.id)).toEqual(['REQUEST_SUBMITTED', 'REQUEST_PARSED'])
})

test('one that takes longer is answered with PARSING and goes on by itself', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof complete>()
  const planning = start({ decomposer: slow(() => promise), answerWithinMs: 20 })
  const request = await planning.submit({ text: 'Deploy Kuma' })
  expect(request.status).toBe('PARSING')
  resolve(complete)
  await eventually(async () => expect(await statusOf(planning, request.id)).toBe('PARSING_COMPLETE'))
  expect(planning.hints.filter((hint) => 'requestId' in hint && hint.requestId === request.id)).toHaveLength(2)
})

test('no transaction is open while the decomposer works', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof complete>()
  const planning = start({ decomposer: slow(() => promise), answerWithinMs: 20 })
  await planning.submit({ text: 'Deploy Kuma' })
  const { rows } = await planning.pool.query(`select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`)
  expect(rows).toEqual([{ count: 0 }])
  resolve(complete)
})

test('a request whose replica died is taken up by another once its lease has run out', async () => {
  const dead = start({ decomposer: slow(never), answerWithinMs: 1, leaseSeconds: 1 })
  const { id } = await dead.submit({ text: 'Deploy Kuma' })
  await dead.parser.stop()
  const alive = start({ decomposer: slow(() => complete) })
  alive.parser.start()
  await eventually(async () => expect(await statusOf(alive, id)).toBe('PARSING_COMPLETE'))
  expect(await alive.logKinds(id)).toEqual(['REQUEST_SUBMITTED', 'PARSING_RETRIED', 'REQUEST_PARSED'])
})

test('two replicas take a lapsed request up once', async () => {
  const dead = start({ decomposer: slow(never), answerWithinMs: 1, leaseSeconds: 1 })
  const { id } = await dead.submit({ text: 'Deploy Kuma' })
  await dead.parser.stop()
  const decomposers = [slow(() => complete), slow(() => complete)]
  const replicas = decomposers.map((decomposer) => start({ decomposer }))
  for (const { parser } of replicas) parser.start()
  await eventually(async () => expect(await statusOf(replicas[0]!, id)).toBe('PARSING_COMPLETE'))
  expect(decomposers.flatMap(({ asked }) => asked)).toHaveLength(1)
})

test('after three tries the request has failed, and a late answer changes nothing', async () => {
  const late = Promise.withResolvers<typeof complete>()
  const planning = start({ decomposer: slow(() => late.promise), answerWithinMs: 1, leaseSeconds: 0.2 })
  planning.parser.start()
  const { id } = await planning.submit({ text: 'Deploy Kuma' })
  await eventually(async () => expect(await statusOf(planning, id)).toBe('PARSING_FAILED'))
  late.resolve(complete)
  expect(await planning.logKinds(id)).toEqual(['REQUEST_SUBMITTED', 'PARSING_RETRIED', 'PARSING_RETRIED', 'PARSING_FAILED'])
  expect(await statusOf(planning, id)).toBe('PARSING_FAILED')
})

test('what a model call used is booked once', async () => {
  const usage = [{ model: 'gpt', inputTokens: 10, outputTokens: 5, costMicroUsd: 7 }]
  const planning = start({ decomposer: slow(() => ({ ...complete, usage })) })
  const { id } = await planning.submit({ text: 'Deploy Kuma' })
  const { rows } = await planning.pool.query('select model, user_id, input_tokens, cost_micro_usd from ai_usage where request_id = $1', [id])
  expect(rows).toEqual([{ model: 'gpt', user_id: 'ann', input_tokens: 10, cost_micro_usd: 7 }])
})

test('a decomposition nobody can go on from is a failure', async () => {
  const planning = start({ decomposer: slow(() => decomposition({ status: 'REQUIRES_CLARIFICATION' })) })
  expect(await planning.submit({ text: 'Deploy Kuma' })).toMatchObject({ status: 'PARSING_FAILED', failureReason: expect.stringMatching(/./) })
})
