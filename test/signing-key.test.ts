import { sign, verify } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSigningKey, publicKeyId, SigningKeyError } from '../src/signing-key.ts'

describe('a signing key in a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'planwright-key-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('is made once, for its owner only, with the public key beside it', async () => {
    const file = join(folder, 'keys', 'log.pem')
    const [first, second] = await Promise.all([openSigningKey(file), openSigningKey(file)])
    expect(second.id).toBe(first.id)
    expect((await openSigningKey(file)).id).toBe(first.id)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(`${file}.pub`, 'utf8')).toBe(first.publicPem)
    expect(publicKeyId(first.publicKey)).toBe(first.id)
    const bytes = Buffer.from('words')
    expect(verify(null, bytes, first.publicPem, sign(null, bytes, second.privateKey))).toBe(true)
  })

  test('is refused where the file holds something else', async () => {
    const file = join(folder, 'other.pem')
    await writeFile(file, 'no key')
    await expect(openSigningKey(file)).rejects.toBeInstanceOf(SigningKeyError)
    expect(await readFile(file, 'utf8')).toBe('no key')
  })
})
