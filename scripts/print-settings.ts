/**
 * Writes `.env.example` from the settings' own descriptions and defaults; `--check` only says whether it is up to date.
 *
 *   node scripts/print-settings.ts [--check]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readSettings, settingsSchema } from '../src/settings.ts'

const file = fileURLToPath(new URL('../.env.example', import.meta.url))
const documented = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }).properties ?? {}
const defaults: Readonly<Record<string, unknown>> = readSettings({})

const header = `# Settings of Planwright, each with its default; none is needed to start.
# Made from src/settings.ts by \`npm run print\`. Empty means not set.
`
const entries = Object.entries(documented).map(([name, property]) => {
  const { description = '', enum: choices = [] } = typeof property === 'object' ? property : {}
  const words = choices.filter((choice) => !['', '0', '1'].includes(String(choice)))
  const meaning = words.length > 0 ? `${description} One of ${words.join(', ')}.` : description
  const value = defaults[name] ?? ''
  return `# ${meaning}\n# ${name}=${Array.isArray(value) ? value.join(',') : value}\n`
})
const text = [header, ...entries].join('\n')

if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('.env.example is not what src/settings.ts says: run `npm run print`.')
  process.exitCode = 1
}
