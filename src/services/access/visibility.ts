/**
 * Who may see what. A request says who may see it and everything that belongs to it; its submitter and administrators
 * always may. What somebody may not see is for them as if it did not exist.
 */
import { NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { Principal } from '../../principal.ts'
import type { Queryable } from '../recording/rows.ts'

/** The name of somebody who may not see everything; null for those who may. */
export type Viewer = string | null

export const viewerOf = ({ userId, roles, readsForOthers }: Principal): Viewer => (readsForOthers || roles.includes('admin') ? null : userId)

/** What a request says about who may see it. */
export type Audience = { readonly submittedBy: string; readonly visibleTo?: readonly string[] | null | undefined }

/** Whether the viewer may see such a request. */
export const maySee = (viewer: Viewer, { submittedBy, visibleTo }: Audience): boolean =>
  viewer === null || visibleTo == null || submittedBy === viewer || visibleTo.includes(viewer)

/** Who may see a plan; null where there is none. */
export async function readAudience(database: Queryable, planId: string): Promise<Audience | null> {
  const { rows } = await database.query({
    name: 'plan_audience',
    text: 'select r.submitted_by as "submittedBy", r.visible_to as "visibleTo" from plan p join request r on r.id = p.request_id where p.id = $1',
    values: [planId],
  })
  return (rows as Audience[])[0] ?? null
}

/** The same as SQL about a row `r` of `request`; `name` is the place of the viewer's name, used twice. */
export const maySeeSql = (name: string): string => `(r.visible_to is null or r.submitted_by = ${name} or jsonb_exists(r.visible_to, ${name}))`

const kinds = {
  Request: { word: 'request', from: 'request r', id: 'r.id' },
  Plan: { word: 'plan', from: 'plan p join request r on r.id = p.request_id', id: 'p.id' },
  Task: { word: 'task', from: 'task t join plan p on p.id = t.plan_id join request r on r.id = p.request_id', id: 't.id' },
} as const

/** Throws NotFoundError where there is no such row, or none that the viewer may see. */
export async function checkVisible(database: Queryable, viewer: Viewer, type: keyof typeof kinds, id: string): Promise<void> {
  if (viewer === null) return
  const { word, from, id: column } = kinds[type]
  const { rows } = await database.query({
    name: `visible_${word}`,
    text: `select 1 from ${from} where ${column} = $1 and ${maySeeSql('$2')}`,
    values: [id, viewer],
  })
  if (rows.length === 0) throw new NotFoundError(word, toGlobalId(type, id))
}
