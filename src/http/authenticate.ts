import type { IncomingMessage } from 'node:http'
import { roles, type Principal } from '../principal.ts'

/** What a caller sent to say who it is: the `Authorization` header, or `authorization` in the payload of connection_init. */
export type Credentials = { readonly authorization: string | null }

/** Who is asking; throws UnauthenticatedError. Called once an HTTP request and once a WebSocket connection. */
export type Authenticate = (credentials: Credentials) => Promise<Principal>

/** Without authentication everybody may do what a person may do; the name comes from each input. */
export const anonymous: Principal = {
  userId: 'anonymous',
  roles: roles.filter((role) => role !== 'agent'),
  authenticated: false,
  credential: null,
}

/** The credentials of a request; those of connection_init go before the headers of its handshake. */
export function credentialsOf(
  { headers }: IncomingMessage,
  parameters?: Readonly<Record<string, unknown>>,
): Credentials {
  const given = parameters?.['authorization'] ?? parameters?.['Authorization']
  return { authorization: typeof given === 'string' ? given : (headers.authorization ?? null) }
}
