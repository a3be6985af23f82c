/** Port: whether values fit the parameters of a capability, the same for programs, edits and stored tasks. */
import type { Capability } from '../../catalog/capability.ts'

/** One parameter that does not fit: unknown, missing, or of a value the catalog does not allow. */
export type ParameterFault = { readonly parameter: string; readonly rule: string; readonly message: string }

/** The values in the types and spellings of the catalog, and everything that does not fit. */
export type CheckedParameters = { readonly parameters: Readonly<Record<string, unknown>>; readonly faults: readonly ParameterFault[] }

export type ParameterCheck = (capability: Capability, parameters: Readonly<Record<string, unknown>>) => CheckedParameters

/** Largest JSON of the parameters of one task, in characters. */
const longestParameters = 65_536

const deepestParameters = 20

/** What no catalog can allow: parameters that are too large or too deep, or have texts that the database cannot hold. */
export function checkStorable(parameters: Readonly<Record<string, unknown>>): { readonly rule: string; readonly message: string } | null {
  if (isDeeper(parameters, deepestParameters)) return { rule: 'depth', message: `The parameters have more than ${deepestParameters} levels.` }
  let storable = true
  const json = JSON.stringify(parameters, (key, value: unknown) => {
    storable &&= isStorable(key) && (typeof value !== 'string' || isStorable(value))
    return value
  })
  if (!storable) return { rule: 'encoding', message: 'The parameters have a NUL character or half of a surrogate pair. Send well-formed Unicode.' }
  if (json.length <= longestParameters) return null
  return { rule: 'max_length', message: `The parameters are longer than ${longestParameters.toLocaleString('en-US')} characters of JSON.` }
}

const isDeeper = (value: unknown, levels: number): boolean =>
  levels < 0 || (typeof value === 'object' && value !== null && Object.values(value).some((child) => isDeeper(child, levels - 1)))

const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed()
