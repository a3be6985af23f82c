/**
 * Writes docs/messages from the schemas of the code: a JSON Schema for each message and the AsyncAPI document;
 * `--check` only says whether they are up to date.
 *
 *   node scripts/print-messages.ts [--check]
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { stringify } from 'yaml'
import { asyncApiDocument } from './messages/async-api.ts'
import { eventSchema, messageTypes } from './messages/event-schema.ts'

const folder = fileURLToPath(new URL('../docs/messages/', import.meta.url))

/** File name → content of everything in docs/messages. */
export function printedMessages(): ReadonlyMap<string, string> {
  const schemas = messageTypes.map((type): [string, string] => [
    `${type}.schema.json`,
    `${JSON.stringify(eventSchema(type), null, 2)}\n`,
  ])
  const header = '# Made from src/messaging by `npm run print`; do not edit.\n'
  const asText = { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false } as const
  return new Map([...schemas, ['asyncapi.yaml', header + stringify(asyncApiDocument(), asText)]])
}

/** Names of files that are missing, stale or not ours. */
export function staleMessages(): readonly string[] {
  const printed = printedMessages()
  const present = new Map(filesIn(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  const names = new Set([...printed.keys(), ...present.keys()])
  return [...names].filter((name) => printed.get(name) !== present.get(name))
}

function filesIn(path: string): readonly string[] {
  mkdirSync(path, { recursive: true })
  return readdirSync(path)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--check')) {
    const stale = staleMessages()
    if (stale.length > 0) {
      console.error(`docs/messages is not what src/messaging says (${stale.join(', ')}): run \`npm run print\`.`)
      process.exitCode = 1
    }
  } else {
    const printed = printedMessages()
    for (const name of filesIn(folder)) if (!printed.has(name)) rmSync(join(folder, name))
    for (const [name, text] of printed) writeFileSync(join(folder, name), text)
  }
}
