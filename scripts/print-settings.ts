/**
 * Writes `.env.example` from the settings' own descriptions and defaults; `--check` only says whether it is up to date.
 *
 *   node scripts/print-settings.ts [--check]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { agentSettingsSchema } from '../src/agent/agent-settings.ts'
import { readSettings, settingsSchema } from '../src/settings.ts'

const file = fileURLToPath(new URL('../.env.example', import.meta.url))

const header = `# Settings of Planwright, each with its default; none is needed to start.
# Made from src/settings.ts by \`npm run print\`. Empty means not set.
`
const agentHeader = `# Settings of an agent's own process, npm run agent, beside those of the same names above.
`

/** A paragraph for each setting; `defaults` where the schema itself cannot tell them. */
function entriesOf(schema: z.ZodType, defaults: Readonly<Record<string, unknown>>): [name: string, text: string][] {
  const documented = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {}
  return Object.entries(documented).map(([name, property]) => {
    const { description = '', enum: choices = [] } = typeof property === 'object' ? property : {}
    const words = choices.filter((choice) => !['', '0', '1'].includes(String(choice)))
    const meaning = words.length > 0 ? `${description} One of ${words.join(', ')}.` : description
    const value = defaults[name] ?? ''
    return [name, `# ${meaning}\n# ${name}=${Array.isArray(value) ? value.join(',') : value}\n`]
  })
}

const entries = entriesOf(settingsSchema, readSettings({}))
const known = new Set([...entries.map(([name]) => name), 'PATH', 'HOME'])
const agentEntries = entriesOf(agentSettingsSchema, { AGENT_SLOTS: 4 }).filter(([name]) => !known.has(name))
const text = [header, ...entries.map(([, entry]) => entry), agentHeader, ...agentEntries.map(([, entry]) => entry)].join('\n')

if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('.env.example is not what src/settings.ts says: run `npm run print`.')
  process.exitCode = 1
}
