/**
 * Known forms of secrets that people paste into requests and programs print: taken out before a text is stored, logged,
 * sent to a model or to the service.
 */

/** Stands where a secret stood. */
export const redacted = '[redacted]'

type Pattern = { readonly find: RegExp; readonly keep: string }

/** `keep` is what of a match stays, the label before the secret. Order matters: blocks before their parts. */
const patterns: readonly Pattern[] = [
  { find: /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|$)/g, keep: '' },
  { find: /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, keep: '' },
  { find: /\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255}|glpat-[A-Za-z0-9_-]{20,64})/g, keep: '' },
  { find: /\bplanwright_[A-Za-z0-9_-]{43}/g, keep: '' },
  { find: /\b(?:[sr]k_live_[A-Za-z0-9]{16,250}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,64}|ya29\.[A-Za-z0-9_-]{20,500}|SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64})/g, keep: '' },
  { find: /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}/g, keep: '' },
  { find: /\bsk-[A-Za-z0-9_-]{16,250}/g, keep: '' },
  { find: /\bAIza[A-Za-z0-9_-]{35}/g, keep: '' },
  { find: /\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}/g, keep: '' },
  { find: /\b(authorization["']?\s{0,4}:\s{0,4}["']?basic\s{1,4})[A-Za-z0-9+/_-]{4,4000}={0,2}/gi, keep: '$1' },
  { find: /\b(bearer\s{1,4})[A-Za-z0-9._~+/-]{16,4000}={0,2}/gi, keep: '$1' },
  { find: /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,200}:)[^\s@/]{1,500}(?=@)/gi, keep: '$1' },
  // References (`secret:NAME`) are no secrets, by themselves or as a value.
  {
    find: /\b(?!secret:[A-Z0-9])((?:[a-z0-9]{1,40}[_-]){0,4}(?:[a-z]{0,10}passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key)["']?\s{0,4}[=:]\s{0,4})(?!["']secret:[A-Z0-9])(?:"[^"\n]{1,500}"|'[^'\n]{1,500}')/gi,
    keep: '$1',
  },
  {
    // After an equals sign anything is a value; after a colon, which people write in sentences too, what looks made up.
    find: /\b(?!secret:[A-Z0-9])((?:[a-z0-9]{1,40}[_-]){0,4}(?:[a-z]{0,10}passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key)(?:\s{0,4}=\s{0,4}|\s{0,4}:\s{0,4}(?=\S{6,500})(?=\S{0,500}[0-9!$%&*+=^])))(?!\[redacted\]|secret:[A-Z0-9])[^\s"',;]{1,500}/gi,
    keep: '$1',
  },
  { find: /((?<!\S)--?(?:password|passwd|passphrase|secret|token|api-?key|access-?key)\s{1,4})(?!\[redacted\]|secret:[A-Z0-9]|-)[^\s"',;]{1,500}/gi, keep: '$1' },
]

/** Whether some pattern may fit: one cheap look for texts of which hardly any holds a secret. */
const hint =
  /PRIVATE KEY|A(?:KIA|SIA|ROA|IDA)|gh[pousr]_|github_pat_|glpat-|planwright_|k_live_|npm_|hf_|ya29|SG\.|basic\s|xox[abeoprs]-|sk-|AIza|eyJ|bearer\s|:\/\/[^\s/]{1,200}:|passw|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key/i

/** The text with known secrets replaced by `[redacted]`. Takes time in proportion to the text. */
export function redactSecrets(text: string): string {
  return !hint.test(text) ? text : patterns.reduce((cleaned, { find, keep }) => cleaned.replace(find, `${keep}${redacted}`), text)
}

/** Names whose text is a secret by its name alone. */
const secretName =
  /^(?:[a-z0-9]{1,40}[_-]){0,4}(?:[a-z]{0,10}passw(?:or)?d|passphrase|pwd|(?:client)?secret|(?:access|refresh|auth|api)?token|api[_-]?key|access[_-]?key)$/i
const deepest = 64

/** A JSON value with the secrets in its texts, and the texts under names such as `password`, replaced. References (`secret:NAME`) stay. */
export function redactJson<Value>(value: Value): Value {
  return hint.test(JSON.stringify(value) ?? '') ? (redactWithin(value, 0) as Value) : value
}

/** The same for what is about to be logged: values of other classes, such as errors, are left to their serializer. */
export const redactDetails = (details: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  redactWithin(details, 0) as Record<string, unknown>

function redactWithin(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactSecrets(value)
  if (depth > deepest || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => redactWithin(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) =>
    [name, typeof inner === 'string' && secretName.test(name) && inner !== '' && !inner.startsWith('secret:') ? redacted : redactWithin(inner, depth + 1)]))
}
