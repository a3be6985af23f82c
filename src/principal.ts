/** Who is asking. Services take a principal, never a bare user name from the input. */

export const roles = ['viewer', 'requester', 'approver', 'operator', 'admin', 'agent'] as const
export type Role = (typeof roles)[number]

export type Principal = {
  /** The name in log and approvals: the authenticated one, or what the caller said where authentication is off. */
  readonly userId: string
  readonly roles: readonly Role[]
  /** False where authentication is off and the name is only a claim. */
  readonly authenticated: boolean
  /** Id of the API token or session, for revocation and rate limits. */
  readonly credential: string | null
  /** Reads on behalf of all with these roles: who receives them is checked against the audience of each plan. */
  readonly readsForOthers?: true
}
