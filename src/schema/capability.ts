import type { ParameterSpec } from '../catalog/capability.ts'
import { builder } from './builder.ts'
import { Effect, Risk } from './enums.ts'
import { CapabilityType } from './refs.ts'
import { ResourceRequirementsType } from './task.ts'

const CapabilityParameterType = builder.objectRef<ParameterSpec>('CapabilityParameter').implement({
  description: 'One parameter of a capability.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Key in `parameters`.' }),
    type: t.exposeString('type', { description: 'Type as in the catalog: enum, string, integer, port, boolean, hosts, list, fqdn, username, schedule, duration, secret.' }),
    required: t.exposeBoolean('required', { description: 'Whether a task needs it.' }),
    values: t.field({ type: ['String'], nullable: true, description: 'What an enum allows.', resolve: ({ values }) => values ?? null }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    minimum: t.exposeFloat('minimum', { nullable: true, description: 'Least value of an integer.' }),
    maximum: t.exposeFloat('maximum', { nullable: true, description: 'Greatest value of an integer.' }),
  }),
})

CapabilityType.implement({
  description: 'An entry of the catalog: something this installation can carry out. How it is run stays inside.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The intent, such as `deploy_service`.' }),
    name: t.exposeString('name', { description: 'Readable task name; may name parameters as `{{parameter}}`.' }),
    description: t.exposeString('description', { description: 'What it does.' }),
    workType: t.exposeString('workType', { description: 'Kind of work, as agents announce it.' }),
    agentType: t.exposeString('agentType', { description: 'Type of agent that does it.' }),
    estimatedMinutes: t.exposeFloat('estimatedMinutes', { description: 'Expected minutes, as the catalog says.' }),
    parameters: t.field({ type: [CapabilityParameterType], description: 'What it takes.', resolve: ({ parameters }) => parameters }),
    examples: t.field({ type: ['String'], description: 'Requests that mean it.', resolve: ({ examples }) => examples }),
    risk: t.expose('risk', { type: Risk, description: 'How much harm a wrong run can do.' }),
    effect: t.expose('effect', { type: Effect, description: 'What a lost attempt means.' }),
    timeoutSeconds: t.exposeFloat('timeoutSeconds', { description: 'Ends an attempt after so many seconds.' }),
    maxAttempts: t.exposeInt('maxAttempts', { description: 'Attempts in all.' }),
    requires: t.field({ type: ResourceRequirementsType, description: 'Free capacity that the agent must have.', resolve: ({ requires }) => requires }),
    sameAgent: t.exposeBoolean('sameAgent', { description: 'True: it must run where its dependency ran.' }),
    digest: t.exposeString('digest', { description: 'SHA-256 (hex) of the entry, including how it is run.' }),
  }),
})

builder.queryField('capabilities', (t) =>
  t.field({
    type: [CapabilityType],
    description: 'The whole of what this installation can do. Open to agents, too, for the digests.',
    authScopes: { member: true },
    complexity: { field: 1, multiplier: 100 },
    resolve: (_, __, { catalog }) => catalog.capabilities,
  }))
