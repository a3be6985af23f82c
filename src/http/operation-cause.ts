/** Makes whatever an operation does traceable to its request: in log lines, messages and spans. */
import { getOperationAST, Kind, type ExecutionArgs, type ExecutionResult } from 'graphql'
import { causedBy } from '../cause.ts'
import type { Logger } from '../logger.ts'
import type { OperationContext } from '../operation-context.ts'
import type { StartSpan } from '../span.ts'
import type { Execution } from './execution.ts'

export type OperationCauseDeps = {
  readonly logger: Pick<Logger, 'info' | 'debug'>
  /** Absent: no traces, but their context is handed on. */
  readonly startSpan?: StartSpan | undefined
}

/** The same execution, in which every operation runs as the cause of what follows from it. Mutations are logged. */
export function withCauses(execution: Execution, { logger, startSpan }: OperationCauseDeps): Execution {
  /** Runs one operation, or the begin of a subscription. */
  async function follow<Result>(args: ExecutionArgs, run: () => Promise<Result>): Promise<Result> {
    const { requestId, traceparent } = args.contextValue as OperationContext
    const operation = nameOf(args)
    const span = startSpan?.(operation.name, { kind: 'server', parent: traceparent, attributes: { 'planwright.request.id': requestId } })
    return causedBy({ requestId, traceparent: span?.traceparent ?? traceparent }, async () => {
      const began = performance.now()
      const result = await (span ? span.run(run) : run()).finally(() => span?.end())
      const about = { operation: operation.name, ms: Math.round(performance.now() - began), ...(failed(result) && { failed: true }) }
      if (operation.isMutation) logger.info(about, 'an operation was answered')
      else logger.debug(about, 'an operation was answered')
      return result
    })
  }

  return {
    ...execution,
    execute: (args) => follow(args, () => execution.execute(args)),
    subscribe: (args) => follow(args, () => execution.subscribe(args)),
    join: (args, reader) => follow(args, () => execution.join(args, reader)),
  }
}

const failed = (result: unknown): boolean => typeof result === 'object' && result !== null && ((result as ExecutionResult).errors?.length ?? 0) > 0

const fieldsTold = 5

/** `mutation approvePlan`: names of our schema, nothing that a caller chose. */
function nameOf({ document, operationName }: ExecutionArgs): { readonly name: string; readonly isMutation: boolean } {
  const operation = getOperationAST(document, operationName)
  if (!operation) return { name: 'operation', isMutation: false }
  const fields = operation.selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? selection.name.value : [])).slice(0, fieldsTold)
  return { name: [operation.operation, ...fields].join(' '), isMutation: operation.operation === 'mutation' }
}
