import { defineEntity, p } from '@mikro-orm/postgresql'

const CheckpointHeadSchema = defineEntity({
  name: 'CheckpointHead',
  properties: {
    stream: p.uuid().primary(),
    sequence: p.integer().primary(),
    /** Number of the checkpoint that states it. */
    checkpoint: p.integer().index(),
    /** Hash of the stream's entry with this number. */
    head: p.blob(),
  },
})

/** Where one stream stood at one checkpoint; only the streams that had moved are stated again. */
export class CheckpointHead extends CheckpointHeadSchema.class {}
CheckpointHeadSchema.setClass(CheckpointHead)
