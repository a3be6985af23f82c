/** The schema builder: plugins, scalars and naming rules; defines no types. */
import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import SimpleObjectsPlugin from '@pothos/plugin-simple-objects'
import TracingPlugin from '@pothos/plugin-tracing'
import ValidationPlugin from '@pothos/plugin-validation'
import {
  ForbiddenError, InvalidInputError, RateLimitedError, UnauthenticatedError, UnavailableError,
} from '../errors.ts'
import type { OperationContext } from '../operation-context.ts'
import { roles, type Role } from '../principal.ts'
import { roleIsMissing } from '../services/access/operation-roles.ts'
import { asInputIssue } from './input-issue.ts'
import { traceField } from './field-spans.ts'
import { pagingDescriptions } from './paging-descriptions.ts'

type AuthFailure = { readonly kind: string; readonly scope?: string; readonly parameter?: unknown; readonly failures?: readonly AuthFailure[] }

/** The role without which a field was refused; null where any would do. */
function neededRole({ scope, parameter, failures = [] }: AuthFailure): Role | null {
  if (scope === 'role') return roles.find((role) => role === parameter) ?? null
  return failures.map(neededRole).find((role) => role !== null) ?? null
}

export type SchemaTypes = {
  Context: OperationContext
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    JSON: { Input: unknown; Output: unknown }
  }
  AuthScopes: {
    /** Any person; of agents, only what `member` covers. */
    reader: boolean
    /** Has any role at all. */
    member: boolean
    /** Has this role, or is an administrator. */
    role: Role
  }
}

export const builder = new SchemaBuilder<SchemaTypes>({
  // Errors before scope-auth: a refusal is then a member of the union like any other error.
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, SimpleObjectsPlugin, ValidationPlugin, ComplexityPlugin, TracingPlugin],
  defaultFieldNullability: false,
  errors: {
    directResult: true,
    defaultTypes: [InvalidInputError, UnauthenticatedError, ForbiddenError, RateLimitedError, UnavailableError],
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
      description: 'What the mutation made, or the error that kept it from changing anything.',
    },
    // Input is checked before authorisation, so the rules tell nothing about stored rows.
    unsafelyHandleInputErrors: true,
  },
  scopeAuth: {
    authScopes: ({ principal: { roles } }) => ({
      reader: roles.some((role) => role !== 'agent'),
      member: roles.length > 0,
      role: (role) => roles.includes(role) || roles.includes('admin'),
    }),
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, _context, _info, { failure }) => roleIsMissing(neededRole(failure)),
  },
  relay: {
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    ...pagingDescriptions,
  },
  validation: {
    validationError: ({ issues }) => new InvalidInputError(issues.map(asInputIssue)),
  },
  tracing: {
    // Not of subscriptions: their events go on after the span of the operation has ended.
    default: ({ parentType }) => parentType === 'Query' || parentType === 'Mutation',
    wrap: traceField,
  },
  // Cost is checked once for the operation, before anything runs; see limits/operation-cost.ts.
  complexity: { disabled: true, defaultComplexity: 1, defaultListMultiplier: 5 },
})
