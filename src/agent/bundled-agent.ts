/** The agent that comes with Planwright: it announces and carries out what the catalog says how to run. */
import type { Capability, Catalog, RunSpec } from '../catalog/capability.ts'
import type { WorkRequested } from '../messaging/messages.ts'
import { createAgent } from './agent.ts'
import type { Agent, AgentOptions } from './agent.ts'
import type { TaskContext, TaskHandler, TaskHandlers } from './handler.ts'
import { createRedact } from './run/redact.ts'
import { runAnsible } from './run/run-ansible.ts'
import { runCommand } from './run/run-command.ts'
import { runCompose } from './run/run-compose.ts'
import type { RunEnvironment, RunJob } from './run/run-environment.ts'
import { runHttp } from './run/run-http.ts'
import { resolveSecrets } from './run/secrets.ts'

export type BundledAgentOptions = Omit<AgentOptions, 'handlers'> & {
  readonly catalog: Catalog
  readonly environment: RunEnvironment
}

/** An agent for all capabilities of its agent type that have a `run`. */
export function createBundledAgent({ catalog, environment, ...options }: BundledAgentOptions): Agent {
  return createAgent({ ...options, handlers: bundledHandlers(catalog, options.agentType, environment) })
}

/** Agent types for which the catalog has something to run, most capabilities first. */
export function runnableAgentTypes(catalog: Catalog): string[] {
  const counts = new Map<string, number>()
  for (const { run, agentType } of catalog.capabilities)
    if (run) counts.set(agentType, (counts.get(agentType) ?? 0) + 1)
  return [...counts].toSorted(([, one], [, other]) => other - one).map(([agentType]) => agentType)
}

/** Handlers for the capabilities of one agent type that have a `run`, by intent. */
export function bundledHandlers(catalog: Catalog, agentType: string, environment: RunEnvironment): TaskHandlers {
  const entries = catalog.capabilities.flatMap((capability): [string, TaskHandler][] => {
    const { run } = capability
    if (run === null || capability.agentType !== agentType) return []
    return [
      [
        capability.id,
        {
          workType: capability.workType,
          capabilityDigest: capability.digest,
          irreversible: capability.effect === 'irreversible',
          run: (work, context) => carryOut(environment, capability, run, work, context),
        },
      ],
    ]
  })
  return Object.fromEntries(entries)
}

async function carryOut(
  environment: RunEnvironment,
  capability: Capability,
  run: RunSpec,
  work: WorkRequested,
  context: TaskContext,
): Promise<unknown> {
  const secrets = await resolveSecrets(capability.parameters, work.parameters, environment.readSecret)
  const present = Object.entries(work.parameters).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  const redact = createRedact(secrets.values())
  try {
    const values = new Map([...present, ...secrets])
    return redact.json(await execute({ environment, work, context, values, secrets, redact }, run))
  } catch (error) {
    context.signal.throwIfAborted()
    throw redact.error(error)
  }
}

function execute(job: RunJob, run: RunSpec): Promise<unknown> {
  switch (run.kind) {
    case 'command':
      return runCommand(job, run)
    case 'http':
      return runHttp(job, run)
    case 'ansible':
      return runAnsible(job, run)
    case 'compose':
      return runCompose(job, run)
  }
}
