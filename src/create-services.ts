/** Puts the operations of the API together from what they need. */
import type pg from 'pg'
import type { Catalog } from './catalog/capability.ts'
import type { Engine } from './engine.ts'
import { Plan, Task } from './entities/index.ts'
import type { Logger } from './logger.ts'
import { newId as systemNewId } from './new-id.ts'
import { systemScheduler, type Scheduler } from './scheduler.ts'
import { guardServices } from './services/access/guarded-services.ts'
import { approveByRule, approvePlan } from './services/approval/approve-plan.ts'
import { cancelPlan } from './services/approval/cancel-plan.ts'
import { recordLateDecision, type LateDecision } from './services/approval/late-decision.ts'
import { createAnsweringDecomposer } from './services/decomposition/answer-questions.ts'
import { createCatalogDecomposer } from './services/decomposition/catalog-decomposer.ts'
import { clarifyRequest } from './services/decomposition/clarify-request.ts'
import { createFallbackDecomposer } from './services/decomposition/fallback-decomposer.ts'
import { createMeteredDecomposer } from './services/decomposition/metered-decomposer.ts'
import { createOpenAiDecomposer } from './services/decomposition/openai-decomposer.ts'
import { checkParameters } from './services/decomposition/parameter-values.ts'
import { createRequestParser } from './services/decomposition/parse-request.ts'
import type { RequestDecomposer } from './services/decomposition/request-decomposer.ts'
import { createRequestWriter } from './services/decomposition/request-writer.ts'
import { setVisibility } from './services/decomposition/set-visibility.ts'
import { submitRequest } from './services/decomposition/submit-request.ts'
import { validateDecomposition } from './services/decomposition/validate-decomposition.ts'
import { resolveTask } from './services/execution/resolve-task.ts'
import { retryTask } from './services/execution/retry-task.ts'
import { answerFeedback, asksAboutFeedback } from './services/planning/answer-feedback.ts'
import { createHistoryReader } from './services/planning/estimates.ts'
import { createOccupancyReader } from './services/planning/occupancy.ts'
import { createExternalAiFallback } from './services/planning/external-ai-fallback.ts'
import { createPlanGenerator } from './services/planning/generate-plan.ts'
import { requestChanges } from './services/planning/request-changes.ts'
import { revisePlan } from './services/planning/revise-plan.ts'
import { createWorkPlanner } from './services/planning/work-planner.ts'
import type { Services } from './services/services.ts'
import { withTypedOutages } from './services/typed-outages.ts'
import { createAgentStatus } from './services/watching/agent-status.ts'
import { watchPlans, watchRequest } from './services/watching/watch-changes.ts'
import type { RowReader } from './services/watching/row-reader.ts'
import { createPlanHeads, watchPlan } from './services/watching/watch-plan.ts'
import type { Settings } from './settings.ts'

/** A request in PARSING belongs to a replica for so long; a model call may take 45 s. */
const parsingLeaseSeconds = 60

export type ServiceParts = {
  readonly settings: Settings
  readonly logger: Logger
  readonly catalog: Catalog
  readonly rows: Pick<RowReader, 'read'>
  readonly pool: pg.Pool
  readonly engine: Engine
  /** The process's own unless a simulation plays them. */
  readonly scheduler?: Scheduler
  readonly newId?: () => string
  /** Understands requests without a model; that of the catalog where absent. */
  readonly catalogDecomposer?: RequestDecomposer
}

export function createServices(parts: ServiceParts): { operations: Services; start(): void; stop(): Promise<void> } {
  const { settings, logger, catalog, rows, pool, engine, scheduler = systemScheduler, newId = systemNewId } = parts
  const { agentPool, ledger, store, plans, hub } = engine
  const announce = hub.announce
  const catalogDecomposer = parts.catalogDecomposer ?? createAnsweringDecomposer(catalog, createCatalogDecomposer(catalog))
  const decomposer = chooseDecomposer(parts, catalogDecomposer)
  const writer = createRequestWriter({ pool, ledger, scheduler, leaseSeconds: parsingLeaseSeconds, announce })
  const parser = createRequestParser({ decomposer, writer, database: pool, logger, leaseSeconds: parsingLeaseSeconds })

  const readPlan = async (id: string) => engine.presentPlans.upTo(id, 0)?.plan ?? (await rows.read(Plan, 'id', [id]))[0]!
  const readTask = async (id: string) => (await rows.read(Task, 'id', [id]))[0]!
  const approval = {
    engine: plans, catalog, agentPool, checkParameters, newId, readPlan,
    recordLateDecision: (late: LateDecision) => recordLateDecision({ pool, scheduler, announce }, late),
  }
  const history = createHistoryReader({ database: pool, scheduler, agentPool, capabilities: catalog.capabilities })
  const planning = {
    pool, catalog, history, agentPool, ledger, checkParameters, announce, logger, scheduler, newId,
    occupancy: createOccupancyReader({ scheduler }),
    fallback: createExternalAiFallback({ settings, ledger, newId }),
    planExpiresHours: settings.PLAN_EXPIRES_HOURS,
  }
  const generator = createPlanGenerator({ ...planning, proposed: engine.presentPlans.add, planner: createWorkPlanner(catalog), approveByRule: (id) => approveByRule(approval, id) })
  const settling = { engine: plans, store, database: pool, readTask }
  const watching = { database: pool, heads: createPlanHeads({ database: pool }), feeds: engine.feeds, presentPlans: engine.presentPlans, hub }

  return {
    operations: withTypedOutages<Services>(guardServices({
      submitRequest: (principal, input) => submitRequest({ decomposer, writer, parser, logger, catalog, checkParameters, newId, restricted: settings.VISIBILITY === 'restricted' }, principal, input),
      clarifyRequest: async (principal, input) => (await asksAboutFeedback(planning, input.requestId))
        ? answerFeedback({ ...planning, decomposer: catalogDecomposer }, principal, input)
        : clarifyRequest({ catalog, writer, parser, leaseSeconds: parsingLeaseSeconds }, principal, input),
      setVisibility: (principal, input) => setVisibility({ writer }, principal, input),
      generatePlan: (principal, input) => generator.generatePlan(principal, input),
      revisePlan: (principal, input) => revisePlan(planning, principal, input),
      requestChanges: (principal, input) => requestChanges({ ...planning, decomposer: catalogDecomposer }, principal, input),
      approvePlan: (principal, input) => approvePlan(approval, principal, input),
      cancelPlan: (principal, input) => cancelPlan({ engine: plans, readPlan }, principal, input),
      retryTask: (principal, input) => retryTask(settling, principal, input),
      resolveTask: (principal, input) => resolveTask(settling, principal, input),
      watchPlan: (_principal, input, signal) => watchPlan(watching, input, signal),
      watchPlans: (_principal, signal) => watchPlans(hub, signal),
      watchRequest: (_principal, requestId, signal) => watchRequest(watching, requestId, signal),
      agentStatus: createAgentStatus(pool),
    }, pool, scheduler)),
    start: () => parser.start(),
    async stop() {
      await parser.stop()
      await Promise.all([writer.stop(), generator.stop()])
    },
  }
}

function chooseDecomposer({ settings, catalog, engine, pool, logger }: ServiceParts, catalogDecomposer: RequestDecomposer): RequestDecomposer {
  if (settings.DECOMPOSER === 'catalog') return catalogDecomposer
  const openai = createOpenAiDecomposer({ catalog, settings, validate: (answer) => validateDecomposition(catalog, answer), logger })
  const metered = createMeteredDecomposer({
    decomposer: createFallbackDecomposer({ primary: openai, fallback: catalogDecomposer, logger }),
    estimate: (input) => openai.estimate(input),
    catalogDecomposer,
    ledger: engine.ledger,
    pool,
    logger,
  })
  return createAnsweringDecomposer(catalog, metered, { understandsAnswers: true })
}
