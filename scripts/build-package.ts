/** Builds what is published, the client and the agent SDK, to JavaScript with declarations in dist/. */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = `${root}dist`

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit' })

// The compiler rewrites the endings of imports in JavaScript only; there are no .ts files beside the declarations.
for (const file of globSync('**/*.d.ts', { cwd: dist })) {
  const text = readFileSync(`${dist}/${file}`, 'utf8')
  writeFileSync(`${dist}/${file}`, text.replaceAll(/((?:from|import\() ?['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
}
