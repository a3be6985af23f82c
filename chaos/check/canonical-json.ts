/** Canonical JSON (RFC 8785) and hashes over it, written for the checker alone. */
import { createHash } from 'node:crypto'

/** The one text of a JSON value: keys in the order of their UTF-16 code units, no space; undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  // Plain comparison of strings is by code units.
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}

export const sha256 = (...parts: readonly (string | Buffer)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** What an approval is about, of one task; `dependsOn` holds the orders. */
export type ApprovedTask = {
  readonly order: number
  readonly name: string
  readonly intent: string
  readonly workType: string
  readonly agentType: string
  readonly parameters: unknown
  readonly dependsOn: readonly number[]
  readonly effect: string
  readonly timeoutSeconds: number
  readonly maxAttempts: number
  readonly requires: unknown
  readonly sameAgent: boolean
  readonly useExternalAi: boolean
  readonly capabilityDigest: string
}

/** The content hash (hex) that a plan of these tasks must have. */
export function contentHashOf(tasks: readonly ApprovedTask[]): string {
  const content = tasks.toSorted((a, b) => a.order - b.order).map(({ timeoutSeconds, maxAttempts, dependsOn, ...task }) => ({
    ...task,
    dependsOn: dependsOn.toSorted((a, b) => a - b),
    limits: { timeoutSeconds, maxAttempts },
    carriedFrom: null,
  }))
  return sha256(canonicalJson(content)).toString('hex')
}
