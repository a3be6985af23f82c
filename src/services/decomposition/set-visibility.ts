import type { Request } from '../../entities/request.ts'
import { ForbiddenError, InvalidInputError } from '../../errors.ts'
import type { Principal } from '../../principal.ts'
import type { RequestWriter } from './request-writer.ts'
import { checkViewers } from './submit-request.ts'

export type SetVisibilityInput = {
  readonly requestId: string
  /** Names of those who may see it beside the submitter and administrators, at most 100; null: everybody. */
  readonly visibleTo: readonly string[] | null
}

/** Says anew who may see a request and its plans; only its submitter and administrators may. */
export async function setVisibility(
  { writer }: { readonly writer: RequestWriter },
  { userId, roles }: Principal,
  { requestId, visibleTo }: SetVisibilityInput,
): Promise<Request> {
  const issues = checkViewers(visibleTo ?? [])
  if (issues.length > 0) throw new InvalidInputError(issues)
  const names = visibleTo && [...new Set(visibleTo)]
  const { request } = await writer.change({
    requestId,
    apply(present) {
      if (present.submittedBy !== userId && !roles.includes('admin')) {
        throw new ForbiddenError('Only whoever submitted the request, or an administrator, says who may see it.')
      }
      if (JSON.stringify(present.visibleTo ?? null) === JSON.stringify(names)) return null
      const message = names ? `Visible to ${names.length === 0 ? 'the submitter' : names.join(', ')}, and to administrators.` : 'Visible to everybody.'
      const entry = {
        stream: requestId, streamKind: 'REQUEST', kind: 'VISIBILITY_CHANGED', actor: `user:${userId}`, message: message.slice(0, 2_000),
        detail: { visibleTo: names },
      } as const
      return { request: { ...present, visibleTo: names }, log: [entry] }
    },
  })
  return request
}
