/** Applies typed edits to a plan draft. All violations are found in one go, each with its edit and how to mend it. */
import type { Capability, Catalog } from '../../catalog/capability.ts'
import { nearest } from '../../catalog/edit-distance.ts'
import { renderTaskName } from '../../catalog/task-name.ts'
import type { InputIssue } from '../../errors.ts'
import { checkStorable, type ParameterCheck } from '../decomposition/parameter-check.ts'
import { estimate, type History } from './estimates.ts'
import { checkLimits } from './edit-limits.ts'
import { checkSequence } from './check-sequence.ts'
import { notImplied, waitedForBy, type DraftTask, type PlanDraft } from './plan-draft.ts'
import type { PlanEdit } from './revise-plan.ts'
import { plannedTask, type PlannedTask } from './work-planner.ts'

export type EditContext = {
  readonly catalog: Pick<Catalog, 'byId' | 'capabilities'>
  readonly checkParameters: ParameterCheck
  readonly history: History
  /** Types of the agents that are known, beside those the catalog names. */
  readonly agentTypes: ReadonlySet<string>
}

/** Most tasks of a plan. */
const mostTasks = 1_000

type Report = (path: string, rule: string, message: string) => void
type Editing = EditContext & {
  draft: DraftTask[]
  added: number
  readonly known: number
  /** Keys of tasks that could not be added: what names them is not wrong for that. */
  readonly broken: Set<number>
  /** Index of the edit that put the tasks in their order; -1 where none did. */
  reorderedBy: number
  readonly report: Report
}

/**
 * The draft after all edits, applied in order. Tasks are named by their key: the order in the plan being revised, and
 * for added tasks the numbers after its last, in the order of the edits that add them.
 */
export function applyEdits(draft: PlanDraft, edits: readonly PlanEdit[], context: EditContext): { readonly draft: PlanDraft; readonly issues: readonly InputIssue[] } {
  const issues: InputIssue[] = []
  const editing: Editing = {
    ...context,
    draft: [...draft],
    added: 0,
    known: Math.max(0, ...draft.map(({ key }) => key)),
    broken: new Set(),
    reorderedBy: -1,
    report: (path, rule, message) => issues.push({ path: `edits.${path}`, rule, message }),
  }
  edits.forEach((edit, index) => applyEdit(editing, edit, String(index)))
  if (editing.draft.length > mostTasks) editing.report(lastOf(edits, 'addTask'), 'max_tasks', `A plan has at most ${mostTasks.toLocaleString('en-US')} tasks. Add fewer.`)
  if (editing.broken.size === 0 && !editing.draft.some(({ task }) => !task.carried)) editing.report(lastOf(edits, 'removeTask'), 'min_tasks', 'Nothing would be left to do. Keep or add at least one task, or cancel the plan.')
  checkSequence(editing, edits)
  return { draft: editing.draft, issues: issues.map((issue) => ({ ...issue, path: issue.path.replace(/\.$/, '') })) }
}

function lastOf(edits: readonly PlanEdit[], kind: keyof PlanEdit): string {
  const index = edits.findLastIndex((edit) => edit[kind])
  return index < 0 ? '' : `${index}.${kind}`
}

function applyEdit(editing: Editing, edit: PlanEdit, at: string): void {
  const members = Object.entries(edit).filter(([, value]) => value !== null && value !== undefined)
  if (members.length !== 1) {
    editing.report(at, 'exactly_one', 'An edit does exactly one thing. Split it, or remove it if it is empty.')
    return
  }
  if (edit.setParameters) setParameters(editing, edit.setParameters, `${at}.setParameters`)
  else if (edit.addTask) addTask(editing, edit.addTask, `${at}.addTask`)
  else if (edit.removeTask) removeTask(editing, edit.removeTask, `${at}.removeTask`)
  else if (edit.reorder) reorder(editing, edit.reorder, at)
  else if (edit.setDependencies) setDependencies(editing, edit.setDependencies, `${at}.setDependencies`)
  else if (edit.setAgentType) setAgentType(editing, edit.setAgentType, `${at}.setAgentType`)
  else if (edit.setLimits) setLimits(editing, edit.setLimits, `${at}.setLimits`)
}

/** The task an edit names, or null after a report. What is done can be removed and moved, but not changed. */
function taskOf({ draft, report, broken }: Editing, key: number, path: string, mayBeDone = false): DraftTask | null {
  const found = draft.find((entry) => entry.key === key)
  if (!found && broken.has(key)) return null
  if (!found) report(`${path}.task`, 'known', `The plan has no task ${key}. It has ${listed(draft)}.`)
  else if (found.task.carried && !mayBeDone) report(`${path}.task`, 'done', `Task ${key} is already done. Remove it and add it anew to have it run again.`)
  else return found
  return null
}

function change(editing: Editing, key: number, patch: Partial<PlannedTask>): void {
  editing.draft = editing.draft.map((entry) => (entry.key === key ? { ...entry, task: { ...entry.task, ...patch } } : entry))
}

function setParameters(editing: Editing, { task: key, parameters, unset = [] }: NonNullable<PlanEdit['setParameters']>, path: string): void {
  const found = taskOf(editing, key, path)
  if (!found) return
  const capability = editing.catalog.byId.get(found.task.intent)
  if (!capability) return editing.report(`${path}.task`, 'known', `The catalog no longer has ${found.task.intent}. Remove the task.`)
  const kept = Object.fromEntries(Object.entries(found.task.parameters).filter(([name]) => !unset.includes(name)))
  const merged = typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters) ? { ...kept, ...parameters } : parameters
  unset.forEach((name, index) => {
    if (!capability.parameters.some((spec) => spec.name === name)) editing.report(`${path}.unset.${index}`, 'known', `${capability.id} has no parameter with this name.`)
  })
  const checked = checkedParameters(editing, capability, merged, path)
  change(editing, key, { parameters: checked, name: renderTaskName(capability, checked) })
}

/** The parameters as the catalog spells them; reports those that do not fit. */
function checkedParameters({ checkParameters, report }: Editing, capability: Capability, given: PlannedTask['parameters'], path: string): PlannedTask['parameters'] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    report(`${path}.parameters`, 'type', 'Send a JSON object with the parameters by name.')
    return {}
  }
  const unstorable = checkStorable(given)
  if (unstorable) {
    report(`${path}.parameters`, unstorable.rule, unstorable.message)
    return {}
  }
  const { parameters, faults } = checkParameters(capability, given)
  for (const { parameter, rule, message } of faults) report(`${path}.parameters.${parameter}`, rule, message)
  return parameters
}

function addTask(editing: Editing, { intent, parameters, dependsOn, before }: NonNullable<PlanEdit['addTask']>, path: string): void {
  const key = editing.known + ++editing.added
  const capability = editing.catalog.byId.get(intent)
  const checked = capability && checkedParameters(editing, capability, parameters, path)
  if (!capability) {
    const near = nearest(intent.slice(0, 80), editing.catalog.byId.keys())
    editing.report(`${path}.intent`, 'known', `The catalog has no capability with this intent.${near ? ` Did you mean ${near}?` : ''}`)
  }
  // Without dependencies of its own it waits for what the catalog declares.
  const declared = () => editing.draft.filter(({ task }) => capability?.after.includes(task.intent)).map((entry) => entry.key)
  const waitsFor = dependsOn ?? notImplied(editing.draft, declared())
  checkKeys(editing, waitsFor, key, `${path}.dependsOn`)
  const place = before === null || before === undefined ? null : editing.draft.findIndex((entry) => entry.key === before)
  if (place === -1 && !editing.broken.has(before ?? 0)) editing.report(`${path}.before`, 'known', `The plan has no task ${before}. It has ${listed(editing.draft)}.`)
  if (place === -1 || !capability || !checked) return void editing.broken.add(key)
  const task = plannedTask(capability, checked, { order: key, dependsOn: [] }, editing.history)
  const entry = { key, task, waitsFor: [...new Set(waitsFor)].filter((other) => other !== key) }
  const followers = followersOf(editing, entry, place ?? 0)
  const draft = editing.draft.map((other) => (followers.has(other.key) ? { ...other, waitsFor: [...other.waitsFor, key] } : other))
  const first = draft.findIndex((other) => followers.has(other.key))
  editing.draft = draft.toSpliced(place ?? (first < 0 ? draft.length : first), 0, entry)
}

/** What the catalog lets wait for an added task, from its place on; not what that waits for itself, nor what follows from others. */
function followersOf({ draft, catalog }: Editing, { task, waitsFor }: DraftTask, from: number): Set<number> {
  const befores = new Set([...waitsFor, ...waitedForBy(draft, waitsFor)])
  const declared = draft.filter(({ key, task: other }, index) => index >= from && !other.carried && !befores.has(key) && catalog.byId.get(other.intent)?.after.includes(task.intent))
  const keys = new Set(declared.map(({ key }) => key))
  return new Set([...keys].filter((key) => ![...waitedForBy(draft, [key])].some((before) => keys.has(before))))
}

function removeTask(editing: Editing, { task: key }: NonNullable<PlanEdit['removeTask']>, path: string): void {
  const found = taskOf(editing, key, path, true)
  if (!found) return
  // What waited for it now waits for what it waited for: the order of the others stays.
  const withoutIt = ({ waitsFor }: DraftTask): number[] => {
    const rest = waitsFor.filter((other) => other !== key)
    return [...new Set([...rest, ...notImplied(editing.draft, [...rest, ...found.waitsFor])])]
  }
  editing.draft = editing.draft.filter((entry) => entry.key !== key)
    .map((entry) => (entry.waitsFor.includes(key) ? { ...entry, waitsFor: withoutIt(entry) } : entry))
}

function reorder(editing: Editing, { tasks: named }: NonNullable<PlanEdit['reorder']>, at: string): void {
  const tasks = named.filter((key) => !editing.broken.has(key))
  const present = editing.draft.map(({ key }) => key)
  const missing = present.filter((key) => !tasks.includes(key))
  if (missing.length > 0 || tasks.length !== present.length) {
    return editing.report(`${at}.reorder.tasks`, 'permutation', `Name each task of the plan once: ${present.slice(0, 100).join(', ')}.`)
  }
  editing.draft = tasks.map((key) => editing.draft.find((entry) => entry.key === key)!)
  editing.reorderedBy = Number(at)
}

function setDependencies(editing: Editing, { task: key, dependsOn }: NonNullable<PlanEdit['setDependencies']>, path: string): void {
  const found = taskOf(editing, key, path)
  if (!found) return
  checkKeys(editing, dependsOn, key, `${path}.dependsOn`)
  const waitsFor = [...new Set(dependsOn)].filter((before) => before !== key)
  editing.draft = editing.draft.map((entry) => (entry.key === key ? { ...entry, waitsFor } : entry))
}

/** What names no task is reported, and counts for nothing afterwards. */
function checkKeys({ draft, report, broken }: Editing, keys: readonly number[], own: number, path: string): void {
  keys.forEach((key, index) => {
    if (key === own) report(`${path}.${index}`, 'not_itself', 'A task cannot wait for itself. Leave it out.')
    else if (!broken.has(key) && !draft.some((entry) => entry.key === key)) report(`${path}.${index}`, 'known', `The plan has no task ${key}. It has ${listed(draft)}.`)
  })
}

const listed = (draft: PlanDraft): string => draft.map((entry) => entry.key).slice(0, 30).join(', ')

function setAgentType(editing: Editing, { task: key, agentType }: NonNullable<PlanEdit['setAgentType']>, path: string): void {
  const found = taskOf(editing, key, path)
  if (!found) return
  const known = new Set([...editing.catalog.capabilities.map((capability) => capability.agentType), ...editing.agentTypes])
  const capability = editing.catalog.byId.get(found.task.intent)
  const expected = capability ? estimate({ ...capability, agentType }, editing.history) : found.task.estimate
  if (known.has(agentType)) change(editing, key, { agentType, estimate: expected, estimatedMinutes: expected.p50 })
  else editing.report(`${path}.agentType`, 'known', `No agent has this type. Known are ${[...known].sort().slice(0, 20).join(', ')}.`)
}

function setLimits(editing: Editing, { task: key, ...limits }: NonNullable<PlanEdit['setLimits']>, path: string): void {
  const found = taskOf(editing, key, path)
  if (!found) return
  change(editing, key, checkLimits(found.task, limits, (field, rule, message) => editing.report(`${path}.${field}`, rule, message)))
}
