/** Arranges requests and plans on a real database through the services that make them. */
import type pg from 'pg'
import { buildApprovalRule, buildCapability, sha256OfCanonicalJson } from '../../src/catalog/build-capability.ts'
import type { ApprovalRule, Catalog, Risk } from '../../src/catalog/capability.ts'
import { capabilityEntry } from '../../src/catalog/catalog-file.ts'
import { createPool } from '../../src/database/pool.ts'
import type { Plan } from '../../src/entities/plan.ts'
import { newId } from '../../src/new-id.ts'
import type { Principal } from '../../src/principal.ts'
import { systemScheduler } from '../../src/scheduler.ts'
import { clarifyRequest } from '../../src/services/decomposition/clarify-request.ts'
import { createRequestParser } from '../../src/services/decomposition/parse-request.ts'
import type { ParameterCheck } from '../../src/services/decomposition/parameter-check.ts'
import type { RequestDecomposer } from '../../src/services/decomposition/request-decomposer.ts'
import { createRequestWriter } from '../../src/services/decomposition/request-writer.ts'
import { submitRequest, type SubmitRequestDeps } from '../../src/services/decomposition/submit-request.ts'
import type { PooledAgent } from '../../src/services/execution/agent-pool.ts'
import { createHistoryReader } from '../../src/services/planning/estimates.ts'
import { createExternalAiFallback } from '../../src/services/planning/external-ai-fallback.ts'
import { createPlanGenerator, type PlanGeneratorDeps } from '../../src/services/planning/generate-plan.ts'
import { createOccupancyReader } from '../../src/services/planning/occupancy.ts'
import { createQuotaLedger } from '../../src/services/planning/quota-ledger.ts'
import { requestChanges } from '../../src/services/planning/request-changes.ts'
import { revisePlan, type PlanEdit } from '../../src/services/planning/revise-plan.ts'
import { createWorkPlanner } from '../../src/services/planning/work-planner.ts'
import { readSettings } from '../../src/settings.ts'
import { createScriptedDecomposer, decomposition } from './scripted-decomposer.ts'
import { silentLogger } from './silent-logger.ts'

/** What a test's capability needs beside its id; the rest has harmless defaults. */
export type CapabilityDraft = { readonly id: string } & Readonly<Record<string, unknown>>

/** A catalog of capabilities as they would stand in a file. */
export function catalogOf(drafts: readonly CapabilityDraft[], rules: Partial<Record<Risk, Partial<ApprovalRule>>> = {}): Catalog {
  const defaults = { description: 'Does something.', work_type: 'work', agent_type: 'infra', estimated_minutes: 3, examples: ['do something'] }
  const capabilities = drafts.map((draft) => buildCapability(capabilityEntry.parse({ ...defaults, name: draft.id, ...draft })))
  const rule = (risk: Risk) => ({ ...buildApprovalRule(undefined), ...rules[risk] })
  return {
    name: 'test',
    version: 1,
    capabilities,
    byId: new Map(capabilities.map((capability) => [capability.id, capability])),
    approvalRules: { low: rule('low'), medium: rule('medium'), high: rule('high') },
    digest: sha256OfCanonicalJson(capabilities.map(({ digest }) => digest)),
  }
}

/** The two capabilities of "Deploy Kuma and add existing portals to config". */
export const seedCapabilities: readonly CapabilityDraft[] = [
  { id: 'deploy_kuma', name: 'Deploy Uptime Kuma', work_type: 'deploy_service', estimated_minutes: 3 },
  {
    id: 'add_portals', name: 'Add {{scope}} portals to config', work_type: 'run_playbook', estimated_minutes: 1, after: ['deploy_kuma'],
    parameters: [{ name: 'scope', type: 'enum', values: ['existing', 'new', 'all'] }],
  },
]

/** A person, by name. */
export const person = (userId: string): Principal => ({ userId, roles: ['requester', 'approver', 'operator'], authenticated: false, credential: null })

/** An agent that is there and idle. */
export const liveAgent = (fields: Partial<PooledAgent> & { readonly intents: ReadonlySet<string> }): PooledAgent => ({
  id: '00000000-0000-4000-8000-00000000a9e7',
  name: 'infra-1',
  agentType: 'infra',
  instance: 'one',
  slots: 4,
  openAttempts: 0,
  resources: { cpuFree: 4, memoryFreeMb: 4_096, gpus: 0 },
  online: true,
  suspended: false,
  performance: new Map(),
  ...fields,
})

/** Takes whatever the catalog names and asks for what it requires. */
export const checkParameters: ParameterCheck = ({ parameters: specs }, parameters) => ({
  parameters,
  faults: [
    ...Object.keys(parameters).filter((name) => !specs.some((spec) => spec.name === name)).map((parameter) => ({ parameter, rule: 'known', message: 'No such parameter.' })),
    ...specs.filter(({ name, required }) => required && parameters[name] === undefined).map(({ name }) => ({ parameter: name, rule: 'required', message: 'This parameter is required.' })),
    ...specs.filter(({ name, values }) => values && parameters[name] !== undefined && !values.includes(String(parameters[name]))).map(({ name }) => ({ parameter: name, rule: 'value', message: 'Not an allowed value.' })),
  ],
})

export type PlanningOptions = {
  readonly url: string
  readonly catalog?: Catalog
  readonly decomposer?: RequestDecomposer
  readonly agents?: readonly PooledAgent[]
  readonly environment?: Readonly<Record<string, string>>
  readonly leaseSeconds?: number
  readonly answerWithinMs?: number
  /** Replaces parts, such as a planner that throws. */
  readonly replace?: Partial<PlanGeneratorDeps & SubmitRequestDeps>
}

export type Planning = ReturnType<typeof createPlanning>

/** The services from a request to its plan, on the database at `url`. */
export function createPlanning(options: PlanningOptions) {
  const { url, replace = {}, leaseSeconds = 60, answerWithinMs = 8_000 } = options
  const catalog = options.catalog ?? catalogOf(seedCapabilities)
  const decomposer = options.decomposer ?? createScriptedDecomposer(() => decomposition({ status: 'PARSING_FAILED', failureReason: 'unused' }))
  const settings = readSettings(options.environment ?? {})
  const pool: pg.Pool = createPool({ url, max: 8, logger: silentLogger, pipeline: true })
  const ledger = createQuotaLedger(settings)
  const hints: ({ requestId: string } | { planId: string; sequence: number })[] = []
  const logger = silentLogger
  const shared = { pool, ledger, logger, scheduler: systemScheduler, newId, announce: (hint: (typeof hints)[number]) => void hints.push(hint) }
  const writer = createRequestWriter({ ...shared, leaseSeconds })
  const parser = createRequestParser({ decomposer, writer, database: pool, logger, leaseSeconds, searchEveryMs: 50 })
  const agents = new Map((options.agents ?? [liveAgent({ intents: new Set(catalog.byId.keys()) })]).map((agent) => [agent.id, agent]))
  const planDeps: PlanGeneratorDeps = {
    ...shared,
    catalog,
    planner: createWorkPlanner(catalog),
    history: createHistoryReader({ database: pool, scheduler: systemScheduler, agentPool: { read: async () => agents }, capabilities: catalog.capabilities, maxAgeMs: 0 }),
    agentPool: { read: async () => agents },
    occupancy: createOccupancyReader({ scheduler: systemScheduler, maxAgeMs: 0 }),
    fallback: createExternalAiFallback({ settings, ledger, newId }),
    checkParameters,
    planExpiresHours: settings.PLAN_EXPIRES_HOURS,
    proposed: () => {},
    approveByRule: async () => { throw new Error('no approval in this test') },
    ...replace,
  }
  const generator = createPlanGenerator(planDeps)
  const submitDeps: SubmitRequestDeps = { decomposer, writer, parser, logger, catalog, checkParameters, newId, answerWithinMs, ...replace }
  const submit = (input: Parameters<typeof submitRequest>[2], who = person('ann')) => submitRequest(submitDeps, who, input)
  const generate = (requestId: string, { regenerate = false, who = person('ann') } = {}): Promise<Plan> => generator.generatePlan(who, { requestId, regenerate })
  return {
    pool,
    catalog,
    hints,
    parser,
    planDeps,
    generator,
    submit,
    generate,
    clarify: (requestId: string, answers: { ambiguityId: string; answer: string }[], who = person('ann')) =>
      clarifyRequest({ catalog, writer, parser, leaseSeconds, answerWithinMs }, who, { requestId, answers }),
    revise: (planId: string, expectedRevision: number, edits: readonly PlanEdit[], who = person('ann')) =>
      revisePlan(planDeps, who, { planId, expectedRevision, edits }),
    requestChanges: (planId: string, feedback: string, { contentHash = null as string | null, who = person('bob') } = {}) =>
      requestChanges({ ...planDeps, decomposer }, who, { planId, contentHash, feedback }),
    /** A pending plan for submitted subtasks, by intent. */
    async plan(...parts: { intent: string; parameters?: Record<string, unknown>; dependsOn?: number[] }[]): Promise<Plan> {
      const request = await submit({ subtasks: parts.map((part) => ({ parameters: {}, ...part })) })
      return generate(request.id)
    },
    /** The kinds of a stream's log entries, in order. */
    async logKinds(stream: string): Promise<string[]> {
      const { rows } = await pool.query<{ kind: string }>('select kind from execution_log_entry where stream = $1 order by sequence', [stream])
      return rows.map(({ kind }) => kind)
    },
    async stop() {
      await parser.stop()
      await Promise.all([writer.stop(), generator.stop()])
      await pool.end()
    },
  }
}
