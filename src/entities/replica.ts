import { defineEntity, p } from '@mikro-orm/postgresql'

const ReplicaSchema = defineEntity({
  name: 'Replica',
  properties: {
    id: p.uuid().primary(),
    startedAt: p.datetime().columnType('timestamptz(3)'),
    /** Latest time its own ping came back through the broker. */
    lastHeardAt: p.datetime().columnType('timestamptz(3)').nullable(),
    /** Since when pings came back without a gap: leases run out only after a whole lease of listening. */
    listeningSince: p.datetime().columnType('timestamptz(3)').nullable(),
  },
})

/** One running process of the service. */
export class Replica extends ReplicaSchema.class {}
ReplicaSchema.setClass(Replica)
