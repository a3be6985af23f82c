/** A catalog whose programs say aloud everything that they are given. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const catalog = `
capabilities:
  - id: rotate_password
    description: Set the password of the shop anew.
    work_type: rotate
    agent_type: infra
    estimated_minutes: 1
    max_attempts: 1
    parameters:
      - { name: password, type: secret, required: true, description: The stored password. }
      - { name: note, type: string, description: A note for the log. }
    run: { kind: command, argv: [node, programs/tell.cjs, "{{note}}"] }
    examples:
      - Rotate the password of the shop
`

/** Progress, output and errors hold the secret plain and encoded, and tokens of known forms that it finds on its way. */
const program = (found: string) => `
const secret = process.env.PLANWRIGHT_SECRET_PASSWORD
console.log('progress 0.5 using ' + secret + ' and ${found}')
if (process.argv[2] === 'fail') {
  console.error('could not log in with ' + secret + ' nor ${found}')
  process.exit(1)
}
console.log(JSON.stringify({ used: secret, encoded: Buffer.from(secret).toString('base64'), seen: '${found}', session_token: 'canary-by-name', environment: process.env }))
`

/** Writes the catalog and its program into a folder; answers where the catalog is. */
export async function writeCanaryCatalog(folder: string, found: string): Promise<string> {
  await mkdir(join(folder, 'catalog'), { recursive: true })
  await mkdir(join(folder, 'programs'), { recursive: true })
  await writeFile(join(folder, 'catalog', 'catalog.yaml'), catalog)
  await writeFile(join(folder, 'programs', 'tell.cjs'), program(found))
  return join(folder, 'catalog')
}
