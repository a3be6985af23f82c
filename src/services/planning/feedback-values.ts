/** Values that feedback gives by the names of their parameters: "minutes 45", "hosts: web-01, web-02 label: x1". Pure. */
import type { ParameterSpec } from '../../catalog/capability.ts'
import { parseParameterValue } from '../decomposition/parameter-values.ts'

/** The values where the text is nothing but names with values that fit; null otherwise: then it is to be read as words. */
export function namedValues(specs: readonly ParameterSpec[], text: string): Readonly<Record<string, unknown>> | null {
  const names = specs.map(({ name }) => name).toSorted((a, b) => b.length - a.length).flatMap((name) => [name, name.replaceAll('_', ' ')])
  if (names.length === 0) return null
  const naming = new RegExp(`(?<![^\\s,;])(?:and\\s+)?(${names.join('|')})(\\s*[:=]\\s*|\\s+)`, 'giu')
  const found = [...text.matchAll(naming)]
  if (found.length === 0 || found[0]!.index > 0) return null
  const values: Record<string, unknown> = {}
  for (const [at, match] of found.entries()) {
    const [whole, name, sign] = match
    const said = text.slice(match.index + whole.length, found[at + 1]?.index ?? text.length).replace(/[\s,;]+$/u, '')
    const spec = specs.find((one) => [one.name, one.name.replaceAll('_', ' ')].includes(name!.toLowerCase()))!
    // "label is wrong" is no label.
    if (spec.type === 'string' && sign!.trim() === '' && /\s/u.test(said)) return null
    const parsed = parseParameterValue(spec, said)
    if (!parsed.ok || spec.name in values) return null
    values[spec.name] = parsed.value
  }
  return values
}
