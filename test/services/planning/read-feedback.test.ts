import { describe, expect, test } from 'vitest'
import { createCatalogDecomposer } from '../../../src/services/decomposition/catalog-decomposer.ts'
import { checkParameters } from '../../../src/services/decomposition/parameter-values.ts'
import type { PlanDraft } from '../../../src/services/planning/plan-draft.ts'
import { readFeedback } from '../../../src/services/planning/read-feedback.ts'
import { plannedTask } from '../../../src/services/planning/work-planner.ts'
import { catalogOf } from '../../harness/plan-builder.ts'

const hosts = { name: 'hosts', type: 'hosts' }
const catalog = catalogOf([
  {
    id: 'deploy_stack', name: 'Deploy {{stack}}', description: 'Bring up a container stack.', examples: ['deploy the wikijs stack', 'bring up minio on edge-a'],
    words: { de: ['starte den wikijs stack'] }, parameters: [{ name: 'stack', type: 'enum', required: true, values: ['keycloak', 'minio', 'wikijs'] }, hosts],
  },
  {
    id: 'restart_container', name: 'Restart {{container}}', description: 'Restart a container that is running.', examples: ['restart the caddy container', 'cycle minio on beta'],
    parameters: [{ name: 'container', type: 'enum', required: true, values: ['caddy', 'minio', 'keycloak'] }, hosts],
  },
  {
    id: 'snapshot_vm', name: 'Snapshot {{vm}}', description: 'Take a snapshot of a virtual machine.', examples: ['snapshot the vm buildbox', 'take a snapshot of erp-test labelled before-upgrade'],
    parameters: [{ name: 'vm', type: 'string', required: true }, { name: 'label', type: 'string' }],
  },
  {
    id: 'mute_alerts', name: 'Mute {{target}}', description: 'Silence the alerts of a target for some minutes.', examples: ['mute alerts for beta for 30 minutes', 'silence edge-a during the next 2 hours'],
    parameters: [{ name: 'target', type: 'string', required: true }, { name: 'minutes', type: 'integer', required: true }],
  },
])
const decomposer = createCatalogDecomposer(catalog)
const task = (key: number, intent: string, parameters: Record<string, unknown>, waitsFor: number[] = []) =>
  ({ key, waitsFor, task: plannedTask(catalog.byId.get(intent)!, parameters, { order: key, dependsOn: waitsFor }, new Map()) })
const draft: PlanDraft = [
  task(1, 'deploy_stack', { stack: 'keycloak', hosts: ['web-01', 'web-02'] }),
  task(2, 'restart_container', { container: 'caddy', hosts: ['web-01'] }, [1]),
  task(3, 'snapshot_vm', { vm: 'mailhub' }),
  task(4, 'mute_alerts', { target: 'storage1', minutes: 30 }),
]
const read = (feedback: string) => readFeedback(decomposer, draft, feedback, { catalog, checkParameters, history: new Map(), agentTypes: new Set() })
const removed = (...tasks: number[]) => tasks.map((number) => ({ removeTask: { task: number } }))
const set = (number: number, parameters: object) => [{ setParameters: { task: number, parameters } }]

describe('feedback is applied where every word of it is accounted for', () => {
  test.each<[string, object[]]>([
    ['Can you remove task 3?', removed(3)],
    ['Remove tasks 2 and 3', removed(2, 3)],
    ['Delete steps 2, 3 and 4', removed(2, 3, 4)],
    ['Remove 2', removed(2)],
    ['Remove step 2 (restart caddy) and step 4', removed(2, 4)],
    ['Skip task 2, it is not necessary', removed(2)],
    ['Remove task 2 because it is risky', removed(2)],
    ['Please remove the snapshot from the plan', removed(3)],
    ['Skip the snapshot and remove task 4', removed(3, 4)],
    ['Task 2 should be removed', removed(2)],
    ["Don't do task 2", removed(2)],
    ['OK, I would remove task 3', removed(3)],
    ["Let's skip the snapshot", removed(3)],
    ['Drop the restarting of caddy', removed(2)],
    ['Leave out the muting of storage1', removed(4)],
    ['Make sure that task 3 is done before task 1', [{ setDependencies: { task: 1, dependsOn: [3] } }]],
    ['Aufgabe 1 soll nach Aufgabe 3 laufen', [{ setDependencies: { task: 1, dependsOn: [3] } }]],
    ['La tâche 3 avant la tâche 1', [{ setDependencies: { task: 1, dependsOn: [3] } }]],
    ["Supprime l'étape 2", removed(2)],
    ['Thanks, great plan! Remove task 2.', removed(2)],
    ['Restart caddy also on web-03', set(2, { hosts: ['web-01', 'web-03'] })],
    ['Task 2: also on web-03', set(2, { hosts: ['web-01', 'web-03'] })],
    ['Task 2: web-09', set(2, { hosts: ['web-09'] })],
    ['Deploy keycloak only to web-01', set(1, { hosts: ['web-01'] })],
    ['Task 3: vm erp label x1', set(3, { vm: 'erp', label: 'x1' })],
    ['Task 4: minutes=45', set(4, { minutes: 45 })],
    ['Task 1: hosts web-03, web-04', set(1, { hosts: ['web-03', 'web-04'] })],
    ['Mute storage1 for 10 minutes too', [{ addTask: { intent: 'mute_alerts', parameters: { target: 'storage1', minutes: 10 } } }]],
    ['Task 4: 60 minutes, not 30', set(4, { minutes: 60 })],
    ['Mute storage1 for two hours', set(4, { minutes: 120 })],
    ['Change task 4 to 45 minutes', set(4, { minutes: 45 })],
    ['Aufgabe 4: 45 Minuten', set(4, { minutes: 45 })],
    ['tâche 4 : 45 minutes', set(4, { minutes: 45 })],
    ['Starte caddy auf web-09 neu', set(2, { hosts: ['web-09'] })],
    ['No more than 3 attempts for task 1', [{ setLimits: { task: 1, maxAttempts: 3 } }]],
    ['Increase the timeout of the snapshot to 20 minutes', [{ setLimits: { task: 3, timeoutSeconds: 1_200 } }]],
    ['Give the restart 5 attempts', [{ setLimits: { task: 2, maxAttempts: 5 } }]],
    ['timeout of task 1 from 10 minutes to 20 minutes', [{ setLimits: { task: 1, timeoutSeconds: 1_200 } }]],
    ...['Verschiebe Aufgabe 3 ans Ende', 'mets la tâche 3 à la fin', 'pon la tarea 3 al final', '把任务3放到最后'].map((said): [string, object[]] => [said, [{ setDependencies: { task: 3, dependsOn: [2, 4] } }]]),
    ['Move task 3 to the end', [{ setDependencies: { task: 3, dependsOn: [2, 4] } }]],
    ['Snapshot mailhub before deploying keycloak', [{ setDependencies: { task: 1, dependsOn: [3] } }]],
    ['Add a snapshot of buildbox after task 2', [{ addTask: { intent: 'snapshot_vm', parameters: { vm: 'buildbox' } } }, { setDependencies: { task: 5, dependsOn: [2] } }]],
  ])('%s', async (feedback, edits) => {
    expect(await read(feedback)).toEqual({ edits, questions: [] })
  })
})

describe('feedback that says something else is asked about, and nothing of it is applied', () => {
  test.each([
    "Don't remove task 2", "Don't change task 2", "Please don't touch task 3", "Don't forget task 3", 'Entferne Aufgabe 2 nicht', 'No elimines la tarea 2', '不要删除任务2',
    "Ne supprime pas l'étape 2", "Don't skip the snapshot and remove task 4", 'Bitte Schritt 3 nicht ändern',
    "Don't use web-01 for task 2", 'Do not run task 2 on web-01', 'Do not deploy keycloak to web-01', 'Do not restart caddy on web-03', "Don't deploy keycloak to web-01, deploy it to web-02",
    'Remove web-02 from task 1', 'Remove web-02', 'Remove the hosts from task 1', 'Remove the label from the snapshot', 'Remove the dependency of task 2 on task 1', 'Leave out buildbox', 'Leave out minio',
    'No need to wait for task 1', 'Task 2 must not run before task 1', 'Do not run task 2 before task 1', "Task 2 shouldn't wait for task 1",
    'Is task 2 before task 3?', 'Should task 2 run first?', 'Why is task 2 needed', 'Do we need task 2?',
    'Remove everything except task 2', 'Remove task 1 if task 2 fails', 'If task 2 takes longer than 10 minutes, remove it', 'Only the snapshot, nothing else',
    'No retries for task 1', 'Drop the time limit of task 1', 'Raise the timeout of task 1 by 10 minutes', 'timeout of task 1 10 minutes longer', 'Give task 1 2 more attempts',
    'task 1: 1.5 attempts', 'time limit 0 seconds for task 1', 'Task 4: -5 minutes', 'Task 1: stack foo', 'Task 3: label is wrong', 'Task 3: hold', 'Task 2 twice', 'The host is wrong, it should be web-09',
    'time limit 5 minutes for task 1 and 10 minutes for task 2', 'Task 1 and task 2 on web-05', 'Tasks 1 and 2: timeout 10 minutes',
    'Task 1 should not run on web-02', 'Task 2: not on web-01', 'Task 4 takes 5 minutes too long', 'Task 3 must wait for approval',
    'Label the snapshot before-upgrade', 'Restarting caddy on web-02 broke last time', 'I am not sure about the snapshot', 'Take the snapshot before the deployment', 'looks good',
  ])('%s', async (feedback) => {
    const { edits, questions } = await read(feedback)
    expect(edits).toEqual([])
    expect(questions.length).toBeGreaterThan(0)
  })
})

test('where "leave out a and do b" may mean to leave out both, only the first is left out', async () => {
  const { edits, questions } = await read('Remove the snapshot and restart caddy last')
  expect(edits).toEqual(removed(3))
  expect(questions).toMatchObject([{ question: expect.stringContaining('"restart caddy last"') }])
})

test('another one than the plan has is added once it is said which', async () => {
  expect(await read('Also snapshot another vm labelled x1')).toMatchObject({ edits: [], questions: [{
    question: 'Snapshot: which vm?', parameter: 'vm', feedback: { add: { intent: 'snapshot_vm', parameters: { label: 'x1' }, after: [] } },
  }] })
})

test('a task with other values than the plan has is changed although the part before leaves something out', async () => {
  expect(await read('Remove task 3 and mute storage1 for 45 minutes')).toEqual({ edits: [...removed(3), ...set(4, { minutes: 45 })], questions: [] })
  expect(await read("Don't snapshot mailhub and restart caddy on web-09")).toMatchObject({ edits: removed(3), questions: [{ question: expect.stringContaining('"restart caddy on web-09"') }] })
})

test('a question about a part quotes it and offers the task that it names', async () => {
  expect((await read('Remove web-02 from task 1')).questions).toMatchObject([{ question: 'What of the plan is to be left out with "Remove web-02 from task 1"?', choices: ['1. Deploy keycloak'] }])
})
