import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { buildApprovalRule, buildCapability, sha256OfCanonicalJson } from './build-capability.ts'
import type { Capability, Catalog } from './capability.ts'
import { CatalogError, type CatalogFault } from './catalog-error.ts'
import { catalogLimits as limits } from './catalog-limits.ts'
import { checkCapability, circleOfAfter } from './check-catalog.ts'
import { fieldName, readCatalogFile, type EntryDefaults, type ReadFile } from './read-catalog-file.ts'

export type LoadCatalogOptions = {
  /** For catalogs that serve understanding only: values of fields that say how work is carried out and may be left out. */
  readonly missing?: EntryDefaults
}

/**
 * Reads a catalog: one YAML (or JSON) file, or a folder whose *.yaml and *.yml files together are the catalog.
 * Throws CatalogError with all faults, each with file, line and field.
 */
export async function loadCatalog(path: string, options: LoadCatalogOptions = {}): Promise<Catalog> {
  const files: ReadFile[] = []
  for (const file of await catalogPaths(path)) files.push(readCatalogFile(file, await readBounded(file), options.missing))
  const faults = files.flatMap((file) => file.faults)
  faults.push(...faultsAcrossFiles(path, files))
  if (faults.length) throw new CatalogError(faults.slice(0, limits.faults))

  const contents = files.flatMap((file) => file.content ?? [])
  const capabilities = contents.flatMap((content) => content.capabilities).map(buildCapability)
  const approval = contents.find((content) => Object.keys(content.approval).length)?.approval ?? {}
  const approvalRules = {
    low: buildApprovalRule(approval.low), medium: buildApprovalRule(approval.medium), high: buildApprovalRule(approval.high),
  }
  return {
    name: contents.find((content) => content.name)?.name ?? basename(path, extname(path)),
    version: 1,
    capabilities,
    byId: new Map(capabilities.map((capability): [string, Capability] => [capability.id, capability])),
    approvalRules,
    digest: sha256OfCanonicalJson(capabilities.map((capability) => capability.digest).sort()),
  }
}

async function catalogPaths(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw pathFault(path, error.code === 'ENOENT' ? 'no such file or folder' : `cannot be read (${error.code})`)
  })
  if (!found.isDirectory()) return [path]
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort()
  if (!names.length) throw pathFault(path, 'the folder has no *.yaml file')
  if (names.length > limits.files) throw pathFault(path, `the folder has more than ${limits.files} files`)
  return names.map((name) => join(path, name))
}

async function readBounded(file: string): Promise<string> {
  if ((await stat(file)).size > limits.fileBytes) throw pathFault(file, `is larger than ${limits.fileBytes} bytes`)
  return readFile(file, 'utf8')
}

const pathFault = (file: string, message: string) => new CatalogError([{ file, line: 1, field: '', message }])

function faultsAcrossFiles(path: string, files: readonly ReadFile[]): CatalogFault[] {
  const faults: CatalogFault[] = []
  const read = files.flatMap((file) => (file.content ? [{ ...file, content: file.content }] : []))
  const ids = new Set(read.flatMap((file) => file.content.capabilities.map((capability) => capability.id)))
  const complete = read.length === files.length
  const seen = new Map<string, string>()
  for (const file of read) {
    file.content.capabilities.forEach((entry, index) => {
      const report = (inside: readonly (string | number)[], message: string): void => {
        const at = ['capabilities', index, ...inside]
        faults.push({ file: file.file, line: file.lineOf(at), field: fieldName(file.content, at), message })
      }
      const line = file.lineOf(['capabilities', index])
      const first = seen.get(entry.id)
      if (first) report(['id'], `capability "${entry.id}" is already at ${first}`)
      else seen.set(entry.id, `${file.file}:${line}`)
      // While a file is unreadable its ids are unknown, and complaints about them would mislead.
      checkCapability(complete ? entry : { ...entry, after: [] }, ids, report)
    })
  }
  const circle = circleOfAfter(read.flatMap((file) => file.content.capabilities))
  if (circle && circle.length > 2) {
    const file = read.find((candidate) => candidate.content.capabilities.some((entry) => entry.id === circle[0]))!
    const index = file.content.capabilities.findIndex((entry) => entry.id === circle[0])
    faults.push({
      file: file.file, line: file.lineOf(['capabilities', index, 'after']), field: `capabilities.${circle[0]}.after`,
      message: `waits for itself: ${circle.join(' after ')}`,
    })
  }
  const withApproval = read.filter((file) => Object.keys(file.content.approval).length)
  for (const file of withApproval.slice(1)) {
    faults.push({ file: file.file, line: file.lineOf(['approval']), field: 'approval', message: `is already in ${withApproval[0]!.file}` })
  }
  if (complete && !ids.size) faults.push({ file: path, line: 1, field: 'capabilities', message: 'the catalog has no capability' })
  if (ids.size > limits.capabilities) faults.push({ file: path, line: 1, field: 'capabilities', message: `more than ${limits.capabilities} capabilities` })
  return faults
}
