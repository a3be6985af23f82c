import { defineEntity, p } from '@mikro-orm/postgresql'

const ApiTokenSchema = defineEntity({
  name: 'ApiToken',
  properties: {
    id: p.uuid().primary(),
    /** Who acts with it. */
    userId: p.text(),
    /** Words of `roles` in principal.ts. */
    roles: p.json<readonly string[]>(),
    /** What it is for, in the words of whoever created it. */
    label: p.text().nullable(),
    /** SHA-256 (hex) of the token; the token itself is stored nowhere. */
    digest: p.text().unique(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
    /** Null: valid until it is revoked. */
    expiresAt: p.datetime().columnType('timestamptz(3)').nullable(),
    revokedAt: p.datetime().columnType('timestamptz(3)').nullable(),
  },
})

/** A secret that lets a person or program use the API. */
export class ApiToken extends ApiTokenSchema.class {}
ApiTokenSchema.setClass(ApiToken)
