/** Writes schema.graphql; with --check it only fails where that file is stale. */
import { readFile, writeFile } from 'node:fs/promises'
import { printedSchema } from '../src/schema/printed-schema.ts'

const file = new URL('../schema.graphql', import.meta.url)

if (!process.argv.includes('--check')) {
  await writeFile(file, printedSchema)
} else if ((await readFile(file, 'utf8').catch(() => '')) !== printedSchema) {
  console.error('schema.graphql is stale: run `npm run print` and commit the file.')
  process.exitCode = 1
}
