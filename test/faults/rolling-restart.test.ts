/** Three replicas are replaced one after the other while plans keep coming: none fails and none is lost. */
import { expect, test } from 'vitest'
import { inWorld } from './world/fault-world.ts'
import { expectCompleted, tasksOf, timesBegun } from './world/plan-history.ts'
import { approved, chain, type ProposedPlan } from './world/plans.ts'
import type { ServiceProcess } from './world/service-process.ts'

test('a rolling restart of three replicas under load fails no plan', () => inWorld({ settings: { LEASE_SECONDS: '15' } }, async (world) => {
  const replicas: ServiceProcess[] = await Promise.all([world.startService(), world.startService(), world.startService()])
  await Promise.all([world.startAgent('worker-1', { slots: 16 }), world.startAgent('worker-2', { slots: 16 })])
  const plans: ProposedPlan[] = []
  let loading = true
  /** A caller goes to the next replica when one does not answer. */
  const caller = async (start: number) => {
    for (let index = start; loading; index += 1) {
      const plan = await approved(replicas[index % replicas.length]!.client, ...chain).catch(() => null)
      if (plan) plans.push(plan)
    }
  }
  const callers = Promise.all([0, 1, 2, 3].map(caller))
  const codes: (number | null)[] = []
  for (const [index, old] of [...replicas].entries()) {
    const next = await world.startService()
    replicas[index] = next
    codes.push((await old.terminate()).code)
  }
  loading = false
  await callers
  expect(codes).toEqual([0, 0, 0])
  expect(plans.length).toBeGreaterThan(10)
  for (const plan of plans) await expectCompleted(world, replicas[0]!.client, plan)
  const attempts = (await Promise.all(plans.map((plan) => tasksOf(world, plan)))).flat().map(({ attempt }) => attempt)
  expect(attempts.filter((attempt) => attempt > 1)).toEqual([])
  expect(plans.flatMap((plan) => timesBegun(world, plan)).filter((times) => times > 1)).toEqual([])
}))
