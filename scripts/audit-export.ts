/**
 * Writes the evidence of the database at DATABASE_URL, else of the embedded one in DATA_DIR, which may be running, as
 * JSON Lines: the log, its checkpoints, and what was approved. The service may go on meanwhile.
 *
 *   npm run -s audit:export > evidence.jsonl
 *   npm run -s audit:export -- --out evidence.jsonl
 */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.ts'
import { createLogger } from '../src/logger.ts'
import { exportEvidence } from '../src/services/evidence/export-evidence.ts'
import { readSettings } from '../src/settings.ts'

async function* toLines(client: Client): AsyncGenerator<string> {
  for await (const record of exportEvidence(client)) yield `${JSON.stringify(record)}\n`
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' } } })
  const settings = readSettings(process.env)
  const embedded = settings.DATABASE_URL
    ? null
    : await startEmbeddedPostgres({ dataDir: join(settings.DATA_DIR, 'postgres'), logger: createLogger('error') })
  const client = new Client({ connectionString: settings.DATABASE_URL ?? embedded!.url, application_name: 'planwright-export' })
  client.on('error', (error) => console.error(error.message))
  try {
    await client.connect()
    const target = values.out === undefined ? process.stdout : createWriteStream(values.out, { mode: 0o600 })
    await pipeline(Readable.from(toLines(client)), target, { end: values.out !== undefined })
  } finally {
    await client.end()
    await embedded?.stop()
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
