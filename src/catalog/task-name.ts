import type { Capability } from './capability.ts'
import { fillTemplate } from './run-template.ts'

type Named = Pick<Capability, 'name' | 'parameters'>

/**
 * The readable name of a task: the capability's name with its placeholders filled from the parameters. A placeholder
 * without a value disappears with the space beside it: "Add {{scope}} portals to config" → "Add portals to config".
 */
export function renderTaskName(capability: Named, parameters: Readonly<Record<string, unknown>>): string {
  const filled = fillTemplate(capability.name, (name) => readable(parameters[name]))
  const tidied = filled.replace(/\s+/g, ' ').replace(/\s+([,.;:!?)])/g, '$1').replace(/\(\s*\)/g, '').replace(/[\s:,;-]+$/, '').trim()
  return tidied.slice(0, 300)
}

/**
 * A name for capabilities that give none: the first sentence of the description, then what tells two tasks of this
 * capability apart, its required parameters.
 */
export function deriveTaskName(description: string, parameters: readonly { name: string; required: boolean; type: string }[]): string {
  const sentence = description.split(/(?<=[.!?])\s/)[0]!.replace(/[.!?]+$/, '').replaceAll('{{', '').trim()
  const telling = parameters.filter((parameter) => parameter.required && parameter.type !== 'secret').slice(0, 3)
  if (!telling.length) return sentence
  return `${sentence}: ${telling.map((parameter) => `{{${parameter.name}}}`).join(' ')}`
}

function readable(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(readable).filter(Boolean).join(', ')
  if (typeof value === 'object') return ''
  return String(value).slice(0, 120)
}
