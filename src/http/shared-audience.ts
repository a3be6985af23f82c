/**
 * Lets callers who may see only some plans share executions: events are read for all of them at once, and each is handed
 * to those who may see its plan at that time.
 */
import { getArgumentValues, Kind, type ValidatedSubscriptionArgs } from 'graphql'
import { parseGlobalId } from '../global-id.ts'
import type { OperationContext } from '../operation-context.ts'
import { maySee, viewerOf } from '../services/access/visibility.ts'
import type { SharedEvent } from './read-ahead.ts'
import type { Reader } from './shared-streams.ts'

type Caller = Pick<OperationContext, 'principal' | 'services'>

/** The global id of the plan that a subscription names; null where it names none, or what it gives cannot be read. */
export function watchedPlan({ schema, operation, variableValues }: ValidatedSubscriptionArgs): string | null {
  const [node] = operation.selectionSet.selections
  const field = node?.kind === Kind.FIELD ? schema.getSubscriptionType()?.getFields()[node.name.value] : undefined
  if (node?.kind !== Kind.FIELD || !field?.args.some(({ name }) => name === 'planId')) return null
  try {
    return String(getArgumentValues(field, node, variableValues)['planId'])
  } catch {
    return null
  }
}

/** Whether the caller may see that plan; those who name none begin with the others. */
export async function mayWatch({ principal, services }: Caller, planId: string | null): Promise<boolean> {
  const viewer = viewerOf(principal)
  if (viewer === null || planId === null) return true
  const id = parseGlobalId(planId)
  const audience = id?.type === 'Plan' ? await services.audienceOf(id.uuid) : null
  return audience !== null && maySee(viewer, audience)
}

export type GuardedReader = { readonly reader: Reader; /** Calls back once it was told that it may read no more. */ onRefused(leave: () => void): void }

/**
 * Hands on what the viewer may see. The first event that it may not ends the reading with `refusal`; where there is none,
 * such events are left out.
 */
export function guardReader(reader: Reader, viewer: string, refusal: SharedEvent | null): GuardedReader {
  let isOver = false
  let leave = () => {}
  const isHidden = ({ audience }: SharedEvent): boolean => audience !== undefined && (audience === null || !maySee(viewer, audience))

  function refuse(seen: readonly SharedEvent[], last: SharedEvent): void {
    isOver = true
    void reader.take([...seen, last])
    reader.end()
    leave()
  }

  return {
    reader: {
      take(events) {
        if (isOver) return
        const first = events.findIndex(isHidden)
        if (first === -1) return reader.take(events)
        if (refusal) return refuse(events.slice(0, first), refusal)
        const seen = events.filter((event) => !isHidden(event))
        return seen.length > 0 ? reader.take(seen) : undefined
      },
      end() {
        if (!isOver) reader.end()
      },
    },
    onRefused(listener) {
      leave = listener
      if (isOver) listener()
    },
  }
}
