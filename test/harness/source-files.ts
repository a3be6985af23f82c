import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** What one file imports: a path from the root for own files, else the name of the package. */
export type Import = {
  readonly to: string
  readonly isOwn: boolean
  /** Nothing of it is left when the types are taken away. */
  readonly typesOnly: boolean
}

export type SourceFile = { readonly path: string; readonly text: string; readonly imports: readonly Import[] }

const root = join(import.meta.dirname, '../..')
const statement =
  /^(?:import|export)\s+(type\s)?([\w*{][^'"]*?)\s*from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm

/** The hand-written TypeScript files under the folders given, with what they import. */
export function readSources(...folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('/generated/'))
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, imports: [...text.matchAll(statement)].map((match) => readImport(path, match)) }
    })
}

function readImport(path: string, match: RegExpMatchArray): Import {
  const [, typeWord, names = '', from, bare, dynamic] = match
  const target = from ?? bare ?? dynamic ?? ''
  const isOwn = target.startsWith('.')
  const listed = /^\{(.*)\}$/s.exec(names)?.[1]?.split(',').map((name) => name.trim()).filter(Boolean)
  return {
    to: isOwn ? posix.join(posix.dirname(path), target) : packageOf(target),
    isOwn,
    typesOnly: typeWord !== undefined || (listed?.length ? listed.every((name) => name.startsWith('type ')) : false),
  }
}

const packageOf = (target: string) => target.split('/').slice(0, target.startsWith('@') ? 2 : 1).join('/')
