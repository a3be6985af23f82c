import { fillTemplate, templateNames } from '../../catalog/run-template.ts'
import { TaskFailure } from '../task-failure.ts'

/** Values by parameter; a parameter without a value is absent. */
export type TemplateValues = ReadonlyMap<string, unknown>

const onlyTemplates = /^(?:\{\{\s*[A-Za-z0-9_-]+\s*\}\})+$/
const oneTemplate = /^\{\{\s*[A-Za-z0-9_-]+\s*\}\}$/

/** The text with every template filled; lists are joined by commas, absent values are empty. */
export function fillText(
  template: string,
  values: TemplateValues,
  encode: (text: string) => string = (text) => text,
): string {
  return fillTemplate(template, (name) => encode(textOf(values.get(name))))
}

/**
 * An argument vector. An argument of nothing but absent templates is dropped; one that a value would turn into an
 * option (`-x`) is refused with PARAMETER_REFUSED.
 */
export function fillArguments(templates: readonly string[], values: TemplateValues): string[] {
  return templates.flatMap((template) => {
    if (onlyTemplates.test(template) && templateNames(template).every((name) => !values.has(name))) return []
    const argument = fillText(template, values)
    if (template.startsWith('{{') && argument.startsWith('-') && !Number.isFinite(Number(argument))) {
      const names = templateNames(template).join(', ')
      throw new TaskFailure(
        'PARAMETER_REFUSED',
        `The value of ${names} begins with a dash and would be read as an option.`,
      )
    }
    return [argument]
  })
}

/** JSON with templates in its texts. A text that is one template becomes its value; absent ones are left out. */
export function fillJson(template: unknown, values: TemplateValues): unknown {
  if (typeof template === 'string') {
    const [name = ''] = templateNames(template)
    return oneTemplate.test(template) ? values.get(name) : fillText(template, values)
  }
  if (Array.isArray(template))
    return template.map((inner) => fillJson(inner, values)).filter((inner) => inner !== undefined)
  if (typeof template !== 'object' || template === null) return template
  const filled = Object.entries(template).map(([key, inner]): [string, unknown] => [key, fillJson(inner, values)])
  return Object.fromEntries(filled.filter(([, inner]) => inner !== undefined))
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(textOf).join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
