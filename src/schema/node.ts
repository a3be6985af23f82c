/** Global ids: the `id` field of each type that has one, and the queries that find it again. */
import { brandWithType } from '@pothos/core'
import { z } from 'zod'
import { NotFoundError } from '../errors.ts'
import { parseGlobalId, toGlobalId, type GlobalIdType } from '../global-id.ts'
import type { OperationContext } from '../operation-context.ts'
import type { Loaders } from '../services/watching/loaders.ts'
import { builder } from './builder.ts'

type Node = { readonly id: string }

const loaders = {
  Request: ({ request }) => request,
  Plan: ({ plan }) => plan,
  Task: ({ task }) => task,
  Attempt: ({ attempt }) => attempt,
  Approval: ({ approval }) => approval,
  Agent: ({ agent }) => agent,
  RoutingDecision: ({ routingDecision }) => routingDecision,
  FallbackDecision: ({ fallbackDecision }) => fallbackDecision,
} satisfies Record<GlobalIdType, (loaders: Loaders) => { load(id: string): Promise<Node | null> }>

const isNodeType = (type: string | undefined): type is GlobalIdType => type !== undefined && Object.hasOwn(loaders, type)

export const NodeInterface = builder.nodeInterfaceRef()

/** The `id` field of a type. */
export const globalIdField = (type: GlobalIdType) => ({
  description: `\`${type}_<uuid>\`, the same in API, messages, log and exports.`,
  resolve: ({ id }: Node) => toGlobalId(type, id),
})

/** The row behind a global id of any type; NotFoundError for everything that leads to none. */
async function loadNode(id: string, context: OperationContext): Promise<Node> {
  const parsed = parseGlobalId(id)
  if (!parsed || !isNodeType(parsed.type)) throw new NotFoundError('object', id)
  const row = await loaders[parsed.type](context.loaders).load(parsed.uuid)
  if (!row) throw new NotFoundError('object', id)
  brandWithType(row, parsed.type as never)
  return row
}

builder.queryFields((t) => ({
  node: t.field({
    type: NodeInterface,
    nullable: true,
    description: 'Anything by its id. An id that leads nowhere is null, with an error of code NOT_FOUND.',
    authScopes: { reader: true },
    args: { id: t.arg.id({ required: true, description: 'An id as this API gave it.' }) },
    resolve: (_, { id }, context) => loadNode(id, context),
  }),
  nodes: t.field({
    type: [NodeInterface],
    nullable: { list: false, items: true },
    description: 'Several things by their ids, in the order of the ids; null with an error for each id that leads nowhere.',
    authScopes: { reader: true },
    complexity: ({ ids }) => ({ field: 1, multiplier: ids.length }),
    args: {
      ids: t.arg.idList({
        required: true,
        description: 'At most 100 ids.',
        validate: z.array(z.string()).max(100, { error: 'Ask for at most 100 at a time.' }),
      }),
    },
    resolve: (_, { ids }, context) => ids.map((id) => loadNode(id, context)),
  }),
}))
