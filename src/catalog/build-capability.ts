/** From a checked catalog entry to a Capability with all defaults and its digest. */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ApprovalRule, Capability, ParameterSpec, RunSpec } from './capability.ts'
import type { ApprovalRuleEntry, CapabilityEntry, ParameterEntry } from './catalog-file.ts'
import { deriveTaskName } from './task-name.ts'

export function buildCapability(entry: CapabilityEntry): Capability {
  const { memory_mb: memoryMb, ...otherResources } = entry.requires
  const capability: Omit<Capability, 'digest'> = {
    id: entry.id,
    name: entry.name ?? deriveTaskName(entry.description, entry.parameters),
    description: entry.description,
    workType: entry.work_type,
    agentType: entry.agent_type,
    estimatedMinutes: entry.estimated_minutes,
    parameters: entry.parameters.map(buildParameter),
    examples: [...new Set(entry.examples)],
    words: entry.words,
    after: entry.after,
    risk: entry.risk,
    effect: entry.effect,
    timeoutSeconds: entry.timeout_seconds ?? Math.max(60, Math.ceil(3 * 60 * entry.estimated_minutes)),
    maxAttempts: entry.max_attempts,
    requires: { ...otherResources, ...(memoryMb === undefined ? {} : { memoryMb }) },
    sameAgent: entry.same_agent,
    run: buildRun(entry.run),
  }
  return { ...capability, digest: sha256OfCanonicalJson(capability) }
}

function buildParameter(entry: ParameterEntry): ParameterSpec {
  const { aliases, ...rest } = entry
  if (!aliases) return rest
  const byValue = new Map((entry.values ?? []).map((value) => [value.toLowerCase(), value]))
  const spelled = Object.entries(aliases).map(([alias, value]) => [alias.toLowerCase(), byValue.get(value.toLowerCase()) ?? value])
  return { ...rest, aliases: Object.fromEntries(spelled) }
}

function buildRun(entry: CapabilityEntry['run']): RunSpec | null {
  if (!entry) return null
  if (entry.kind !== 'ansible') return entry
  const { extra_vars: extraVars, ...rest } = entry
  return extraVars ? { ...rest, extraVars } : rest
}

/** An approval rule with its defaults: one approver, who may be the requester, no reason needed, never without a person. */
export function buildApprovalRule(entry: ApprovalRuleEntry | undefined): ApprovalRule {
  return {
    approvers: entry?.approvers ?? 1,
    requesterMayApprove: entry?.requester_may_approve ?? true,
    reasonRequired: entry?.reason_required ?? false,
    allowedApprovers: entry?.allowed_approvers ?? null,
    byRule: entry?.by_rule ?? false,
    expiresAfterHours: entry?.expires_after_hours ?? null,
  }
}

/** SHA-256 (hex) over the RFC 8785 form of a JSON value. */
export function sha256OfCanonicalJson(value: unknown): string {
  const json = canonicalize(JSON.parse(JSON.stringify(value)))
  return createHash('sha256').update(json ?? 'null').digest('hex')
}
