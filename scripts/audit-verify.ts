/**
 * Checks an export offline. Ends with 0 where it is intact, 1 where something was altered, removed or reordered, 2 where
 * it could not be checked.
 *
 *   npm run -s audit:verify -- evidence.jsonl --key log.pem.pub [--key older.pem.pub] [--log service.log]
 *
 * `--key` is the public key of the checkpoints (DATA_DIR/keys/log.pem.pub), kept by you, not taken from where the
 * database is. `--log` is the log of the service (JSON Lines): it shows when the newest checkpoints were taken away.
 */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { readPublicKeys } from './audit/verify-checkpoints.ts'
import { verifyExport, type Verdict } from './audit/verify-export.ts'

const usage = 'Use: npm run -s audit:verify -- EXPORT --key PUBLIC_KEY_FILE [--key …] [--log SERVICE_LOG …]'

/** Digests of checkpoints by number, from the lines in which the service told them. */
async function readLogged(files: readonly string[]): Promise<Map<number, string>> {
  const digests = new Map<number, string>()
  for (const file of files) {
    for await (const line of linesOf(file)) {
      if (!line.includes('"checkpoint"')) continue
      const { checkpoint, digest } = readLine(file, line)
      if (typeof checkpoint === 'number' && typeof digest === 'string') digests.set(checkpoint, digest)
    }
  }
  return digests
}

/** What collects logs may put words before each line. */
function readLine(file: string, line: string): { readonly checkpoint?: unknown; readonly digest?: unknown } {
  try {
    return JSON.parse(line.slice(line.indexOf('{'))) as object
  } catch (error) {
    throw new Error(`${file} is no log of the service: a line about a checkpoint is no JSON. Give the log as the service wrote it.`, { cause: error })
  }
}

const linesOf = (file: string): AsyncIterable<string> => createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })

const many = (count: number, one: string, more = `${one}s`): string => `${count.toLocaleString('en-US')} ${count === 1 ? one : more}`

function tell({ at, counts, signers, last, proven, unproven, faultCount, faults }: Verdict): void {
  console.log(`Export of ${at}: ${many(counts.streams, 'stream')}, ${many(counts.entries, 'entry', 'entries')}, ${many(counts.checkpoints, 'checkpoint')}, ${many(counts.approvals, 'approval')}.`)
  if (last) console.log(`Proven: ${many(proven, 'entry', 'entries')}, by checkpoints up to ${last.number} of ${last.at}, signed with ${signers.join(', ')}.`)
  else console.log('Nothing is proven: the export has no checkpoint that can be trusted.')
  if (unproven.entries > 0) {
    console.log(`Unproven: ${many(unproven.entries, 'entry', 'entries')} of ${many(unproven.streams, 'stream')}, younger than the last checkpoint over their stream. Whoever can write to the database could have made, changed or removed them unseen.`)
    for (const { id, fromSequence } of unproven.first) console.log(`  ${id} from entry ${fromSequence}`)
    if (unproven.streams > unproven.first.length) console.log(`  and ${many(unproven.streams - unproven.first.length, 'other stream')}`)
  }
  if (faultCount === 0) {
    console.log('Intact: all chains, checkpoints and approved contents were recomputed and fit.')
    return
  }
  console.log(`NOT intact: ${many(faultCount, 'fault')}. The first, in the order of the export:`)
  for (const { place, what } of faults) console.log(`  ${place} ${what}.`)
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string', multiple: true, default: [] }, log: { type: 'string', multiple: true, default: [] } },
  })
  const [file] = positionals
  if (!file || positionals.length > 1 || values.key.length === 0) throw new Error(usage)
  const keys = readPublicKeys(await Promise.all(values.key.map((key) => readFile(key, 'utf8'))))
  const logged = await readLogged(values.log)
  // Only now: lines that come before somebody reads them are lost.
  const verdict = await verifyExport(linesOf(file), { keys, logged })
  tell(verdict)
  return verdict.faultCount === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
