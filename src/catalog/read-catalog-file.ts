/** One catalog file: YAML with positions, checked against the shape. Faults are collected, never thrown. */
import { isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { z } from 'zod'
import type { CatalogFault } from './catalog-error.ts'
import { capabilityEntry, catalogFile, parameterEntry, type CatalogFile } from './catalog-file.ts'
import { nearest } from './edit-distance.ts'

type Path = readonly (string | number)[]

/** What was read, and how to find the line of a field in it. */
export type ReadFile = { readonly file: string; readonly content: CatalogFile | null; readonly faults: CatalogFault[]; lineOf(path: Path): number }

/** Values a catalog that is only used for understanding may leave out, such as the work type. */
export type EntryDefaults = { readonly work_type: string; readonly agent_type: string; readonly estimated_minutes: number }

export function readCatalogFile(file: string, source: string, missing?: EntryDefaults): ReadFile {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, maxAliasCount: 0, prettyErrors: false, uniqueKeys: true } as Parameters<typeof parseDocument>[1])
  const lineOf = (path: Path): number => lineInDocument(document, lines, path)
  const faultsOfYaml = [...document.errors, ...document.warnings].map((error): CatalogFault => {
    const { line } = lines.linePos(error.pos[0])
    return { file, line, field: '', message: error.message }
  })
  if (faultsOfYaml.length) return { file, content: null, faults: faultsOfYaml, lineOf }

  spellScalarsAsWritten(document)
  const raw: unknown = document.toJS()
  const shaped = catalogFile.safeParse(missing ? withDefaults(raw, missing) : raw)
  if (shaped.success) return { file, content: shaped.data, faults: [], lineOf }
  const faults = shaped.error.issues.flatMap((issue) => faultsOf(issue).map(({ path, message }): CatalogFault => (
    { file, line: lineOf(path), field: fieldName(raw, path), message }
  )))
  return { file, content: null, faults, lineOf }
}

/** `capabilities.3.parameters.0.type` as `capabilities.restart_container.parameters.container.type`. */
export function fieldName(raw: unknown, path: Path): string {
  let value = raw
  return path.map((key) => {
    value = value && typeof value === 'object' ? (value as Record<string | number, unknown>)[key] : undefined
    if (typeof key !== 'number' || !value || typeof value !== 'object') return String(key)
    const named = value as { id?: unknown; name?: unknown }
    return typeof named.id === 'string' ? named.id : typeof named.name === 'string' ? named.name : String(key)
  }).join('.')
}

function lineInDocument(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

/** Versions such as 1.10 and codes such as 007 in texts keep the form in which they were written. */
function spellScalarsAsWritten(document: Document): void {
  const textual = new Set(['values', 'examples', 'aliases', 'words', 'argv', 'headers', 'extra_vars'])
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || !textual.has(String(pair.key.value)) || !isNode(pair.value)) return undefined
      visit(pair.value, {
        Scalar(_key, scalar) {
          if (typeof scalar.value !== 'string' && scalar.value !== null) scalar.value = scalar.source ?? String(scalar.value)
        },
      })
      return visit.SKIP
    },
  })
}

function withDefaults(raw: unknown, missing: EntryDefaults): unknown {
  if (!raw || typeof raw !== 'object' || !('capabilities' in raw) || !Array.isArray(raw.capabilities)) return raw
  return { ...raw, capabilities: raw.capabilities.map((entry: unknown) => (entry && typeof entry === 'object' ? { ...missing, ...entry } : entry)) }
}

const knownKeys = {
  file: Object.keys(catalogFile.shape),
  capability: Object.keys(capabilityEntry.shape),
  parameter: Object.keys(parameterEntry.shape),
}

function faultsOf(issue: z.core.$ZodIssue): { path: Path; message: string }[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    const known = path.length === 0 ? knownKeys.file : path.length === 2 ? knownKeys.capability : path.at(-2) === 'parameters' ? knownKeys.parameter : []
    return issue.keys.map((key) => {
      const suggestion = nearest(key, known)
      return { path: [...path, key], message: `unknown key${suggestion ? `; did you mean "${suggestion}"?` : known.length ? `; known are ${known.join(', ')}` : ''}` }
    })
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('received undefined')) {
    return [{ path, message: 'is missing' }]
  }
  if (issue.code === 'invalid_value') return [{ path, message: `must be one of ${issue.values.map(String).join(', ')}` }]
  return [{ path, message: lowerFirst(issue.message) }]
}

const lowerFirst = (message: string) => message.charAt(0).toLowerCase() + message.slice(1)
