/** Who a bearer token stands for: an API token of this installation, or a token of the identity provider. */
import { UnauthenticatedError } from '../errors.ts'
import type { Principal } from '../principal.ts'
import { tokenPrefix, type ValidToken } from '../services/access/api-tokens.ts'
import type { Authenticate } from './authenticate.ts'

export type BearerAuthenticationDeps = {
  /** The API token where it is valid now, else null. */
  readonly findApiToken: (token: string) => Promise<ValidToken | null>
  /** Throws UnauthenticatedError; null where there is no identity provider. */
  readonly verifyJwt: ((token: string) => Promise<Principal>) | null
}

const longestToken = 8_192

/** Asked anew for each operation, so that a revoked token ends at once for all that comes. */
export function createBearerAuthentication({ findApiToken, verifyJwt }: BearerAuthenticationDeps): Authenticate {
  return async ({ authorization }) => {
    const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization ?? '')?.[1]
    if (token === undefined || token.length > longestToken) throw new UnauthenticatedError()
    if (!token.startsWith(tokenPrefix)) {
      if (!verifyJwt) throw new UnauthenticatedError()
      return verifyJwt(token)
    }
    const found = await findApiToken(token)
    if (!found) throw new UnauthenticatedError()
    return { userId: found.userId, roles: found.roles, authenticated: true, credential: `token:${found.id}` }
  }
}
