/** The YAML shape of a catalog file: snake_case keys, unknown keys refused. Meaning and defaults: docs/catalog.md. */
import { z } from 'zod'
import { effects, parameterTypes, risks } from './capability.ts'
import { catalogLimits as limits } from './catalog-limits.ts'

const id = z.string().regex(/^[a-z][a-z0-9_-]{0,79}$/, 'use lower-case letters, digits, underscores and dashes, at most 80')
const text = (max: number) => z.string().trim().min(1, 'must not be empty').max(max, `at most ${max} characters`)
const word = text(64).regex(/^[A-Za-z0-9][\w.-]*$/, 'use letters, digits, dots, dashes and underscores')

export const parameterEntry = z.strictObject({
  name: id,
  type: z.enum(parameterTypes),
  required: z.boolean().default(false),
  values: z.array(text(120)).min(1, 'name at least one value').max(limits.enumValues).optional(),
  aliases: z.record(text(120), text(120)).refine((map) => Object.keys(map).length <= limits.aliases, `at most ${limits.aliases} aliases`).optional(),
  description: text(limits.descriptionLength).optional(),
  minimum: z.int().optional(),
  maximum: z.int().optional(),
})

const runEntry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('command'), argv: z.array(z.string().max(4_000)).min(1).max(100), cwd: text(500).optional() }),
  z.strictObject({
    kind: z.literal('http'),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    url: text(2_000).regex(/^https?:\/\//, 'begin with http:// or https://'),
    headers: z.record(z.string(), z.string().max(2_000)).optional(),
    body: z.unknown().optional(),
  }),
  z.strictObject({
    kind: z.literal('ansible'),
    playbook: text(500),
    inventory: text(500).optional(),
    extra_vars: z.record(z.string(), z.string().max(2_000)).optional(),
  }),
  z.strictObject({ kind: z.literal('compose'), project: text(200), file: text(500), action: z.enum(['up', 'down', 'restart']) }),
])

export const capabilityEntry = z.strictObject({
  id,
  name: text(200).optional(),
  description: text(limits.descriptionLength),
  work_type: word,
  agent_type: word,
  estimated_minutes: z.number().positive('must be above 0').max(100_000),
  parameters: z.array(parameterEntry).max(limits.parameters).default([]),
  examples: z.array(text(limits.exampleLength)).min(1, 'give at least one example utterance').max(limits.examples),
  words: z.record(z.string().regex(/^[a-z]{2,3}$/, 'use a language code such as de'), z.array(text(limits.exampleLength)).max(limits.wordsPerLanguage)).default({}),
  after: z.array(id).max(100).default([]),
  risk: z.enum(risks).default('medium'),
  effect: z.enum(effects).default('idempotent'),
  timeout_seconds: z.number().positive().max(7 * 86_400).optional(),
  max_attempts: z.int().min(1).max(20).default(3),
  requires: z.strictObject({
    cpu: z.number().nonnegative().optional(), memory_mb: z.number().nonnegative().optional(), gpus: z.int().nonnegative().optional(),
  }).default({}),
  same_agent: z.boolean().default(false),
  run: runEntry.optional(),
})

const approvalRule = z.strictObject({
  approvers: z.int().min(1).max(20).default(1),
  requester_may_approve: z.boolean().default(true),
  reason_required: z.boolean().default(false),
  allowed_approvers: z.array(text(200)).min(1).max(1_000).optional(),
  by_rule: z.boolean().default(false),
  expires_after_hours: z.number().positive('must be above 0').max(100_000).optional(),
}).refine(({ approvers, allowed_approvers: allowed }) => !allowed || new Set(allowed).size >= approvers, {
  path: ['approvers'],
  error: 'asks for more people than allowed_approvers names: no plan could ever be approved',
})

export const catalogFile = z.strictObject({
  version: z.literal(1).default(1),
  name: text(120).optional(),
  approval: z.strictObject({ low: approvalRule.optional(), medium: approvalRule.optional(), high: approvalRule.optional() }).default({}),
  capabilities: z.array(capabilityEntry).max(limits.capabilities).default([]),
})

export type CapabilityEntry = z.infer<typeof capabilityEntry>
export type ParameterEntry = z.infer<typeof parameterEntry>
export type CatalogFile = z.infer<typeof catalogFile>
export type ApprovalRuleEntry = z.infer<typeof approvalRule>
