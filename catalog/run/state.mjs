/** The state folder that scripts write to, and only to: whole files at once, one writer at a time. */
import { mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { TaskError } from './task.mjs'

/** Edits take milliseconds: an older lock was left behind by a script that was killed. */
const staleLockMs = 30_000
const lockPatienceMs = 45_000

/** The absolute path of something in the state folder; paths that lead out of it are refused. */
export function statePath(...parts) {
  const root = process.env.PLANWRIGHT_DATA_DIR
  if (!root) throw new TaskError('refused', 'PLANWRIGHT_DATA_DIR is not set: there is no folder to keep state in.')
  const path = resolve(root, ...parts)
  if (path !== resolve(root) && !path.startsWith(resolve(root) + sep)) {
    throw new TaskError('refused', `${join(...parts)} lies outside the state folder.`)
  }
  return path
}

/** The parsed file, or `fallback` where there is none. */
export async function readJson(path, fallback) {
  const text = await readFile(path, 'utf8').catch(absent)
  if (text === undefined) return fallback
  try {
    return JSON.parse(text)
  } catch {
    throw new TaskError('refused', `${relative(statePath(), path)} is not JSON.`)
  }
}

/** Replaces the file in one step, so that a reader or a crash never sees half of it. */
export async function writeWhole(path, content) {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.draft`
  try {
    await writeFile(draft, content, { flush: true })
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Reads, changes and replaces a JSON file while no other script does; `change` edits the value and returns the output. */
export async function editJson(path, fallback, change) {
  return locked(path, async () => {
    const value = await readJson(path, fallback)
    const before = JSON.stringify(value)
    const output = await change(value)
    if (JSON.stringify(value) !== before) await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`)
    return output
  })
}

/** Every file below the path as {path, bytes}, relative to it and sorted; nothing where it does not exist. Links are not followed. */
export async function filesBelow(folder) {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent)) ?? []
  const files = await Promise.all(entries.filter((entry) => entry.isFile()).map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    const found = await stat(path).catch(absent)
    return found && { path: relative(folder, path), bytes: found.size }
  }))
  return files.filter(Boolean).sort((one, other) => (one.path < other.path ? -1 : 1))
}

async function locked(path, work) {
  await mkdir(dirname(path), { recursive: true })
  const lock = `${path}.lock`
  const deadline = Date.now() + lockPatienceMs
  while (!(await take(lock))) {
    if (Date.now() > deadline) throw new TaskError('failed', `${relative(statePath(), path)} is being edited by something else.`)
    const held = await stat(lock).catch(absent)
    if (held && Date.now() - held.mtimeMs > staleLockMs) await rm(lock, { force: true })
    else await wait(20)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function take(lock) {
  try {
    await (await open(lock, 'wx')).close()
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function absent(error) {
  if (error.code === 'ENOENT') return undefined
  throw error
}
