/** What the simulated installation can do: one capability for each rule about effects and places. */
import { buildApprovalRule, buildCapability, sha256OfCanonicalJson } from '../src/catalog/build-capability.ts'
import type { Catalog } from '../src/catalog/capability.ts'
import { capabilityEntry } from '../src/catalog/catalog-file.ts'

const entries = [
  { id: 'read', effect: 'retry_safe', timeout_seconds: 40 },
  { id: 'write', effect: 'idempotent', timeout_seconds: 40, max_attempts: 2, parameters: [{ name: 'place', type: 'string' }] },
  { id: 'send', effect: 'irreversible', timeout_seconds: 30 },
  { id: 'follow', effect: 'idempotent', timeout_seconds: 40, same_agent: true },
  { id: 'compute', effect: 'retry_safe', timeout_seconds: 40, requires: { cpu: 1 } },
]

export function simulatedCatalog(): Catalog {
  const shared = { description: 'Does something.', work_type: 'work', agent_type: 'infra', estimated_minutes: 1, examples: ['do something'] }
  const capabilities = entries.map((entry) => buildCapability(capabilityEntry.parse({ ...shared, name: entry.id, ...entry })))
  const rule = buildApprovalRule(undefined)
  return {
    name: 'simulation',
    version: 1,
    capabilities,
    byId: new Map(capabilities.map((capability) => [capability.id, capability])),
    approvalRules: { low: rule, medium: rule, high: rule },
    digest: sha256OfCanonicalJson(capabilities.map(({ digest }) => digest)),
  }
}

export const simulatedIntents = entries.map(({ id }) => id)
