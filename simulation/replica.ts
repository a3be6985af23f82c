/** One replica: the engine and the services of the product, put together by its own composition roots, on simulated parts. */
import type pg from 'pg'
import type { Catalog } from '../src/catalog/capability.ts'
import type { RowReader } from '../src/services/watching/row-reader.ts'
import { createServices } from '../src/create-services.ts'
import { createEngine } from '../src/engine.ts'
import { Plan } from '../src/entities/plan.ts'
import type { Logger } from '../src/logger.ts'
import type { RequestDecomposer } from '../src/services/decomposition/request-decomposer.ts'
import type { Settings } from '../src/settings.ts'
import type { Broker } from './bus/broker.ts'
import { createSimulatedServiceBus } from './bus/service-bus.ts'
import type { SimulatedDatabase } from './database/simulated-pool.ts'
import type { Faults } from './faults.ts'
import type { Process, World } from './world.ts'

export type ReplicaParts = {
  readonly world: World
  readonly broker: Broker
  readonly database: SimulatedDatabase
  readonly faults: Faults
  readonly catalog: Catalog
  readonly settings: Settings
  /** Takes what the engine says when it meets what it did not expect. */
  readonly onError: (process: Process, details: object, message: string) => void
}

export type Replica = ReturnType<typeof startReplica>
export type Operations = Replica['operations']

export function startReplica({ world, broker, database, faults, catalog, settings, onError }: ReplicaParts, name: string) {
  const process = world.process(name)
  const pool = database.pool(process)
  const bus = createSimulatedServiceBus(world, broker, faults, process)
  const newId = () => process.random.uuid(world.now)
  const logger: Logger = {
    debug() {},
    info() {},
    warn: (_details, message) => world.note(process.name, `warns: ${message}`),
    error: (details, message) => onError(process, details, message),
  }
  const { scheduler } = process
  // Two at a time, so that plans of the size played here are sent out in parts.
  const engine = createEngine({ settings, logger, catalog, pool, bus, scheduler, newId, tasksAtOnce: 2 })
  const services = createServices({ settings, logger, catalog, rows: rowReader(pool), pool, engine, scheduler, newId, catalogDecomposer: unused })
  void engine.start().catch((error: unknown) => {
    // A process that cannot start ends, and is started again by whoever looks after it.
    world.note(process.name, `does not start: ${error instanceof Error ? error.message : String(error)}`)
    process.kill()
  })
  return {
    process,
    operations: services.operations,
    /** Ends in good order, as on SIGTERM. */
    async stop() {
      await services.stop()
      await engine.stop()
      process.kill()
    },
  }
}

/** Everything is submitted as subtasks. */
const unused: RequestDecomposer = {
  name: 'unused',
  immediate: true,
  decompose: () => Promise.reject(new Error('nothing is submitted in words here')),
}

/** The services read nothing by it but the row of a plan or task after its change; the real one needs the ORM. */
function rowReader(pool: pg.Pool): Pick<RowReader, 'read'> {
  return {
    async read<Row extends object>(entity: object, _by: string, keys: readonly string[]) {
      const { rows } = await pool.query(`select * from ${entity === Plan ? 'plan' : 'task'} where id = any($1)`, [keys])
      return rows as Row[]
    },
  }
}
