import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorkVerifier } from '../../src/agent/verify-work.ts'
import type { WorkEvent } from '../../src/agent/index.ts'
import { formatMessage, parseMessage } from '../../src/messaging/cloud-event.ts'
import { createWorkSigner } from '../../src/messaging/work-signature.ts'
import { publicKeyId } from '../../src/signing-key.ts'
import { silentLogger as logger } from '../harness/silent-logger.ts'
import { workFor } from './service-side.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'planwright-keys-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const id = publicKeyId(publicKey)
  return { id, pem: String(publicKey.export({ type: 'spki', format: 'pem' })), sign: createWorkSigner({ id, privateKey }) }
}

/** A work message as it arrives, signed for an agent. */
function message({ sign }: Pick<ReturnType<typeof newKey>, 'sign'>, data: object = workFor('infra-1'), agentName = 'infra-1') {
  const signature = sign({ type: 'planwright.work.requested', agentName, data })
  const body = Buffer.from(formatMessage('planwright.work.requested', data as never, { id: '1', source: 'test', time: new Date(), signature }))
  const parsed = parseMessage(body, ['planwright.work.requested'])
  if (!parsed.ok) throw new Error(parsed.reason)
  return [parsed.event as WorkEvent, body] as const
}

test('work of the service verifies, and with fields that this version does not know; the rest is refused', async () => {
  const [key, other] = [newKey(), newKey()]
  const keyFile = join(folder, 'one.pem')
  await writeFile(keyFile, key.pem)
  const verify = await createWorkVerifier({ name: 'infra-1', keyFile, logger })
  expect(await verify(...message(key))).toBe(true)
  expect(await verify(...message(key, { ...workFor('infra-1'), later: { version: 2 } }))).toBe(true)
  expect(await verify(...message(other))).toBe(false)
  expect(await verify(...message(key, workFor('infra-1'), 'infra-2'))).toBe(false)
  const [event, body] = message(key)
  const { signature: _signature, ...unsigned } = event
  expect(await verify(unsigned as WorkEvent, body)).toBe(false)
  const altered = Buffer.from(body.toString().replace('"intent":"echo"', '"intent":"rm"'))
  expect(await verify(event, altered)).toBe(false)
})

test('keys change while the agent runs: old and new side by side, then the new one alone', async () => {
  const [old, next] = [newKey(), newKey()]
  const keyFile = join(folder, 'rotating.pem')
  await writeFile(keyFile, old.pem)
  const verify = await createWorkVerifier({ name: 'infra-1', keyFile, logger })
  expect([await verify(...message(old)), await verify(...message(next))]).toEqual([true, false])
  await writeFile(keyFile, old.pem + next.pem)
  await expect.poll(() => verify(...message(next)), { timeout: 30_000, interval: 200 }).toBe(true)
  expect(await verify(...message(old))).toBe(true)
  await writeFile(keyFile, next.pem)
  await utimes(keyFile, new Date(), new Date(Date.now() + 5_000))
  await expect.poll(() => verify(...message(old)), { timeout: 30_000, interval: 200 }).toBe(false)
  await writeFile(keyFile, 'no key')
  expect(await verify(...message(next))).toBe(true)
}, 60_000)

test.each([['nothing', ''], ['a private key', String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))], [
  'a key of another kind', String(generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ type: 'spki', format: 'pem' })),
]])('a file with %s is refused', async (_name, content) => {
  const keyFile = join(folder, 'wrong.pem')
  await writeFile(keyFile, content)
  await expect(createWorkVerifier({ name: 'infra-1', keyFile, logger })).rejects.toThrow('must hold Ed25519 public keys')
})
