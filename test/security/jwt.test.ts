import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings } from '../../src/settings.ts'
import { audience, issuer, startIdentityProvider, type IdentityProvider } from './identity-provider.ts'
import { codeOf, startSecured, type Secured } from './secured.ts'

let provider: IdentityProvider
let service: Secured
beforeAll(async () => {
  provider = await startIdentityProvider()
  await provider.addKey('rsa', 'RS256')
  await provider.addKey('ec', 'ES256')
  await provider.addKey('ed', 'EdDSA')
  await provider.addKey('unpublished', 'RS256', { publish: false })
  service = await startSecured({
    JWT_JWKS_URL: provider.jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_ROLES_CLAIM: 'realm_access.roles',
  })
})
afterAll(async () => {
  await service.stop()
  await provider.stop()
})

const quota = '{ quota { user { userId } } }'
const submit = 'mutation { submitRequest(input: { text: "deploy it" }) { __typename ... on Error { code } } }'
const withRoles = (...roles: unknown[]) => ({ realm_access: { roles } })

test.each(['rsa', 'ec', 'ed'])('a token signed with a published key (%s) says who asks', async (kid) => {
  const client = service.clientWith(await provider.sign(kid, { sub: 'ada@example.org', ...withRoles('viewer', 'offline_access') }))
  expect(await client.request(quota)).toEqual({ data: { quota: { user: { userId: 'ada@example.org' } } } })
  expect((await client.data(submit)).submitRequest.code).toBe('FORBIDDEN')
  const requester = service.clientWith(await provider.sign(kid, withRoles('requester')))
  expect((await requester.data(submit)).submitRequest).toEqual({ __typename: 'Request' })
})

test('many tokens cost one fetch of the keys', async () => {
  const before = provider.fetches
  await Promise.all(Array.from({ length: 20 }, async () => service.clientWith(await provider.sign('rsa', withRoles('viewer'))).data(quota)))
  expect(provider.fetches - before).toBeLessThanOrEqual(1)
})

test('a token without a known role may do nothing, and roles come from the claim alone', async () => {
  for (const claims of [{}, withRoles(), withRoles('ADMIN', 'root', 7), { realm_access: 'admin' }, { roles: ['admin'] }, { realm_access: { roles: { admin: true } } }]) {
    const client = service.clientWith(await provider.sign('rsa', claims))
    expect(codeOf(await client.request('{ plans { nodes { id } } }'))).toBe('FORBIDDEN')
    expect((await client.data(submit)).submitRequest.code).toBe('FORBIDDEN')
  }
})

const forged: Record<string, () => Promise<string> | string> = {
  'an expired one': () => provider.sign('rsa', {}, { expires: Math.floor(Date.now() / 1_000) - 60 }),
  'one that is not valid yet': () => provider.sign('rsa', { nbf: Math.floor(Date.now() / 1_000) + 600 }),
  'one without an end': () => provider.sign('rsa', {}, { expires: null }),
  'one of another issuer': () => provider.sign('rsa', { iss: 'https://login.example.evil' }),
  'one for another audience': () => provider.sign('rsa', { aud: 'wiki' }),
  'one without a user': () => provider.sign('rsa', { sub: '' }),
  'one whose user is no name': () => provider.sign('rsa', { sub: 'ada\nuser:root' }),
  'one of an unpublished key': () => provider.sign('unpublished', withRoles('admin')),
  'one without a signature': () => new UnsecuredJWT({ iss: issuer, aud: audience, sub: 'ada' }).setExpirationTime('10m').encode(),
  'one signed with a shared secret': () =>
    new SignJWT({ iss: issuer, aud: audience, sub: 'ada' }).setProtectedHeader({ alg: 'HS256', kid: 'rsa' }).setExpirationTime('10m').sign(new Uint8Array(32)),
  'one with another body': async () => {
    const [head, , signature] = (await provider.sign('rsa', withRoles('viewer'))).split('.')
    const body = Buffer.from(JSON.stringify({ iss: issuer, aud: audience, sub: 'root', exp: 4e9, ...withRoles('admin') })).toString('base64url')
    return [head, body, signature].join('.')
  },
  'a very long one': () => 'a'.repeat(9_000),
}

test.each(Object.entries(forged))('%s is refused', async (_name, make) => {
  expect(codeOf(await service.clientWith(await make()).request(quota))).toBe('UNAUTHENTICATED')
})

test('API tokens go on working beside it', async () => {
  const grace = await service.caller('grace', 'viewer')
  expect(await grace.data(quota)).toEqual({ quota: { user: { userId: 'grace' } } })
})

test('while the provider is away its tokens are neither accepted nor refused, and API tokens work', async () => {
  provider.answer(false)
  const other = await startSecured({ JWT_JWKS_URL: provider.jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience })
  try {
    const ada = other.clientWith(await provider.sign('rsa'))
    expect(codeOf(await ada.request(quota))).toBe('UNAVAILABLE')
    expect(await (await other.caller('grace', 'viewer')).data(quota)).toEqual({ quota: { user: { userId: 'grace' } } })
    provider.answer(true)
    await expect.poll(async () => codeOf(await ada.request(quota)), { timeout: 60_000, interval: 500 }).toBeUndefined()
  } finally {
    provider.answer(true)
    await other.stop()
  }
})

test.each([
  [{ JWT_JWKS_URL: 'https://login.example/keys' }, 'belong together'],
  [{ JWT_JWKS_URL: 'https://login.example/keys', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' }, 'AUTHENTICATION=true'],
  [{ AUTHENTICATION: 'true', JWT_JWKS_URL: 'http://login.example/keys', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' }, 'use https'],
])('the settings %j are refused', (environment, words) => {
  expect(() => readSettings(environment)).toThrow(words)
})
