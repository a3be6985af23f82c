/** What a resolver receives, made anew for each GraphQL operation and for each event of a subscription. */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Catalog } from './catalog/capability.ts'
import type { Principal } from './principal.ts'
import { viewerOf, type Viewer } from './services/access/visibility.ts'
import type { Services } from './services/services.ts'
import { createLoaders, type Loaders } from './services/watching/loaders.ts'
import type { RowReader } from './services/watching/row-reader.ts'
import type { Settings } from './settings.ts'

/** What every operation shares. */
export type OperationDependencies = {
  readonly settings: Settings
  readonly services: Services
  readonly catalog: Catalog
  readonly orm: MikroORM
  readonly rows: RowReader
}

export type OperationContext = {
  readonly principal: Principal
  /** Names this operation in log lines. */
  readonly requestId: string
  /** W3C trace context that the caller sent. */
  readonly traceparent?: string | undefined
  readonly settings: Settings
  readonly services: Services
  readonly catalog: Catalog
  /** For lists; rows by their id come from the loaders. */
  readonly em: EntityManager
  readonly rows: RowReader
  readonly loaders: Loaders
  /** Whose eyes the reads are for. */
  readonly viewer: Viewer
  /** The same caller with nothing read yet, for the next event of a subscription. */
  renew(): OperationContext
  /** The same, reading what everybody with these roles may be shown: whoever is handed it is checked. */
  forOthers(): OperationContext
}

/** A fork of the database session and empty loaders for one operation. */
export function createOperationContext(
  dependencies: OperationDependencies,
  caller: Pick<OperationContext, 'principal' | 'requestId' | 'traceparent'>,
): OperationContext {
  const { settings, services, catalog, orm, rows } = dependencies
  const viewer = viewerOf(caller.principal)
  let em: EntityManager | undefined
  let loaders: Loaders | undefined
  return {
    ...caller,
    settings,
    services,
    catalog,
    // Made where they are used: most mutations and events need neither.
    get em() {
      return (em ??= orm.em.fork())
    },
    rows,
    get loaders() {
      return (loaders ??= createLoaders({ em: this.em, rows }, viewer))
    },
    viewer,
    renew: () => createOperationContext(dependencies, caller),
    forOthers: () => createOperationContext(dependencies, { ...caller, principal: { ...caller.principal, readsForOthers: true } }),
  }
}
