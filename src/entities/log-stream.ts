import { defineEntity, p } from '@mikro-orm/postgresql'
import { streamKinds } from '../lifecycle/states.ts'

const LogStreamSchema = defineEntity({
  name: 'LogStream',
  properties: {
    /** Id of the request, plan, agent or installation. */
    id: p.uuid().primary(),
    kind: p.enum(streamKinds).$type<(typeof streamKinds)[number]>(),
    /** Number of its latest entry. */
    sequence: p.integer(),
    /** Hash of its latest entry. */
    head: p.blob(),
  },
})

/** Head of one stream of the log. Its row lock is the lock of everything the stream is about. */
export class LogStream extends LogStreamSchema.class {}
LogStreamSchema.setClass(LogStream)
