import { defineEntity, p } from '@mikro-orm/postgresql'
import { requestStatuses } from '../lifecycle/states.ts'
import type { Ambiguity, OutOfScopeItem, Subtask } from './decomposition.ts'

/** A question that a person has answered. */
export type AnsweredAmbiguity = { ambiguity: Ambiguity; answer: string; by: string; at: string }

const RequestSchema = defineEntity({
  name: 'Request',
  uniques: [{ properties: ['submittedBy', 'idempotencyKey'] }],
  indexes: [
    { properties: ['createdAt', 'id'] },
    { properties: ['submittedBy', 'status', 'createdAt', 'id'] },
    { properties: ['status', 'createdAt', 'id'] },
  ],
  properties: {
    id: p.uuid().primary(),
    /** The request as submitted; empty where a program submitted subtasks. */
    text: p.text(),
    submittedBy: p.text(),
    idempotencyKey: p.text().nullable(),
    /** Who may see it and its plans, beside whoever submitted it and administrators; null: everybody. */
    visibleTo: p.json<readonly string[]>().nullable(),
    /** SHA-256 (hex) of what was submitted: the same idempotency key with other content is refused. */
    inputDigest: p.text(),
    status: p.enum(requestStatuses).$type<(typeof requestStatuses)[number]>(),
    subtasks: p.json<readonly Subtask[]>(),
    ambiguities: p.json<readonly Ambiguity[]>(),
    outOfScope: p.json<readonly OutOfScopeItem[]>(),
    answers: p.json<readonly AnsweredAmbiguity[]>(),
    failureReason: p.text().nullable(),
    /** Something the requester should know, such as that the catalog decomposer stood in for the model. */
    notice: p.text().nullable(),
    /** Which decomposer understood it: catalog, openai, or program for submitted subtasks. */
    decomposer: p.text(),
    /** Tries of a PARSING request so far, and until when the present one is leased. */
    parsingTries: p.integer().default(0),
    parsingLeaseUntil: p.datetime().columnType('timestamptz(3)').nullable().index(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    updatedAt: p.datetime().columnType('timestamptz(3)'),
  },
})

/** What a person asked for, with its decomposition. */
export class Request extends RequestSchema.class {}
RequestSchema.setClass(Request)
