import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInstallation, type Answer, type Installation } from '../harness/installation.ts'

let home: Installation
const capabilities = [
  { id: 'copy_files', name: 'Copy files to {{target}}', parameters: [{ name: 'target', type: 'enum', required: true, values: ['nas', 'cloud'] }, { name: 'days', type: 'integer', minimum: 1, maximum: 30 }] },
  { id: 'check_files', name: 'Check files', after: ['copy_files'], estimated_minutes: 1 },
  { id: 'send_mail', name: 'Send a mail', agent_type: 'mailer', effect: 'irreversible' },
  { id: 'sweep', name: 'Sweep' },
  { id: 'break', name: 'Break', max_attempts: 1, run: { kind: 'command', argv: ['sh', '-c', 'exit 64'] } },
  { id: 'tell', name: 'Tell {{word}}', parameters: [{ name: 'word', type: 'string' }], run: { kind: 'command', argv: ['sh', '-c', 'echo "$PLANWRIGHT_INPUTS"'] } },
]
beforeAll(async () => void (home = await startInstallation({ capabilities })))
afterAll(() => home.stop())

const copy = { intent: 'copy_files', parameters: { target: 'nas' } }
const planOf = (...subtasks: object[]): Promise<Answer> => home.planFor(subtasks as Record<string, unknown>[])
const revise = (plan: Answer, edits: object[], more: object = {}): Promise<Answer> =>
  home.revise({ planId: plan.id, expectedRevision: plan.revision, userId: 'ann', edits, ...more })
const shape = (plan: Answer) => plan.tasks.map(({ order, name, dependsOn }: Answer) => [order, name, dependsOn.map((one: Answer) => one.order)])

describe('edits', () => {
  test('of every kind make one new revision, pending, with its own hash and a readable diff; the old one is superseded', async () => {
    const plan = await planOf(copy, { intent: 'check_files' }, { intent: 'sweep' }, { intent: 'sweep' })
    const next = await revise(plan, [
      { setParameters: { task: 1, parameters: { target: 'cloud', days: 3 } } },
      { removeTask: { task: 4 } },
      { addTask: { intent: 'send_mail', dependsOn: [2] } },
      { setDependencies: { task: 3, dependsOn: [1] } },
      { reorder: { tasks: [1, 3, 2, 5] } },
      { setAgentType: { task: 3, agentType: 'mailer' } },
      { setLimits: { task: 2, timeoutSeconds: 90, maxAttempts: 1, requires: { cpu: 0.5 } } },
    ])
    expect(next).toMatchObject({ __typename: 'Plan', revision: 2, status: 'PENDING_APPROVAL', supersedes: { id: plan.id, status: 'SUPERSEDED' } })
    expect(next.contentHash).not.toBe(plan.contentHash)
    expect(shape(next)).toEqual([[1, 'Copy files to cloud', []], [2, 'Sweep', [1]], [3, 'Check files', [1]], [4, 'Send a mail', [3]]])
    expect(next.tasks[1]).toMatchObject({ agentType: 'mailer' })
    expect(next.tasks[2]).toMatchObject({ timeoutSeconds: 90, maxAttempts: 1 })
    expect(next.changes).toEqual([
      'Removed: 4. Sweep.',
      '1. Copy files to cloud was named "Copy files to nas".',
      '1. Copy files to cloud: days is 3.',
      '1. Copy files to cloud: target is "cloud" (was "nas").',
      '2. Sweep moved from position 3.',
      '2. Sweep: agent type is "mailer" (was "infra").',
      '2. Sweep waits for 1 (was: nothing).',
      '3. Check files: time limit in seconds is 90 (was 180).',
      '3. Check files: attempts at most is 1 (was 3).',
      '3. Check files: required resources is {"cpu":0.5} (was {}).',
      'Added: 4. Send a mail, after 3.',
    ])
    expect((await home.log({ planId: next.id }))[0]).toMatchObject({ kind: 'PLAN_PROPOSED', actor: 'user:ann', detail: { revision: 2, changes: next.changes } })
    expect((await home.log({ planId: plan.id })).at(-1)).toMatchObject({ kind: 'PLAN_SUPERSEDED', message: 'Replaced by revision 2.' })
  })

  test('add a task that waits for what the catalog declares, unless they say for what', async () => {
    const plan = await planOf(copy, { intent: 'sweep' })
    const next = await revise(plan, [{ addTask: { intent: 'check_files' } }, { addTask: { intent: 'check_files', dependsOn: [], before: 1 } }])
    expect(shape(next)).toEqual([[1, 'Check files', []], [2, 'Copy files to nas', []], [3, 'Sweep', []], [4, 'Check files', [2]]])
  })

  test('that break rules are told all at once, each with its index, its field and how to mend it; nothing is written', async () => {
    const plan = await planOf(copy, { intent: 'sweep' })
    const before = await home.log({ requestId: plan.requestId })
    const answer = await revise(plan, [
      { setParameters: { task: 1, parameters: { target: 'moon', speed: 9 } } },
      { addTask: { intent: 'copy_filez', parameters: {} } },
      { setDependencies: { task: 2, dependsOn: [3, 2, 77] } },
      { removeTask: { task: 9 } },
      { setAgentType: { task: 1, agentType: 'wizard' } },
      { setLimits: { task: 2, timeoutSeconds: 0, maxAttempts: 99, requires: { gpus: -1 }, effect: 'RETRY_SAFE' } },
      { addTask: { intent: 'copy_files', parameters: 'all' } },
      { reorder: { tasks: [1] } },
      { setParameters: { task: 2, parameters: {}, unset: ['nothing'] } },
      { setAgentType: { task: 1, agentType: '' } },
    ])
    expect(answer).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' })
    expect(answer.issues.map(({ path, rule }: Answer) => `${path} ${rule}`)).toEqual([
      'edits.0.setParameters.parameters.speed known',
      'edits.0.setParameters.parameters.target enum',
      'edits.1.addTask.intent known',
      'edits.2.setDependencies.dependsOn.1 not_itself',
      'edits.2.setDependencies.dependsOn.2 known',
      'edits.3.removeTask.task known',
      'edits.4.setAgentType.agentType known',
      'edits.5.setLimits.timeoutSeconds range',
      'edits.5.setLimits.maxAttempts range',
      'edits.5.setLimits.requires.gpus range',
      'edits.5.setLimits.effect not_weaker',
      'edits.6.addTask.parameters type',
      'edits.7.reorder.tasks permutation',
      'edits.8.setParameters.unset.0 known',
      'edits.9.setAgentType.agentType known',
    ])
    const said = Object.fromEntries(answer.issues.map(({ path, message }: Answer) => [path, message]))
    expect(said['edits.0.setParameters.parameters.target']).toBe('Use one of nas, cloud.')
    expect(said['edits.1.addTask.intent']).toMatch(/Did you mean copy_files\?/)
    expect(await home.plan(plan.id)).toMatchObject({ status: 'PENDING_APPROVAL', contentHash: plan.contentHash })
    expect(await home.log({ requestId: plan.requestId })).toEqual(before)
  })

  test('tell a circle beside other violations, and what cannot be stored', async () => {
    const plan = await planOf(copy, { intent: 'check_files' })
    const deep = JSON.parse(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`)
    const answer = await revise(plan, [
      { setDependencies: { task: 1, dependsOn: [2] } },
      { removeTask: { task: 5 } },
      { setParameters: { task: 1, parameters: deep } },
      { addTask: { intent: 'tell', parameters: { word: 'a\u0000b' } } },
      { addTask: { intent: 'tell', parameters: { word: 'x'.repeat(70_000) } } },
    ])
    expect(answer.issues.map(({ path, rule }: Answer) => `${path} ${rule}`)).toEqual([
      'edits.1.removeTask.task known', 'edits.2.setParameters.parameters depth', 'edits.3.addTask.parameters encoding', 'edits.4.addTask.parameters max_length',
      'edits.0.setDependencies.dependsOn acyclic',
    ])
  })

  test('cannot leave nothing, be none, or be too many', async () => {
    const plan = await planOf(copy)
    expect(await revise(plan, [{ removeTask: { task: 1 } }])).toMatchObject({ issues: [{ path: 'edits.0.removeTask', rule: 'min_tasks' }] })
    expect(await revise(plan, [])).toMatchObject({ issues: [{ path: 'edits', rule: 'count' }] })
    expect(await revise(plan, Array.from({ length: 201 }, () => ({ removeTask: { task: 1 } })))).toMatchObject({ issues: [{ path: 'edits', rule: 'count' }] })
  })
})

describe('the expected revision', () => {
  test('lets one of many concurrent revisions through; the others are told the present one', async () => {
    const plan = await planOf(copy, { intent: 'sweep' })
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => revise(plan, [{ setParameters: { task: 1, parameters: { days: index + 1 } } }])))
    const made = answers.filter(({ __typename: type }) => type === 'Plan')
    expect(made).toHaveLength(1)
    const told = { __typename: 'PlanChangedError', revision: 2, contentHash: made[0].contentHash, plan: { id: made[0].id } }
    expect(answers.filter((answer) => answer !== made[0])).toEqual(Array.from({ length: 7 }, () => expect.objectContaining(told)))
    expect(await revise(made[0], [{ removeTask: { task: 2 } }], { expectedRevision: 1 })).toMatchObject({ __typename: 'PlanChangedError', revision: 2 })
  })

  test('does not help where the plan is past editing, and unknown plans are not found', async () => {
    const plan = await planOf(copy)
    await home.approve({ planId: plan.id, userId: 'bob' })
    await home.planReaches(plan.id, 'COMPLETED')
    expect(await revise(plan, [{ addTask: { intent: 'sweep' } }])).toMatchObject({ __typename: 'InvalidStateError', standing: 'COMPLETED', approval: { decidedBy: 'bob' } })
    expect(await revise({ id: `Plan_${crypto.randomUUID()}`, revision: 1 }, [])).toMatchObject({ __typename: 'NotFoundError' })
  })
})

describe('a failed plan', () => {
  const failed = async (): Promise<Answer> => {
    const plan = await planOf({ intent: 'tell', parameters: { word: 'hello' } }, { intent: 'break', dependsOn: [1] }, { intent: 'tell', parameters: { word: 'bye' }, dependsOn: [1, 2] })
    await home.approve({ planId: plan.id, userId: 'bob' })
    return { ...(await home.planReaches(plan.id, 'FAILED')), requestId: plan.requestId }
  }

  test('is revised with its succeeded tasks kept as done, needs its own approval, and stays as it is', async () => {
    const plan = await failed()
    const next = await revise(plan, [{ removeTask: { task: 2 } }])
    expect(next).toMatchObject({ status: 'PENDING_APPROVAL', revision: 2, supersedes: { id: plan.id, status: 'FAILED' } })
    expect(next.tasks).toMatchObject([{ status: 'SUCCEEDED', carriedFrom: { id: plan.tasks[0].id } }, { status: 'PENDING', dependsOn: [{ order: 1 }], carriedFrom: null }])
    expect(next.summary).toBe('1. Tell hello (already done)\n2. Tell bye (estimated 3 minutes)\n\nTotal estimated time: 3 minutes')
    expect(next.changes).toEqual(expect.arrayContaining(['Removed: 2. Break.', '1. Tell hello is already done and is not run again.']))
    expect(await home.approve({ planId: next.id, userId: 'cleo', skip: [next.tasks[0].id] })).toMatchObject({ issues: [{ path: 'skip.0', rule: 'done' }] })

    await home.approve({ planId: next.id, userId: 'cleo', contentHash: next.contentHash })
    const done = await home.planReaches(next.id, 'COMPLETED')
    expect(done.tasks).toMatchObject([{ status: 'SUCCEEDED', attempt: 0 }, { status: 'SUCCEEDED', attempt: 1 }])
    expect(Object.values(done.tasks[1].output.inputs)).toEqual([plan.tasks[0].output])
    expect(await home.plan(plan.id)).toEqual({ ...plan, requestId: undefined })
  })

  test('needs no edits to be tried again, and its done tasks cannot be changed', async () => {
    const plan = await failed()
    expect(await revise(plan, [{ setParameters: { task: 1, parameters: { word: 'again' } } }])).toMatchObject({ issues: [{ path: 'edits.0.setParameters.task', rule: 'done' }] })
    expect((await revise(plan, [])).tasks.map(({ status }: Answer) => status)).toEqual(['SUCCEEDED', 'PENDING', 'PENDING'])
  })

  test('can be revised again after its revision was rejected, without repeating what is done', async () => {
    const plan = await failed()
    const first = await revise(plan, [])
    await home.approve({ planId: first.id, approved: false, userId: 'bob' })
    const second = await revise(plan, [{ removeTask: { task: 2 } }])
    expect(second).toMatchObject({ __typename: 'Plan', revision: 3, supersedes: { id: plan.id } })
    expect(second.tasks.map(({ status }: Answer) => status)).toEqual(['SUCCEEDED', 'PENDING'])
  })
})
