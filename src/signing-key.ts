/** Ed25519 keys in files: one for the checkpoints of the log, others for what else the service vouches for. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export type SigningKey = {
  /** The first 16 hex digits of the SHA-256 of the public key (DER); tells which of several keys signed. */
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The public key for others to check with (SPKI, PEM). */
  readonly publicPem: string
}

/** A key file cannot be used; says which and how to mend it. */
export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError'
}

/**
 * The Ed25519 private key (PKCS #8, PEM) in the file; makes one, readable by its owner only, where there is none, and
 * writes the public key beside it as `<file>.pub`. Two processes that begin at once end up with the same key.
 * @throws SigningKeyError where the file holds something else or cannot be read or written
 */
export async function openSigningKey(file: string): Promise<SigningKey> {
  try {
    const key = readKey(await readOrCreate(file), file)
    await publish(`${file}.pub`, key.publicPem)
    return key
  } catch (error) {
    if (error instanceof SigningKeyError) throw error
    throw new SigningKeyError(`The key file ${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The id of a public key, as `SigningKey.id`. */
export function publicKeyId(publicKey: KeyObject): string {
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 16)
}

function readKey(pem: string, file: string): SigningKey {
  const privateKey = createPrivateKey(pem)
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new SigningKeyError(`The key file ${file} holds a key of type ${privateKey.asymmetricKeyType}; an Ed25519 private key is needed.`)
  }
  const publicKey = createPublicKey(privateKey)
  return { id: publicKeyId(publicKey), privateKey, publicKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}

async function readOrCreate(file: string): Promise<string> {
  const existing = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (existing !== null) return existing
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const temporary = `${file}.${randomUUID()}`
  await writeFile(temporary, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  try {
    // Unlike a rename, a link never replaces what another process made meanwhile.
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(temporary, { force: true })
  }
  return readFile(file, 'utf8')
}

/** A file handed in from outside may lie in a folder that cannot be written; the log has the public key too. */
async function publish(file: string, pem: string): Promise<void> {
  const present = await readFile(file, 'utf8').catch(() => null)
  if (present === pem) return
  await writeFile(file, pem, { mode: 0o644 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EROFS' && error.code !== 'EACCES' && error.code !== 'EPERM') throw error
  })
}
