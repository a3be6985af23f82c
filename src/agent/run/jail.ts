import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { TaskFailure } from '../task-failure.ts'

/**
 * The real path of a file or folder that must exist inside one of the roots, the first that has it; links are
 * followed before the check. Throws TaskFailure FILE_MISSING or FILE_OUTSIDE.
 */
export async function findInside(roots: readonly string[], path: string): Promise<string> {
  for (const root of roots) {
    const found = await realPathOf(resolve(root, path))
    if (found === null) continue
    const realRoots = await Promise.all(roots.map(realPathOf))
    if (realRoots.some((realRoot) => realRoot !== null && contains(realRoot, found))) return found
    throw new TaskFailure('FILE_OUTSIDE', `${path} lies outside the folders this agent works in.`)
  }
  throw new TaskFailure('FILE_MISSING', `${path} does not exist on this agent.`)
}

async function realPathOf(path: string): Promise<string | null> {
  try {
    return await realpath(path)
  } catch {
    return null
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}
