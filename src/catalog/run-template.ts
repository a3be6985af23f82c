/** `{{parameter}}` templates in task names and in `run`. */

const placeholder = /\{\{\s*([A-Za-z0-9_-]+)\s*\}\}/g

/** Names of all parameters that templates anywhere inside the value refer to. */
export function templateNames(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(placeholder)].map((match) => match[1]!)
  if (Array.isArray(value)) return value.flatMap(templateNames)
  if (value && typeof value === 'object') return Object.values(value).flatMap(templateNames)
  return []
}

/** Replaces each placeholder by what `valueOf` gives for its parameter. */
export function fillTemplate(template: string, valueOf: (name: string) => string): string {
  return template.replace(placeholder, (_, name: string) => valueOf(name))
}
