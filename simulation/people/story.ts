/** One request from its submission to its end: proposed, perhaps revised, decided by several people at once, perhaps cancelled. */
import type { Plan } from '../../src/entities/plan.ts'
import type { Installation } from '../installation.ts'
import type { Random } from '../random.ts'
import { createCaller, isRefused, principal, type Caller } from './calls.ts'
import { drawSubtasks } from './subtasks.ts'
import type { Witness } from './witness.ts'
import { watch } from './watcher.ts'

export type StoryParts = { readonly installation: Installation; readonly witness: Witness; readonly name: string }

/** Of something else that somebody read. */
const otherHash = 'f'.repeat(64)

type Chapter = StoryParts & { readonly random: Random; readonly caller: Caller; readonly plan: Plan }

export async function playStory({ installation, witness, name }: StoryParts): Promise<void> {
  const { world, faults } = installation
  const random = world.random(name)
  const caller = createCaller(installation, random, name)
  await caller.pause(random.between(0, faults.lastMs * 0.7))
  const input = { subtasks: drawSubtasks(random), idempotencyKey: name }
  const request = await caller.call('submit', (operations) => operations.submitRequest(principal(name), input))
  if (isRefused(request)) throw request
  const generate = () => caller.call('generate', (operations) => operations.generatePlan(principal(name), { requestId: request.id, regenerate: false }))
  const plans = await Promise.all(random.chance(0.2) ? [generate(), generate()] : [generate()])
  const plan = plans[0]!
  if (isRefused(plan)) return
  const chapter = { installation, witness, name, random, caller, plan }
  const watched = random.chance(0.7) ? watch({ installation, witness, planId: plan.id, name: `${name}-watcher` }) : null
  await Promise.all([
    ...Array.from({ length: 1 + random.below(3) }, (_, index) => decide(chapter, index)),
    ...(random.chance(0.2) ? [revise(chapter)] : []),
    ...(random.chance(0.3) ? [cancel(chapter)] : []),
  ])
  await watched
}

async function decide({ random, caller, plan, name, witness }: Chapter, index: number): Promise<void> {
  const approved = random.chance(0.85)
  const userId = `${name}-decider-${index}`
  const contentHash = random.pick([plan.contentHash, plan.contentHash, null, null, otherHash])
  await caller.pause(random.between(0, random.chance(0.8) ? 100 : 20_000))
  const answer = await caller.call(approved ? 'approve' : 'reject', (operations) => (
    operations.approvePlan(principal(userId), { planId: plan.id, approved, contentHash, acceptInfeasible: true, notes: null, skip: [] })
  ))
  if (!isRefused(answer)) witness.told.push({ planId: plan.id, userId, decision: approved ? 'APPROVED' : 'REJECTED', contentHash })
}

/** An edit that races the decisions; whoever loses is told. */
async function revise({ random, caller, plan, name, witness, installation }: Chapter): Promise<void> {
  await caller.pause(random.between(0, 100))
  const edits = [{ addTask: { intent: 'read', parameters: {}, dependsOn: [] } }]
  const revised = await caller.call('revise', (operations) => operations.revisePlan(principal(name), { planId: plan.id, expectedRevision: plan.revision, edits }))
  if (!isRefused(revised)) await decide({ random, caller, plan: revised, name, witness, installation }, 10)
}

async function cancel({ random, caller, plan, name }: Chapter): Promise<void> {
  await caller.pause(random.between(0, random.chance(0.5) ? 3_000 : 20_000))
  await caller.call('cancel', (operations) => operations.cancelPlan(principal(name), { planId: plan.id, reason: null }))
}
