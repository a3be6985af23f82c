/** Tokens of an identity provider: who somebody is, by a signature that its published keys verify. */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose'
import { UnauthenticatedError, UnavailableError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import { roles, type Principal, type Role } from '../principal.ts'

export type JwtRules = {
  /** Where the provider publishes its keys. */
  readonly jwksUrl: string
  readonly issuer: string
  readonly audience: string
  /** Claims that name the user and the roles; a path such as `realm_access.roles` leads into objects. */
  readonly userClaim: string
  readonly rolesClaim: string
}

/** Only signatures that the service could not make itself. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const clockToleranceSeconds = 5
/** Key sets are fetched at most this often for keys nobody knows, and again when this old. */
const keys = { timeoutDuration: 5_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 }

/**
 * Answers who holds a token. Throws UnauthenticatedError for every token that is not valid now, UnavailableError where
 * the keys cannot be fetched.
 */
export function createJwtVerifier(rules: JwtRules, logger: Pick<Logger, 'debug' | 'warn'>): (token: string) => Promise<Principal> {
  const { issuer, audience, userClaim } = rules
  const keySet = createRemoteJWKSet(new URL(rules.jwksUrl), keys)
  return async (token) => {
    const payload = await verify(token)
    const userId = claimOf(payload, userClaim)
    if (typeof userId !== 'string' || !/^[^\p{C}]{1,200}$/u.test(userId) || userId.trim() === '') {
      logger.warn({ claim: userClaim }, 'a token of the identity provider names no user')
      throw new UnauthenticatedError()
    }
    return { userId, roles: rolesOf(claimOf(payload, rules.rolesClaim)), authenticated: true, credential: `jwt:${userId}` }
  }

  async function verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer, audience, algorithms, clockTolerance: clockToleranceSeconds, requiredClaims: ['exp'],
      })
      return payload
    } catch (error) {
      if (isRefusal(error)) {
        logger.debug({ reason: error.code }, 'a token of the identity provider was refused')
        throw new UnauthenticatedError()
      }
      logger.warn({ err: error }, 'the keys of the identity provider cannot be fetched')
      throw new UnavailableError('The identity provider cannot be asked right now. Try again shortly.')
    }
  }
}

/** Faults of the token; the others are faults of the way to the keys. */
const isRefusal = (error: unknown): error is errors.JOSEError =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC')

/** The claim of that name, or where the path leads. */
function claimOf(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path]
  let value: unknown = payload
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** The known words of a list, or of a text with spaces; others belong to other services. */
function rolesOf(claim: unknown): Role[] {
  const words: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  return roles.filter((role) => words.includes(role))
}
