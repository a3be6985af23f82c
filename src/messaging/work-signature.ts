/**
 * The `signature` of what the service sends to agents: a detached JWS (RFC 7515, RFC 7797) with EdDSA over the
 * canonical form (RFC 8785) of the event's data. Its protected header binds the type of the message and the agent it
 * is for, so that a grant cannot pass for something else, nor for somebody else's.
 */
import { sign, verify, type KeyObject } from 'node:crypto'
import canonicalize from 'canonicalize'

/** What is signed: the type of the message, the agent it is for, and the data. */
export type SignedWork = { readonly type: string; readonly agentName: string; readonly data: unknown }

export type SignWork = (work: SignedWork) => string

/** Signs with an Ed25519 private key; `id` tells agents which of the public keys they have to take. */
export function createWorkSigner({ id, privateKey }: { readonly id: string; readonly privateKey: KeyObject }): SignWork {
  return ({ type, agentName, data }) => {
    const header = encode(JSON.stringify({ alg: 'EdDSA', kid: id, typ: type, aud: agentName, b64: false, crit: ['b64'] }))
    return `${header}..${sign(null, signingInput(header, data), privateKey).toString('base64url')}`
  }
}

/** Whether the signature is the service's, by one of its public keys by id, for exactly this message. */
export function isSignatureOf({ type, agentName, data }: SignedWork, signature: string, keys: ReadonlyMap<string, KeyObject>): boolean {
  const [, header, bytes] = /^([\w-]+)\.\.([\w-]{86})$/.exec(signature) ?? []
  const parsed = header && readHeader(header)
  if (!header || !bytes || !parsed) return false
  const { alg, kid, typ, aud, b64, crit } = parsed
  if (alg !== 'EdDSA' || b64 !== false || !Array.isArray(crit) || crit.length !== 1 || crit[0] !== 'b64') return false
  const key = typeof kid === 'string' ? keys.get(kid) : undefined
  if (!key || typ !== type || aud !== agentName) return false
  return verify(null, signingInput(header, data), key, Buffer.from(bytes, 'base64url'))
}

const encode = (text: string): string => Buffer.from(text).toString('base64url')

function signingInput(header: string, data: unknown): Buffer {
  const canonical = canonicalize(data)
  if (canonical === undefined) throw new TypeError('Only JSON can be signed.')
  return Buffer.from(`${header}.${canonical}`)
}

function readHeader(header: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
