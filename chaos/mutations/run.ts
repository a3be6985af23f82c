/**
 * Proves that the checker sees: breaks a copy of the product in each known way, runs chaos on it, and looks whether the
 * checker names it. The same run on an unbroken copy must find nothing. Ends with 1 otherwise.
 *
 *   npm run chaos:mutations -- [NAME…] [--seed S]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeMutatedCopy } from './mutated-copy.ts'
import { mutations, type Mutation } from './mutations.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: '11' } } })

/** The kinds of violations that a run finds, each with how often. */
async function runIn(patch: string | null, options: readonly string[]): Promise<Record<string, number>> {
  const copy = await makeMutatedCopy(patch)
  try {
    const out = join(copy.root, 'result')
    const child = spawn(process.execPath, ['chaos/run.ts', ...options, '--seed', values.seed, '--out', out], { cwd: copy.root, stdio: ['ignore', 'ignore', 'inherit'] })
    await once(child, 'exit')
    const { violations } = JSON.parse(await readFile(`${out}.json`, 'utf8')) as { violations: { kind: string }[] }
    const kinds: Record<string, number> = {}
    for (const { kind } of violations) kinds[kind] = (kinds[kind] ?? 0) + 1
    return kinds
  } finally {
    await copy.remove()
  }
}

const shown = (kinds: Readonly<Record<string, number>>) => Object.entries(kinds).map(([kind, count]) => `${kind} ${count}`).join(', ') || 'nothing'

async function prove({ name, options, named }: Mutation): Promise<boolean> {
  const found = await runIn(name, options)
  const isNamed = named.some((kind) => found[kind])
  console.log(`| ${name} | \`${options.join(' ')}\` | ${shown(found)} | ${isNamed ? 'named' : 'NOT NAMED'} |`)
  return isNamed
}

async function proveSound(run: string): Promise<boolean> {
  const found = await runIn(null, run.split(' '))
  const isSound = Object.keys(found).length === 0
  console.log(`| none | \`${run}\` | ${shown(found)} | ${isSound ? 'sound' : 'NOT SOUND'} |`)
  return isSound
}

console.log('| mutation | run | found | |\n| --- | --- | --- | --- |')
const chosen = positionals.length > 0 ? mutations.filter(({ name }) => positionals.includes(name)) : mutations
const proofs: boolean[] = []
for (const mutation of chosen) proofs.push(await prove(mutation))
for (const run of new Set(chosen.map(({ options }) => options.join(' ')))) proofs.push(await proveSound(run))
process.exit(proofs.length > 0 && proofs.every(Boolean) ? 0 : 1)
