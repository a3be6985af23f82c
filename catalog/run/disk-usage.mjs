/** What the state folder holds, per entry, and how much room its disk has left. */
import { statfs } from 'node:fs/promises'
import { filesBelow, statePath } from './state.mjs'
import { runTask } from './task.mjs'

await runTask([], async () => {
  const files = await filesBelow(statePath())
  const entries = {}
  for (const { path, bytes } of files) {
    const entry = path.split(/[\\/]/)[0]
    entries[entry] = (entries[entry] ?? 0) + bytes
  }
  const disk = await statfs(statePath())
  return {
    files: files.length, usedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0), entries,
    disk: { totalBytes: disk.blocks * disk.bsize, freeBytes: disk.bavail * disk.bsize },
  }
})
