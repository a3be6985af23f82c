import { ForbiddenError } from '../errors.ts'
import type { OperationContext } from '../operation-context.ts'
import type { Principal } from '../principal.ts'

/**
 * Who acts: the authenticated caller, or without authentication whom the input names. A name that differs from the
 * authenticated one is ForbiddenError.
 */
export function actingUser({ principal }: OperationContext, userId: string | null | undefined): Principal {
  if (userId == null) return principal
  if (!principal.authenticated) return { ...principal, userId }
  if (userId === principal.userId) return principal
  throw new ForbiddenError('The userId differs from the authenticated one. Leave it out, or send your own.')
}
