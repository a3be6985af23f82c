import type { PlanEdit } from '../services/planning/revise-plan.ts'
import * as bounds from './bounds.ts'
import { builder } from './builder.ts'
import { Effect } from './enums.ts'

const task = { required: true, description: 'Order of the task in the plan being revised.' } as const
// Their rules are checked with the edits themselves, so that one answer has all violations.
const parameters = { type: 'JSON', description: 'Values by parameter name, a JSON object.' } as const

const SetParametersInput = builder.inputType('SetParametersInput', {
  description: 'Changes parameters of a task; those not named stay.',
  fields: (t) => ({
    task: t.int(task),
    parameters: t.field(parameters),
    unset: t.stringList({ description: 'Names of optional parameters to take away.', validate: bounds.listOf(100) }),
  }),
})

const AddTaskInput = builder.inputType('AddTaskInput', {
  description: 'Adds a task of a capability of the catalog.',
  fields: (t) => ({
    intent: t.string({ required: true, description: 'Id of the capability.' }),
    parameters: t.field(parameters),
    dependsOn: t.intList({ description: 'Orders of the tasks it must wait for; left out: those that the catalog declares.', validate: bounds.listOf(1_000) }),
    before: t.int({ description: 'Order of the task whose place it takes; left out: the end, or before what the catalog lets wait for it.' }),
  }),
})

const RemoveTaskInput = builder.inputType('RemoveTaskInput', {
  description: 'Removes a task.',
  fields: (t) => ({ task: t.int(task) }),
})

const ReorderInput = builder.inputType('ReorderInput', {
  description: 'Puts the tasks in another order; dependencies stay.',
  fields: (t) => ({
    tasks: t.intList({ required: true, description: 'All orders of the plan, in their new sequence.', validate: bounds.listOf(1_000) }),
  }),
})

const SetDependenciesInput = builder.inputType('SetDependenciesInput', {
  description: 'Says what a task must wait for.',
  fields: (t) => ({
    task: t.int(task),
    dependsOn: t.intList({ required: true, description: 'Orders of the tasks; none for an empty list.', validate: bounds.listOf(1_000) }),
  }),
})

const SetAgentTypeInput = builder.inputType('SetAgentTypeInput', {
  description: 'Sends a task to agents of another type.',
  fields: (t) => ({
    task: t.int(task),
    agentType: t.string({ required: true, description: 'Type of agent, as the agents announce it.' }),
  }),
})

const ResourceRequirementsInput = builder.inputType('ResourceRequirementsInput', {
  description: 'Free capacity that the agent must have; left out: no demand.',
  fields: (t) => ({
    cpu: t.float({ description: 'Processor cores.' }),
    memoryMb: t.float({ description: 'Memory in MiB.' }),
    gpus: t.int({ description: 'Graphics processors.' }),
  }),
})

const SetLimitsInput = builder.inputType('SetLimitsInput', {
  description: 'Changes how a task may run; what is left out stays.',
  fields: (t) => ({
    task: t.int(task),
    timeoutSeconds: t.float({ description: 'Ends an attempt after so many seconds: 1 to 604,800.' }),
    maxAttempts: t.int({ description: 'Attempts in all: 1 to 20.' }),
    requires: t.field({ type: ResourceRequirementsInput, description: 'Free capacity that the agent must have.' }),
    effect: t.field({ type: Effect, description: 'Only a stricter one than the task has.' }),
  }),
})

export const PlanEditInput = builder.inputType('PlanEditInput', {
  description: 'One change to a plan.',
  isOneOf: true,
  fields: (t) => ({
    setParameters: t.field({ type: SetParametersInput, description: 'Change parameters of a task.' }),
    addTask: t.field({ type: AddTaskInput, description: 'Add a task.' }),
    removeTask: t.field({ type: RemoveTaskInput, description: 'Remove a task.' }),
    reorder: t.field({ type: ReorderInput, description: 'Put the tasks in another order.' }),
    setDependencies: t.field({ type: SetDependenciesInput, description: 'Say what a task must wait for.' }),
    setAgentType: t.field({ type: SetAgentTypeInput, description: 'Send a task to agents of another type.' }),
    setLimits: t.field({ type: SetLimitsInput, description: 'Change how a task may run.' }),
  }),
})

type Input = typeof PlanEditInput.$inferInput

/** The edit as the service takes it: a JSON object is checked to be one by the input's rules. */
export function toPlanEdit({ setParameters, addTask, setLimits, ...rest }: Input): PlanEdit {
  return {
    ...rest,
    ...(setParameters && {
      setParameters: { ...setParameters, parameters: asObject(setParameters.parameters), unset: setParameters.unset ?? [] },
    }),
    ...(addTask && {
      addTask: {
        ...addTask,
        parameters: asObject(addTask.parameters),
        dependsOn: addTask.dependsOn ?? undefined,
        before: addTask.before ?? null,
      },
    }),
    ...(setLimits && { setLimits: { ...setLimits, requires: setLimits.requires && withoutNulls(setLimits.requires) } }),
  }
}

const asObject = (value: unknown): Record<string, unknown> => (value ?? {}) as Record<string, unknown>

function withoutNulls<Value extends object>(value: Value): { [Key in keyof Value]?: NonNullable<Value[Key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry != null)) as never
}
