/** A temporary copy of the tree in which a chaos run can be started, with one patch applied. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type MutatedCopy = { readonly root: string; remove(): Promise<void> }

const root = join(import.meta.dirname, '../..')
/** What a run needs; everything else stays behind. */
const parts = ['src', 'chaos', 'scripts', 'migrations', 'test/harness', 'package.json']

/** Copies the tree and applies the patch; null leaves it as it is. Throws where the patch does not fit any more. */
export async function makeMutatedCopy(patch: string | null): Promise<MutatedCopy> {
  const copy = await mkdtemp(join(tmpdir(), 'planwright-mutation-'))
  const remove = () => rm(copy, { recursive: true, force: true })
  try {
    for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true })
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
    if (patch) await promisify(execFile)('git', ['apply', join(import.meta.dirname, `${patch}.patch`)], { cwd: copy })
    return { root: copy, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
