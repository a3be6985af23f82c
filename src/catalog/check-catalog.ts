/** Rules that the shape alone cannot express: uniqueness and references. */
import type { CapabilityEntry, ParameterEntry } from './catalog-file.ts'
import { nearest } from './edit-distance.ts'
import { templateNames } from './run-template.ts'

type Report = (path: readonly (string | number)[], message: string) => void

/** Reports every broken rule of one entry with the path inside the entry. `ids` are the ids of the whole catalog. */
export function checkCapability(entry: CapabilityEntry, ids: ReadonlySet<string>, report: Report): void {
  const names = entry.parameters.map((parameter) => parameter.name)
  entry.parameters.forEach((parameter, index) => {
    if (names.indexOf(parameter.name) < index) report(['parameters', index, 'name'], `parameter "${parameter.name}" is given twice`)
    checkParameter(parameter, (path, message) => report(['parameters', index, ...path], message))
  })
  entry.after.forEach((id, index) => {
    if (id === entry.id) report(['after', index], 'a capability cannot wait for itself')
    else if (!ids.has(id)) report(['after', index], `no capability "${id}"${suggest(id, ids)}`)
  })
  const unknown = (path: readonly (string | number)[], value: unknown): void => {
    for (const name of new Set(templateNames(value))) {
      if (!names.includes(name)) report(path, `template {{${name}}} names no parameter of ${entry.id}${suggest(name, names)}`)
    }
  }
  if (entry.name) unknown(['name'], entry.name)
  if (entry.run) {
    unknown(['run'], entry.run)
    if (entry.run.kind === 'command' && templateNames(entry.run.argv[0]).length) report(['run', 'argv', 0], 'the program must not come from a parameter')
    const secrets = new Set(entry.parameters.filter((parameter) => parameter.type === 'secret').map((parameter) => parameter.name))
    const leaked = entry.run.kind === 'command' ? templateNames(entry.run.argv).find((name) => secrets.has(name)) : undefined
    if (leaked) report(['run', 'argv'], `secret {{${leaked}}} must not be an argument, others on the machine can read it`)
  }
}

/** The first circle of `after` declarations, as ids in order, or null: such tasks could never start. */
export function circleOfAfter(entries: readonly CapabilityEntry[]): readonly string[] | null {
  const after = new Map(entries.map((entry) => [entry.id, entry.after]))
  const settled = new Set<string>()
  const trail: string[] = []
  const visit = (id: string): readonly string[] | null => {
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id]
    if (settled.has(id)) return null
    trail.push(id)
    for (const next of after.get(id) ?? []) {
      const circle = visit(next)
      if (circle) return circle
    }
    trail.pop()
    settled.add(id)
    return null
  }
  for (const entry of entries) {
    const circle = visit(entry.id)
    if (circle) return circle
  }
  return null
}

function checkParameter(parameter: ParameterEntry, report: Report): void {
  const values = parameter.values ?? []
  if (parameter.type === 'enum' && !values.length) report(['values'], 'an enum needs its values')
  if (parameter.type !== 'enum' && parameter.values) report(['values'], `only an enum has values; the type is ${parameter.type}`)
  if (parameter.type !== 'enum' && parameter.aliases) report(['aliases'], `only an enum has aliases; the type is ${parameter.type}`)
  const known = new Map(values.map((value) => [value.toLowerCase(), value]))
  if (known.size < values.length) report(['values'], 'a value is given twice')
  for (const [alias, value] of Object.entries(parameter.aliases ?? {})) {
    if (!known.has(value.toLowerCase())) report(['aliases', alias], `"${value}" is not one of the values${suggest(value, values)}`)
    const own = known.get(alias.toLowerCase())
    if (own && own.toLowerCase() !== value.toLowerCase()) report(['aliases', alias], `"${alias}" is itself a value and cannot mean "${value}"`)
  }
  const numeric = parameter.type === 'integer' || parameter.type === 'port'
  for (const bound of ['minimum', 'maximum'] as const) {
    if (parameter[bound] !== undefined && !numeric) report([bound], `only numbers have bounds; the type is ${parameter.type}`)
  }
  if ((parameter.minimum ?? -Infinity) > (parameter.maximum ?? Infinity)) report(['minimum'], 'is above the maximum')
}

function suggest(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates)
  return near ? `; did you mean "${near}"?` : ''
}
