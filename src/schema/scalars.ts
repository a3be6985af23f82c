import { GraphQLError, Kind, valueFromASTUntyped, type ValueNode } from 'graphql'
import { isStorableTime } from '../services/watching/page.ts'
import { builder } from './builder.ts'

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i

function parseDateTime(value: unknown, node?: ValueNode): Date {
  const time = typeof value === 'string' && dateTime.test(value) ? new Date(value) : null
  if (time === null || !isStorableTime(time.getTime())) {
    throw new GraphQLError('Write a DateTime as RFC 3339 of the years 1 to 9999, such as "2026-11-23T09:30:00Z".', node && { nodes: node })
  }
  return time
}

builder.scalarType('DateTime', {
  description: 'A moment as RFC 3339, such as `2026-11-23T09:30:00.000Z`; answered in UTC with milliseconds.',
  serialize: (value) => new Date(value as Date | string).toISOString(),
  parseValue: (value) => parseDateTime(value),
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : null, node),
})

builder.scalarType('JSON', {
  description: 'Any JSON value. Clients treat it as unknown.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})
