/** Takes only work that the service has signed, by public keys in a file that may change while the agent runs. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Logger } from '../logger.ts'
import { isSignatureOf } from '../messaging/work-signature.ts'
import { publicKeyId } from '../signing-key.ts'
import type { VerifyEvent } from './work-intake.ts'

export type WorkVerifierOptions = {
  /** The agent's own name: work for others is refused. */
  readonly name: string
  /** Public keys of the service (PEM), one after the other; while keys are changed, the old and the new. */
  readonly keyFile: string
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

/** Milliseconds between two looks whether the file has changed. */
const lookMs = 5_000

/** Reads the keys; rejects where the file cannot be read or holds no Ed25519 key. Later the last good ones stay in use. */
export async function createWorkVerifier({ name, keyFile, logger }: WorkVerifierOptions): Promise<VerifyEvent> {
  let changed = await changeTime(keyFile)
  let keys = await readKeys(keyFile)
  let looked = performance.now()

  async function look(): Promise<void> {
    if (performance.now() - looked < lookMs) return
    looked = performance.now()
    try {
      const now = await changeTime(keyFile)
      if (now === changed) return
      keys = await readKeys(keyFile)
      changed = now
      logger.info({ keys: [...keys.keys()] }, 'the keys of the service were read anew')
    } catch (error) {
      logger.warn({ err: error }, 'the keys of the service cannot be read anew')
    }
  }

  return async ({ type, signature }, body) => {
    await look()
    if (signature === undefined) return false
    // What the service signed, also what this version does not know; the event holds only what it knows.
    const { data } = JSON.parse(body.toString('utf8')) as { data: unknown }
    return isSignatureOf({ type, agentName: name, data }, signature, keys)
  }
}

const changeTime = async (file: string): Promise<number> => (await stat(file)).mtimeMs

async function readKeys(file: string): Promise<ReadonlyMap<string, KeyObject>> {
  const blocks = (await readFile(file, 'utf8')).match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  const keys = blocks.map((pem) => createPublicKey(pem))
  if (keys.length === 0 || keys.some((key) => key.asymmetricKeyType !== 'ed25519')) {
    throw new Error(`${file} must hold Ed25519 public keys (PEM) and nothing else.`)
  }
  return new Map(keys.map((key) => [publicKeyId(key), key]))
}
