import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { bundledHandlers } from '../../../src/agent/bundled-agent.ts'
import type { TaskContext } from '../../../src/agent/index.ts'
import type { RunEnvironment } from '../../../src/agent/run/run-environment.ts'
import { createSecretReader } from '../../../src/agent/run/secrets.ts'
import type { Capability, Catalog, RunSpec } from '../../../src/catalog/capability.ts'
import { silentLogger } from '../../harness/silent-logger.ts'
import { workFor } from '../service-side.ts'

const approvalRule = {
  approvers: 1,
  requesterMayApprove: true,
  reasonRequired: false,
  allowedApprovers: null,
  byRule: false,
  expiresAfterHours: null,
}

/** A catalog of one capability, `do_it`, whose parameters are those of the given values; `secret` ones are secrets. */
export function catalogOf(
  run: RunSpec | null,
  parameters: Readonly<Record<string, unknown>> = {},
  more: Partial<Capability> = {},
): Catalog {
  const capability: Capability = {
    id: 'do_it',
    name: 'Do it',
    description: 'Does it',
    workType: 'test',
    agentType: 'infra',
    estimatedMinutes: 1,
    parameters: Object.entries(parameters).map(([name, value]) => ({
      name,
      type: String(value).startsWith('secret:') ? 'secret' : 'string',
      required: false,
    })),
    examples: [],
    words: {},
    after: [],
    risk: 'low',
    effect: 'idempotent',
    timeoutSeconds: 60,
    maxAttempts: 3,
    requires: {},
    sameAgent: false,
    run,
    digest: 'd'.repeat(64),
    ...more,
  }
  return {
    name: 'test',
    version: 1,
    capabilities: [capability],
    byId: new Map([[capability.id, capability]]),
    approvalRules: { low: approvalRule, medium: approvalRule, high: approvalRule },
    digest: 'e'.repeat(64),
  }
}

/** A project and a data folder of their own, removed after the test; `bin` of the project comes first on PATH. */
export async function makeEnvironment(variables: Record<string, string> = {}): Promise<RunEnvironment> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'planwright-run-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [projectRoot, dataDir] = [join(folder, 'project'), join(folder, 'data')]
  await mkdir(join(projectRoot, 'bin'), { recursive: true })
  await mkdir(join(dataDir, 'secrets'), { recursive: true })
  return {
    projectRoot,
    dataDir,
    home: folder,
    killGraceMs: 300,
    path: [join(projectRoot, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    readSecret: createSecretReader(variables, join(dataDir, 'secrets')),
  }
}

/** Writes a script of this Node into the project; `bin/...` ones can be run by name. */
export async function writeScript(environment: RunEnvironment, path: string, body: string): Promise<string> {
  const file = join(environment.projectRoot, path)
  await writeFile(file, `#!${process.execPath}\n${body}`)
  await chmod(file, 0o755)
  return file
}

type Given = {
  readonly parameters?: Record<string, unknown>
  readonly inputs?: Record<string, unknown>
  readonly signal?: AbortSignal
  readonly progress?: TaskContext['progress']
}

/** Carries out one attempt of a capability with this `run`. */
export async function carryOut(environment: RunEnvironment, run: RunSpec, given: Given = {}): Promise<unknown> {
  const { parameters = {}, inputs = {}, signal = new AbortController().signal, progress = () => {} } = given
  const work = workFor('tester', { intent: 'do_it', parameters, inputs, idempotencyKey: 'key-1' })
  const context: TaskContext = {
    parameters,
    inputs,
    idempotencyKey: work.idempotencyKey,
    attempt: work.attempt,
    signal,
    traceparent: undefined,
    requestId: undefined,
    logger: silentLogger,
    progress,
    reportUsage: () => {},
  }
  const handler = bundledHandlers(catalogOf(run, parameters), 'infra', environment).do_it
  if (!handler) throw new Error('no handler')
  return handler.run(work, context)
}
