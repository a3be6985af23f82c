/** Global ids: `Plan_<uuid>`, the same in API, REST, messages, log and exports; tables hold the bare uuid. */
import { NotFoundError } from './errors.ts'

export type GlobalIdType = 'Request' | 'Plan' | 'Task' | 'Attempt' | 'Approval' | 'Agent' | 'RoutingDecision' | 'FallbackDecision'

const pattern = /^([A-Za-z]+)_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** `Plan` and a uuid → `Plan_<uuid>`. */
export const toGlobalId = (type: GlobalIdType, uuid: string): string => `${type}_${uuid}`

/** The two parts of a global id, or null where it is none. */
export function parseGlobalId(id: string): { type: string; uuid: string } | null {
  const match = pattern.exec(id)
  return match ? { type: match[1]!, uuid: match[2]! } : null
}

/** The uuid inside; malformed ids and ids of another type are NotFoundError, like unknown ones. */
export function fromGlobalId(type: GlobalIdType, id: string): string {
  const parsed = parseGlobalId(id)
  if (parsed?.type !== type) throw new NotFoundError(type.toLowerCase(), id)
  return parsed.uuid
}
