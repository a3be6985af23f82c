/** What a resolver receives, made anew for each GraphQL operation and for each event of a subscription. */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Catalog } from './catalog/capability.ts'
import type { Principal } from './principal.ts'
import { viewerOf, type Viewer } from './services/access/visibility.ts'
import type { Services } from './services/services.ts'
import { createLoaders, type Loaders } from './services/watching/loaders.ts'
import type { Settings } from './settings.ts'

/** What every operation shares. */
export type OperationDependencies = {
  readonly settings: Settings
  readonly services: Services
  readonly catalog: Catalog
  readonly orm: MikroORM
}

export type OperationContext = {
  readonly principal: Principal
  /** Names this operation in log lines. */
  readonly requestId: string
  readonly settings: Settings
  readonly services: Services
  readonly catalog: Catalog
  /** Reads of this operation only: rows it has seen are not read again. */
  readonly em: EntityManager
  readonly loaders: Loaders
  /** Whose eyes the reads are for. */
  readonly viewer: Viewer
  /** The same caller with nothing read yet, for the next event of a subscription. */
  renew(): OperationContext
}

/** A fork of the database session and empty loaders for one operation. */
export function createOperationContext(
  { settings, services, catalog, orm }: OperationDependencies,
  caller: { readonly principal: Principal; readonly requestId: string },
): OperationContext {
  const em = orm.em.fork()
  const viewer = viewerOf(caller.principal)
  return {
    ...caller,
    settings,
    services,
    catalog,
    em,
    loaders: createLoaders(em, viewer),
    viewer,
    renew: () => createOperationContext({ settings, services, catalog, orm }, caller),
  }
}
