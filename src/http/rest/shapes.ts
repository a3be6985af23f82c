/** What the REST routes take and answer: checked with these shapes, and described by them in the OpenAPI document. */
import { isEnumType } from 'graphql'
import { z } from 'zod'
import { schema } from '../../schema/index.ts'

/** Words in REST are those of the GraphQL API in lower case. */
const words = (type: 'RequestStatus' | 'PlanStatus' | 'TaskStatus' | 'Complexity', replaced: Readonly<Record<string, string>> = {}) => {
  const found = schema.getType(type)
  const names = isEnumType(found) ? found.getValues().map(({ name }) => name.toLowerCase()) : []
  return z.enum(names.map((name) => replaced[name] ?? name))
}

const id = (type: string) => z.string().meta({ description: `\`${type}_<uuid>\`, the same as in the GraphQL API.` })
const text = z.string({ error: 'Send a text.' })
const flag = z.boolean({ error: 'Send true or false.' })
/** Of what is no object; a field that is not known keeps the words of its own. */
const noObject = { error: ({ code }: { readonly code?: string | undefined }) => (code === 'invalid_type' ? 'Send a JSON object.' : undefined) }
const userId = text.optional().meta({ description: 'Who acts, where authentication is off. With authentication it may be left out and must not differ.' })
const error = z.string().nullable().meta({ description: 'Why it failed; null where it did not.' })

export const requestBody = z
  .strictObject({ request: text.meta({ description: 'What is wanted, in words: 1 to 10,000 characters.' }), user_id: userId }, noObject)
  .meta({ title: 'SubmitRequest' })

export const requestAnswer = z
  .object({
    request_id: id('Request'),
    status: words('RequestStatus').meta({ description: '`parsing` only where understanding takes longer than half a minute; GET the plan later.' }),
    decomposed_request: z.object({
      subtasks: z.array(z.object({ order: z.int(), name: z.string(), intent: z.string(), confidence: z.number() })),
    }),
    ambiguities: z
      .array(z.object({
        id: z.string(), question: z.string(), choices: z.array(z.string()), subtask_order: z.int().nullable(), parameter: z.string().nullable(),
      }))
      .meta({ description: 'Open questions; the GraphQL API takes the answers.' }),
    out_of_scope: z.array(z.object({ text: z.string(), reason: z.string() })),
    error,
  })
  .meta({ title: 'DecomposedRequest' })

export const planAnswer = z
  .object({
    plan_id: id('Plan'),
    request_id: id('Request'),
    tasks: z.array(z.object({ order: z.int(), name: z.string(), work_type: z.string(), agent_type: z.string() })),
    human_readable_summary: z.string(),
    complexity_level: words('Complexity'),
    will_use_external_ai: z.boolean(),
    content_hash: z.string().meta({ description: 'SHA-256 (hex) of all that an approval is about.' }),
    status: words('PlanStatus'),
    error,
  })
  .meta({ title: 'Plan' })

// Strict: a misspelt `approved: false` must not approve.
export const approvalBody = z
  .strictObject({
    approved: flag.default(true).meta({ description: 'False rejects the plan.' }),
    user_id: userId,
    notes: text.nullable().optional().meta({ description: 'Kept with the decision; at most 10,000 characters.' }),
    content_hash: text.nullable().optional().meta({ description: 'The hash that was read; where the plan has another by now, the answer is 409.' }),
    accept_infeasible: flag.default(false).meta({ description: 'True approves although some tasks can be carried out by nobody now.' }),
  }, noObject)
  .meta({ title: 'Decision' })

export const approvalAnswer = z
  .object({
    plan_id: id('Plan'),
    status: z.enum(['approved', 'rejected', 'pending']).meta({ description: '`pending` where others must approve too.' }),
    dispatch_started: z.boolean().optional().meta({ description: 'Absent on a rejection.' }),
    dispatch_result: z
      .object({
        dispatched_tasks: z.array(z.object({
          name: z.string(),
          agent_id: id('Agent').nullable(),
          status: z.enum(['dispatched', 'waiting']).meta({ description: '`waiting` for an agent or for other tasks.' }),
        })),
      })
      .optional()
      .meta({ description: 'Absent on a rejection.' }),
  })
  .meta({ title: 'DecisionResult' })

export const statusAnswer = z
  .object({
    plan_id: id('Plan'),
    request_id: id('Request'),
    status: words('PlanStatus', { pending_approval: 'pending' }),
    complexity_level: words('Complexity'),
    will_use_external_ai: z.boolean(),
    tasks: z.array(z.object({ order: z.int(), name: z.string(), work_type: z.string(), status: words('TaskStatus') })),
    created_at: z.iso.datetime(),
    approved_at: z.iso.datetime().nullable(),
  })
  .meta({ title: 'PlanStatus' })

export const errorAnswer = z
  .object({
    error: z.string().meta({ description: 'What went wrong and what to do next.' }),
    code: z.string().meta({ description: 'Stable code, the same as in the GraphQL API.' }),
    issues: z
      .array(z.object({ path: z.string(), rule: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'With INVALID_INPUT: every broken rule, by its path into the body.' }),
    status: z.string().optional().meta({ description: 'With INVALID_STATE: the present status.' }),
    content_hash: z.string().optional().meta({ description: 'With PLAN_CHANGED: the present hash.' }),
    tasks: z
      .array(z.object({ order: z.int(), name: z.string(), reason: z.string() }))
      .optional()
      .meta({ description: 'With INFEASIBLE_PLAN: what nobody can carry out now.' }),
    retry_after_seconds: z.number().optional(),
  })
  .meta({ title: 'Error' })

export type RequestAnswer = z.infer<typeof requestAnswer>
export type PlanAnswer = z.infer<typeof planAnswer>
export type ApprovalAnswer = z.infer<typeof approvalAnswer>
export type StatusAnswer = z.infer<typeof statusAnswer>
export type ErrorAnswer = z.infer<typeof errorAnswer>
