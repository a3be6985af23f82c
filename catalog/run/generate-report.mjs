/** Writes a Markdown report about what the state folder holds. */
import { readdir } from 'node:fs/promises'
import { filesBelow, readJson, statePath, writeWhole } from './state.mjs'
import { runTask } from './task.mjs'

const sections = {
  portals: async () => (await readJson(statePath('portals.json'), { portals: [] })).portals.map(({ name, url }) => `${name}: ${url}`),
  stacks: async () => (await filesBelow(statePath('stacks'))).filter(({ path }) => path.endsWith('compose.yaml')).map(({ path }) => path.split(/[\\/]/)[0]),
  maintenance: async () => (await readJson(statePath('schedules.json'), { windows: [] })).windows
    .map(({ hosts, schedule, duration }) => `${hosts.join(', ')}: ${schedule}${duration ? `, for ${duration}` : ''}`),
  notes: async () => (await readJson(statePath('notes.json'), { notes: [] })).notes.map(({ at, text }) => `${at}: ${text.replaceAll(/\s+/g, ' ')}`),
  backups: async () => (await readdir(statePath('backups')).catch(() => [])).filter((name) => !name.startsWith('.')).sort(),
}

await runTask(['about'], async ({ about }) => {
  const chosen = Object.entries(sections).filter(([name]) => !about || about === 'everything' || about === name)
  const counts = {}
  let text = `# State of the installation\n\n${new Date().toISOString()}\n`
  for (const [name, read] of chosen) {
    const lines = await read()
    counts[name] = lines.length
    text += `\n## ${name[0].toUpperCase()}${name.slice(1)}\n\n${lines.map((line) => `- ${line}\n`).join('') || 'None.\n'}`
  }
  const report = `reports/${new Date().toISOString().replaceAll(/[:.]/g, '-')}.md`
  await writeWhole(statePath(report), text)
  return { report, counts }
})
