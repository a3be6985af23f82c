/** Known forms of secrets that people paste into requests: taken out before the text is stored, logged or sent to a model. */

/** Stands where a secret stood. */
export const redacted = '[redacted]'

type Pattern = { readonly find: RegExp; readonly keep: string }

/** `keep` is what of a match stays, the label before the secret. Order matters: blocks before their parts. */
const patterns: readonly Pattern[] = [
  { find: /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|$)/g, keep: '' },
  { find: /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, keep: '' },
  { find: /\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255}|glpat-[A-Za-z0-9_-]{20,64})/g, keep: '' },
  { find: /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}/g, keep: '' },
  { find: /\bsk-[A-Za-z0-9_-]{16,250}/g, keep: '' },
  { find: /\bAIza[A-Za-z0-9_-]{35}/g, keep: '' },
  { find: /\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}/g, keep: '' },
  { find: /\b(bearer\s{1,4})[A-Za-z0-9._~+/-]{16,4000}={0,2}/gi, keep: '$1' },
  { find: /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,200}:)[^\s@/]{1,500}(?=@)/gi, keep: '$1' },
  {
    find: /\b((?:[a-z0-9]{1,40}[_-]){0,4}(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key)["']?\s{0,4}[=:]\s{0,4})(?:"[^"\n]{1,500}"|'[^'\n]{1,500}')/gi,
    keep: '$1',
  },
  {
    // After an equals sign anything is a value; after a colon, which people write in sentences too, what looks made up.
    find: /\b((?:[a-z0-9]{1,40}[_-]){0,4}(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key)(?:\s{0,4}=\s{0,4}|\s{0,4}:\s{0,4}(?=\S{6,500})(?=\S{0,500}[0-9!$%&*+=^])))(?!\[redacted\])[^\s"',;]{1,500}/gi,
    keep: '$1',
  },
]

/** The text with known secrets replaced by `[redacted]`. Takes time in proportion to the text. */
export function redactSecrets(text: string): string {
  return patterns.reduce((cleaned, { find, keep }) => cleaned.replace(find, `${keep}${redacted}`), text)
}
