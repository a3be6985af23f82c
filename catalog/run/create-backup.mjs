/** Copies the configuration to backups/<time>, complete or not at all. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { configurationFiles, manifestName, sha256 } from './backup.mjs'
import { statePath } from './state.mjs'
import { runTask, TaskError } from './task.mjs'

await runTask(['label'], async ({ label }) => {
  const paths = await configurationFiles()
  if (!paths.length) throw new TaskError('missing', 'There is nothing to back up yet: no portals, schedules, notes or stacks.')
  const suffix = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 60)
  const name = new Date().toISOString().replaceAll(/[:.]/g, '-') + (suffix && `-${suffix}`)
  const draft = statePath('backups', `.${name}.${process.pid}.draft`)
  const files = {}
  let bytes = 0
  try {
    for (const path of paths) {
      const content = await readFile(statePath(path))
      await mkdir(dirname(join(draft, path)), { recursive: true })
      await writeFile(join(draft, path), content, { flush: true })
      files[path] = sha256(content)
      bytes += content.length
    }
    await writeFile(join(draft, manifestName), `${JSON.stringify({ files }, null, 2)}\n`, { flush: true })
    await rename(draft, statePath('backups', name))
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return { backup: name, files: paths.length, bytes }
})
