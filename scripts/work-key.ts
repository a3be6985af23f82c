/**
 * Makes the key that work messages are signed with, for WORK_KEY_FILE of every replica; the public key, which agents
 * need, goes to `<file>.pub` and to standard output. A key that is there stays as it is.
 *
 *   npm run work-key -- FILE
 */
import { openSigningKey, SigningKeyError } from '../src/signing-key.ts'

const file = process.argv[2]
if (file === undefined) {
  console.error('Say where the private key is to be: npm run work-key -- FILE')
  process.exitCode = 1
} else {
  try {
    const key = await openSigningKey(file)
    console.error(`Key ${key.id}: ${file} signs, ${file}.pub is for the agents.`)
    process.stdout.write(key.publicPem)
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
