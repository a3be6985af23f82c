/** More than the service can do: it refuses in time, says when to come back, keeps its memory and loses nothing. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inWorld, until, type FaultWorld } from './world/fault-world.ts'
import { approved, chain, type Answer } from './world/plans.ts'
import { expectCompleted } from './world/plan-history.ts'
import type { ServiceProcess } from './world/service-process.ts'

type Reply = { readonly tookMs: number; readonly code: string | null; readonly retryAfterSeconds: number | null }

const submit = /* GraphQL */ `mutation ($input: SubmitRequestInput!) { submitRequest(input: $input) {
  __typename ... on Request { id } ... on Error { code } ... on UnavailableError { retryAfterSeconds } } }`

/** One submit, and what became of it: no code is success. */
async function ask({ client }: ServiceProcess, caller: number): Promise<Reply> {
  const begun = performance.now()
  const input = { subtasks: [{ intent: 'build', parameters: {}, dependsOn: [] }], userId: `caller-${caller}` }
  const { data, errors } = await client.request<{ submitRequest: Answer }>(submit, { input })
  const error = errors?.[0]?.extensions ?? data?.submitRequest
  return {
    tookMs: performance.now() - begun,
    code: (error?.['code'] as string | undefined) ?? null,
    retryAfterSeconds: (error?.['retryAfterSeconds'] as number | undefined) ?? null,
  }
}

const residentMb = ({ pid }: ServiceProcess): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024

/** Whoever is refused is told so in a way that a program can act on, and by when. */
function expectTyped(replies: readonly Reply[]): void {
  // The service answers within ten seconds; the rest is for a machine that does other things, too.
  expect(Math.max(...replies.map(({ tookMs }) => tookMs))).toBeLessThan(20_000)
  const refusals = replies.filter(({ code }) => code !== null)
  expect(refusals.filter(({ code, retryAfterSeconds }) => code !== 'UNAVAILABLE' || !(retryAfterSeconds! > 0))).toEqual([])
}

const goesOn = async (world: FaultWorld, service: ServiceProcess) => {
  await until('readiness', async () => (await fetch(`${service.url}/health/ready`)).status === 200, 60_000)
  const plan = await until('an accepted plan', () => approved(service.client, ...chain).catch(() => null), 60_000)
  await expectCompleted(world, service.client, plan)
}

test('while the database stands still every caller is refused in time, and all goes on afterwards', () => inWorld({}, async (world) => {
  const service = await world.startService()
  await world.startAgent('worker-1')
  await goesOn(world, service)
  world.toDatabase.silence()
  const before = residentMb(service)
  for (let round = 0; round < 2; round += 1) {
    const replies = await Promise.all(Array.from({ length: 200 }, (_, caller) => ask(service, caller)))
    expectTyped(replies)
    expect(replies.every(({ code }) => code === 'UNAVAILABLE')).toBe(true)
  }
  expect(residentMb(service)).toBeLessThan(before + 200)
  world.toDatabase.restore()
  world.toDatabase.cut()
  await goesOn(world, service)
}), 400_000)

test('callers that never pause are served or refused in time, and the memory of the service stays flat', () => inWorld({}, async (world) => {
  const service = await world.startService()
  await world.startAgent('worker-1')
  const replies: Reply[] = []
  const memory: number[] = []
  const begun = performance.now()
  const caller = async (name: number) => {
    // A slow machine does not need so many to be overloaded.
    while (replies.length < 4_000 && performance.now() - begun < 40_000) {
      replies.push(await ask(service, name))
      if (replies.length % 20 === 0) memory.push(residentMb(service))
    }
  }
  await Promise.all(Array.from({ length: 100 }, (_, name) => caller(name)))
  expectTyped(replies)
  expect(replies.filter(({ code }) => code === null).length).toBeGreaterThan(0)
  const half = memory.length / 2
  const warm = Math.max(...memory.slice(0, half))
  expect(Math.max(...memory.slice(half))).toBeLessThan(warm * 1.25 + 20)
  const stored = await world.sql<{ requests: number }>('select count(*)::int as requests from request')
  expect(stored[0]!.requests).toBeGreaterThanOrEqual(replies.filter(({ code }) => code === null).length)
  await goesOn(world, service)
}), 400_000)
