/** Loads every type and builds the schema. */
import { builder } from './builder.ts'
import './scalars.ts'
import './errors.ts'
import './node.ts'
import './total.ts'
import './request.ts'
import './request-mutations.ts'
import './plan.ts'
import './plan-mutations.ts'
import './task.ts'
import './task-mutations.ts'
import './attempt.ts'
import './routing-decision.ts'
import './decisions.ts'
import './agent.ts'
import './capability.ts'
import './execution-log-entry.ts'
import './audit.ts'
import './cost-report.ts'
import './quota.ts'
import './subscriptions.ts'

builder.queryType({ description: 'Reads. Nothing here changes anything.' })
builder.mutationType({ description: 'Changes. Each answers with what it made, or with a typed error and nothing changed.' })
builder.subscriptionType({ description: 'Live changes, over WebSocket (graphql-transport-ws) or server-sent events.' })

/** The public API. */
export const schema = builder.toSchema()
