/** API tokens: made, listed and revoked by a command, each with its entry in the installation's log. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { InvalidInputError, NotFoundError, type InputIssue } from '../../errors.ts'
import { roles, type Role } from '../../principal.ts'
import { checkText } from '../decomposition/bounded-text.ts'
import { logForInstallation } from '../installation-log.ts'
import type { Queryable } from '../recording/rows.ts'

/** Begins every token, so that scanners and people recognise one. */
export const tokenPrefix = 'planwright_'
const tokenPattern = /^planwright_[\w-]{43}$/

export type ApiTokenDraft = {
  readonly userId: string
  /** At least one word of `roles`. */
  readonly roles: readonly string[]
  readonly label: string | null
  /** Null: valid until it is revoked. */
  readonly expiresAt: Date | null
}

/** A token as it is listed: without the token. */
export type ListedToken = {
  readonly id: string
  readonly userId: string
  readonly roles: readonly Role[]
  readonly label: string | null
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
}

/** Makes a token and answers it, the only time that it can be read. Throws InvalidInputError. */
export async function createApiToken(pool: pg.Pool, draft: ApiTokenDraft): Promise<{ readonly id: string; readonly token: string }> {
  const issues = checkDraft(draft)
  if (issues.length > 0) throw new InvalidInputError(issues)
  const id = randomUUID()
  const token = tokenPrefix + randomBytes(32).toString('base64url')
  const { userId, label, expiresAt } = draft
  const given = [...new Set(draft.roles)]
  const entry = {
    kind: 'TOKEN_CREATED', actor: 'service', message: `An API token for ${userId} was created.`,
    detail: { tokenId: id, userId, roles: given, label, expiresAt: expiresAt?.toISOString() ?? null },
  } as const
  await logForInstallation(pool, entry, (client) => client.query({
    name: 'insert_api_token',
    text: 'insert into api_token (id, user_id, roles, label, digest, created_at, expires_at) values ($1, $2, $3, $4, $5, clock_timestamp(), $6)',
    values: [id, userId, JSON.stringify(given), label, digestOf(token), expiresAt],
  }))
  return { id, token }
}

function checkDraft({ userId, roles: given, label, expiresAt }: ApiTokenDraft): InputIssue[] {
  const unknown = given.filter((role) => !(roles as readonly string[]).includes(role))
  const named = checkText('user', userId, 200)
  const labelled = label === null ? null : checkText('label', label, 200)
  return [
    ...(named ? [named] : []),
    ...(labelled ? [labelled] : []),
    ...(given.length === 0 || unknown.length > 0 ? [{ path: 'role', rule: 'one_of', message: `Choose from ${roles.join(', ')}.` }] : []),
    ...(expiresAt && !(expiresAt.getTime() > Date.now()) ? [{ path: 'expires', rule: 'future', message: 'Choose a time to come.' }] : []),
  ]
}

/** All tokens, newest first, also those that are valid no more. */
export async function listApiTokens(database: Queryable): Promise<ListedToken[]> {
  const { rows } = await database.query({
    name: 'list_api_tokens',
    text: `select id, user_id as "userId", roles, label, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"
      from api_token order by created_at desc, id`,
    values: [],
  })
  return rows as ListedToken[]
}

/** Ends a token. Throws NotFoundError where there is none with this id, or it was revoked before. */
export async function revokeApiToken(pool: pg.Pool, id: string): Promise<ListedToken> {
  const token = (await listApiTokens(pool)).find((listed) => listed.id === id)
  if (!token) throw new NotFoundError('token', id)
  const { userId } = token
  const entry = { kind: 'TOKEN_REVOKED', actor: 'service', message: `An API token of ${userId} was revoked.`, detail: { tokenId: id, userId } } as const
  await logForInstallation(pool, entry, async (client) => {
    const { rowCount } = await client.query({
      name: 'revoke_api_token',
      text: 'update api_token set revoked_at = clock_timestamp() where id = $1 and revoked_at is null',
      values: [id],
    })
    if (rowCount === 0) throw new NotFoundError('token', id)
  })
  return token
}

export type ValidToken = { readonly id: string; readonly userId: string; readonly roles: readonly Role[] }

/** Whose token this is, where it is valid now; null for anything else. */
export async function findApiToken(database: Queryable, token: string): Promise<ValidToken | null> {
  if (!tokenPattern.test(token)) return null
  const { rows } = await database.query({
    name: 'find_api_token',
    text: `select id, user_id as "userId", roles from api_token
      where digest = $1 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`,
    values: [digestOf(token)],
  })
  return (rows as ValidToken[])[0] ?? null
}

/** The secret has 256 random bits: a plain hash cannot be guessed back. */
const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex')
