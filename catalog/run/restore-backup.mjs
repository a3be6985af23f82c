/** Puts the files of a backup back in place, after all of them were checked against its manifest. */
import { readdir, readFile } from 'node:fs/promises'
import { manifestName, sha256 } from './backup.mjs'
import { readJson, statePath, writeWhole } from './state.mjs'
import { runTask, TaskError } from './task.mjs'

await runTask(['backup'], async ({ backup: wanted }) => {
  const names = (await readdir(statePath('backups')).catch(() => [])).filter((name) => !name.startsWith('.')).sort()
  const matching = wanted && wanted !== 'latest' ? names.filter((name) => name === wanted || name.endsWith(`Z-${wanted.toLowerCase()}`)) : names
  const backup = matching.at(-1)
  if (!backup) throw new TaskError('missing', wanted ? `There is no backup ${wanted}.` : 'There is no backup yet.')
  const { files = {} } = await readJson(statePath('backups', backup, manifestName), {})
  const contents = new Map()
  for (const [path, sum] of Object.entries(files)) {
    const content = await readFile(statePath('backups', backup, path)).catch(() => null)
    if (!content || sha256(content) !== sum) throw new TaskError('refused', `The backup ${backup} is damaged: ${path} is not what was saved. Nothing was restored.`)
    contents.set(path, content)
  }
  if (!contents.size) throw new TaskError('refused', `The backup ${backup} is damaged: it has no manifest. Nothing was restored.`)
  for (const [path, content] of contents) await writeWhole(statePath(path), content)
  return { backup, restored: [...contents.keys()] }
})
