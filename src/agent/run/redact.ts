import { TaskFailure } from '../task-failure.ts'

/** Takes secrets out of what leaves the agent. */
export type Redact = {
  text(text: string): string
  json(value: unknown): unknown
  error(thrown: unknown): unknown
}

const mask = '[secret]'

/** Masks the secrets, also URL-encoded, Base64 or as they look inside JSON. */
export function createRedact(secrets: Iterable<string>): Redact {
  const forms = new Set([...secrets].filter(Boolean).flatMap(formsOf))
  // The longest first: a form may contain another one.
  const ordered = [...forms].toSorted((one, other) => other.length - one.length)
  const text = (from: string) => ordered.reduce((masked, form) => masked.replaceAll(form, mask), from)

  function json(value: unknown): unknown {
    if (ordered.length === 0) return value
    if (typeof value === 'string') return text(value)
    // A secret of digits may come back as a number.
    if (typeof value === 'number') return forms.has(String(value)) ? mask : value
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), json(inner)]))
  }

  return {
    text,
    json,
    error(thrown) {
      if (thrown instanceof TaskFailure) return new TaskFailure(thrown.code, text(thrown.message), thrown.retryable)
      return new Error(text(thrown instanceof Error ? thrown.message : String(thrown)))
    },
  }
}

const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  // Tools print a multi-line secret line by line; short lines would mask too much.
  ...secret.split(/\r?\n/).filter((line) => line.length >= 8),
]
