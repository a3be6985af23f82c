/** Deletes the cached files of a site: cache/<site> in the state folder. */
import { rm } from 'node:fs/promises'
import { filesBelow, statePath } from './state.mjs'
import { runTask, TaskError } from './task.mjs'

await runTask(['site'], async ({ site }) => {
  if (!/^[\p{L}\p{N}_-][\p{L}\p{N}._-]*$/u.test(site)) throw new TaskError('refused', `${site} is not the name of a site.`)
  const folder = statePath('cache', site.toLowerCase())
  const files = await filesBelow(folder)
  await rm(folder, { recursive: true, force: true })
  return { site, removedFiles: files.length, freedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
})
