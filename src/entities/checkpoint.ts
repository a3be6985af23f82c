import { defineEntity, p } from '@mikro-orm/postgresql'

const CheckpointSchema = defineEntity({
  name: 'Checkpoint',
  properties: {
    /** 1, 2, 3 … without gaps. */
    number: p.integer().primary().autoincrement(false),
    /** Digest (hex) of the checkpoint before; 64 zeros for the first. */
    previous: p.text(),
    at: p.datetime().columnType('timestamptz(3)'),
    /** How many streams it is over. */
    streams: p.integer(),
    /** SHA-256 (hex) over the lines of its heads, in the order of their streams. */
    heads: p.text(),
    /** Which key signed it. */
    keyId: p.text(),
    /** SHA-256 (hex) over the canonical JSON of all of the above. */
    digest: p.text(),
    /** Ed25519 signature (base64) of that canonical JSON. */
    signature: p.text(),
    /** Not signed: every entry made before this time was seen when this checkpoint was made. */
    seenUntil: p.datetime().columnType('timestamptz(3)'),
  },
})

/** A signed statement about where the streams of the log stood. */
export class Checkpoint extends CheckpointSchema.class {}
CheckpointSchema.setClass(Checkpoint)
