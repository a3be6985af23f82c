import { generateKeyPairSync } from 'node:crypto'
import canonicalize from 'canonicalize'
import { CompactSign, flattenedVerify } from 'jose'
import { expect, test } from 'vitest'
import { createWorkSigner, isSignatureOf } from '../../src/messaging/work-signature.ts'
import { publicKeyId } from '../../src/signing-key.ts'

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { id: publicKeyId(publicKey), privateKey, publicKey }
}

const key = newKey()
const keys = new Map([[key.id, key.publicKey]])
const work = {
  type: 'planwright.work.requested',
  agentName: 'infra-1',
  data: { taskId: 'Task_1', attempt: 1, parameters: { b: 'ü\u2028', a: [1, 1e21, -0, null, true] } },
}
const signature = createWorkSigner(key)(work)

test('a signature verifies, however the data is ordered', () => {
  expect(isSignatureOf(work, signature, keys)).toBe(true)
  const reordered = JSON.parse('{"parameters":{"a":[1,1e21,0,null,true],"b":"ü\u2028"},"attempt":1,"taskId":"Task_1"}')
  expect(isSignatureOf({ ...work, data: reordered }, signature, keys)).toBe(true)
})

test('an independent implementation of JWS verifies it, as a detached payload that is not encoded', async () => {
  const [header, , bytes] = signature.split('.')
  const verified = await flattenedVerify({ protected: header!, payload: canonicalize(work.data)!, signature: bytes! }, key.publicKey)
  expect(verified.protectedHeader).toEqual({ alg: 'EdDSA', kid: key.id, typ: 'planwright.work.requested', aud: 'infra-1', b64: false, crit: ['b64'] })
})

test.each([
  ['changed data', { ...work, data: { ...work.data, attempt: 2 } }],
  ['more data', { ...work, data: { ...work.data, more: true } }],
  ['less data', { ...work, data: { taskId: 'Task_1', attempt: 1 } }],
  ['another type', { ...work, type: 'planwright.work.granted' }],
  ['another agent', { ...work, agentName: 'infra-2' }],
])('%s does not verify', (_name, changed) => {
  expect(isSignatureOf(changed, signature, keys)).toBe(false)
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const header = { alg: 'EdDSA', kid: key.id, typ: work.type, aud: work.agentName, b64: false, crit: ['b64'] }
const [head, , bytes] = signature.split('.')

test.each([
  ['nothing', ''],
  ['noise', 'x'.repeat(200)],
  ['no header', `..${bytes}`],
  ['a header that is no JSON', `${Buffer.from('{').toString('base64url')}..${bytes}`],
  ['a header that is null', `${encode(null)}..${bytes}`],
  ['an attached payload', `${head}.${encode(work.data)}.${bytes}`],
  ['a short signature', `${head}..${bytes!.slice(0, -4)}`],
  ['a signature of zeros', `${head}..${'A'.repeat(86)}`],
  ['no algorithm', `${encode({ ...header, alg: 'none' })}..${bytes}`],
  ['a shared secret', `${encode({ ...header, alg: 'HS256' })}..${bytes}`],
  ['an unknown key', `${encode({ ...header, kid: 'other' })}..${bytes}`],
  ['a key id that is no text', `${encode({ ...header, kid: { toString: 1 } })}..${bytes}`],
  ['a further critical header', `${encode({ ...header, crit: ['b64', 'exp'] })}..${bytes}`],
  ['a payload that is encoded', `${encode({ ...header, b64: true })}..${bytes}`],
])('%s is no signature', (_name, given) => {
  expect(isSignatureOf(work, given, keys)).toBe(false)
})

test('a key of somebody else does not pass under the id of the service', () => {
  const other = newKey()
  expect(isSignatureOf(work, createWorkSigner({ ...other, id: key.id })(work), keys)).toBe(false)
})

test('a compact JWS over the encoded data does not pass', async () => {
  const compact = await new CompactSign(Buffer.from(canonicalize(work.data)!)).setProtectedHeader({ ...header, b64: true }).sign(key.privateKey)
  const [compactHead, , compactBytes] = compact.split('.')
  expect(isSignatureOf(work, `${compactHead}..${compactBytes}`, keys)).toBe(false)
})
