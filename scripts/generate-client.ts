/** Writes src/client/generated from the schema and the client's documents; with --check it only fails where that is stale. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from '@graphql-codegen/cli'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = 'src/client/generated/'

const generated = await generate(
  {
    cwd: root,
    schema: 'schema.graphql',
    documents: ['src/client/operations.graphql'],
    silent: true,
    importExtension: '.ts',
    generates: {
      [folder]: {
        preset: 'client',
        presetConfig: { fragmentMasking: false },
        config: {
          documentMode: 'string',
          scalars: { ID: 'string', DateTime: 'string', JSON: 'unknown' },
          strictScalars: true,
          useTypeImports: true,
          enumsAsTypes: true,
          defaultScalarType: 'unknown',
        },
      },
    },
  },
  false,
)

// The preset's tag function is for documents inside of code; these have a file of their own.
const files = generated.filter(({ filename }: { filename: string }) => filename.endsWith('/graphql.ts'))
const stale: string[] = []
for (const { filename, content } of files) {
  const before = await readFile(`${root}${filename}`, 'utf8').catch(() => null)
  if (before !== content) stale.push(filename)
}

if (!process.argv.includes('--check')) {
  await rm(`${root}${folder}`, { recursive: true, force: true })
  for (const { filename, content } of files) {
    await mkdir(dirname(`${root}${filename}`), { recursive: true })
    await writeFile(`${root}${filename}`, content)
  }
} else if (stale.length > 0) {
  console.error(`${stale.join(', ')}: stale. Run \`npm run generate:client\` and commit.`)
  process.exitCode = 1
}
