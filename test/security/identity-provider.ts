/** An identity provider: real keys, published by a real HTTP server, and tokens signed with them. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose'

export const issuer = 'https://login.example'
export const audience = 'planwright'

export async function startIdentityProvider() {
  const published = new Map<string, JWK>()
  const secrets = new Map<string, { key: CryptoKey; alg: string }>()
  let fetches = 0
  let answering = true
  const server = createServer((_request, response) => {
    fetches++
    if (!answering) response.writeHead(503).end()
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [...published.values()] }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')

  async function addKey(kid: string, alg: string, { publish = true } = {}): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg)
    secrets.set(kid, { key: privateKey, alg })
    if (publish) published.set(kid, { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' })
  }

  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    addKey,
    withdrawKey: (kid: string) => published.delete(kid),
    answer: (yes: boolean) => void (answering = yes),
    get fetches() {
      return fetches
    },
    /** A token that is right in all that is not given. */
    sign(kid: string, claims: JWTPayload = {}, { expires = '10m' }: { expires?: string | number | null } = {}): Promise<string> {
      const { key, alg } = secrets.get(kid)!
      const jwt = new SignJWT({ iss: issuer, aud: audience, sub: 'ada', roles: ['viewer'], ...claims })
      if (expires !== null) jwt.setExpirationTime(expires)
      return jwt.setProtectedHeader({ alg, kid }).setIssuedAt().sign(key)
    },
    async stop() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>
