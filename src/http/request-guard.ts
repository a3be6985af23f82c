/** Who may talk to the service from where: decided from the head of a request, before anything is read or parsed. */
import type { IncomingMessage } from 'node:http'
import { isLoopbackName } from './loopback-name.ts'

export type GuardRules = {
  /** Address the service listens on. */
  readonly host: string
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
}

export type Refusal = { readonly status: number; readonly code: string; readonly message: string }

export type RequestHead = Pick<IncomingMessage, 'url' | 'headers' | 'headersDistinct'>

/**
 * The refusal of a request by its Host and Origin, or null. A web page that somebody happens to visit sends a foreign
 * Origin; one that rebinds its name to this machine sends a foreign Host.
 */
export function checkSource({ headers, headersDistinct }: RequestHead, rules: GuardRules): Refusal | null {
  // A proxy in front may have looked at another one than we do.
  if (headersDistinct.host !== undefined && headersDistinct.host.length > 1) return refuse(400, 'BAD_REQUEST', 'Send one Host header.')
  if (!isAllowedHost(headers.host, rules)) {
    return refuse(421, 'HOST_NOT_ALLOWED', 'This service is not served under that name. Add it to ALLOWED_HOSTS.')
  }
  const { origin } = headers
  if (origin !== undefined) {
    return isAllowedOrigin(origin, headers.host, rules)
      ? null
      : refuse(403, 'ORIGIN_NOT_ALLOWED', 'This web origin may not call the service. Add it to ALLOWED_ORIGINS.')
  }
  // Requests for images, scripts and the like carry no Origin; following a link to GraphiQL is a navigation.
  if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate') {
    return refuse(403, 'ORIGIN_NOT_ALLOWED', 'Other web sites may not call the service.')
  }
  return null
}

/** True for origins that are answered with CORS headers: only those that were configured. */
export const isConfiguredOrigin = (origin: string | undefined, { allowedOrigins }: GuardRules): boolean =>
  origin !== undefined && allowedOrigins.includes(origin)

function isAllowedHost(header: string | undefined, { host, allowedHosts }: GuardRules): boolean {
  const name = hostName(header)
  return name !== null && (isLoopbackName(name) || name === host.toLowerCase() || allowedHosts.some((allowed) => allowed.toLowerCase() === name))
}

function isAllowedOrigin(origin: string, host: string | undefined, rules: GuardRules): boolean {
  if (isConfiguredOrigin(origin, rules)) return true
  const url = URL.parse(origin)
  return url !== null && url.protocol.startsWith('http') && url.host === host?.toLowerCase()
}

/** The name without its port, in lower case; null where the header is none. */
function hostName(header: string | undefined): string | null {
  if (header === undefined || !/^[\w.:[\]-]{1,255}$/.test(header)) return null
  return URL.parse(`http://${header}`)?.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1') ?? null
}

const postTypes = new Set(['application/json', 'application/graphql+json'])

/** The refusal of a GraphQL request by its method, content type and declared length, or null. */
export function checkForm(method: string | undefined, { url, headers }: RequestHead, maxBodyBytes: number): Refusal | null {
  if (method !== 'GET' && method !== 'POST') return refuse(405, 'METHOD_NOT_ALLOWED', 'Use POST, or GET for queries.')
  if (method === 'GET') return checkParameters(url ?? '')
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (!type || !postTypes.has(type)) return refuse(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json.')
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    return refuse(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body without a content encoding.')
  }
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes) {
    return bodyTooLarge(maxBodyBytes)
  }
  return null
}

/** Of a GET, what the library parses without a net. */
function checkParameters(url: string): Refusal | null {
  const parameters = new URLSearchParams(url.slice(url.indexOf('?') + 1))
  const broken = ['variables', 'extensions'].find((name) => !isJson(parameters.get(name) || '{}'))
  return broken === undefined ? null : refuse(400, 'BAD_REQUEST', `Send ${broken} as a JSON object.`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The refusal of a body of more bytes than that. */
export const bodyTooLarge = (maxBodyBytes: number): Refusal => refuse(413, 'BODY_TOO_LARGE', `Send at most ${maxBodyBytes} bytes.`)

const refuse = (status: number, code: string, message: string): Refusal => ({ status, code, message })
