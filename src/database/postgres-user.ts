import { chmodSync, chownSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The account PostgreSQL runs under; undefined stands for the account of this process. */
export type ServerUser = { readonly uid: number; readonly gid: number }

/**
 * PostgreSQL refuses to run as root; there it runs as the owner of its data, or as `nobody` where there is none yet.
 * @param folder the data, made or not
 */
export function serverUser(folder: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = statSync(folder, { throwIfNoEntry: false }) ?? { uid: 0, gid: 0 }
  return uid === 0 ? { uid: 65_534, gid: 65_534 } : { uid, gid }
}

/** Gives a path to the server's account, so that whoever starts it there next can use it too. */
export function handOver(path: string, user: ServerUser | undefined): void {
  if (user) chownSync(path, user.uid, user.gid)
}

/** Lets every account read the folder and all in it, and enter its folders, whatever the umask of the copy was. */
export function makeReadable(path: string): void {
  const { mode } = statSync(path)
  chmodSync(path, (mode & 0o777) | (mode & 0o100 ? 0o555 : 0o444))
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const inner = join(path, entry.name)
    if (entry.isDirectory()) makeReadable(inner)
    else chmodSync(inner, statSync(inner).mode & 0o100 ? 0o755 : 0o644)
  }
}

/**
 * How the server's account names a data folder. Root's folders are often closed to `nobody`, data in them included;
 * the working directory of a process is not: it is entered before the account is changed. macOS has no such name.
 */
export function placeOf(folder: string, user: ServerUser | undefined): { readonly cwd: string; readonly name: string } {
  return user !== undefined && process.platform === 'linux'
    ? { cwd: folder, name: '/proc/self/cwd' }
    : { cwd: '/', name: folder }
}
