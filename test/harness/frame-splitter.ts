/** Cuts a byte stream into the pieces a proxy may hold back one by one. */
export type FrameSplitter = (chunk: Buffer) => readonly SplitFrame[]

/** `method` is set where the piece begins an AMQP method, as `class.method`; see `amqpMethods`. */
export type SplitFrame = { readonly bytes: Buffer; readonly method: string | null }

/** AMQP methods worth holding. A confirm is an `ack` towards the client. */
export const amqpMethods = {
  channelOpen: '20.10',
  queueDeclare: '50.10',
  consume: '60.20',
  cancel: '60.30',
  publish: '60.40',
  return: '60.50',
  deliver: '60.60',
  ack: '60.80',
  nack: '60.120',
} as const

/** Each read of the socket is a piece. */
export const splitChunks: FrameSplitter = (chunk) => [{ bytes: chunk, method: null }]

const frameOverhead = 8
const methodFrame = 1

/** Whole AMQP 0-9-1 frames; the client's protocol header is a piece of its own. */
export function createAmqpSplitter(): FrameSplitter {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const frames: SplitFrame[] = []
    for (;;) {
      const length = lengthOfFirst(rest)
      if (length === null || rest.length < length) return frames
      const bytes = rest.subarray(0, length)
      const isMethod = bytes[0] === methodFrame
      frames.push({ bytes, method: isMethod ? `${bytes.readUInt16BE(7)}.${bytes.readUInt16BE(9)}` : null })
      rest = rest.subarray(length)
    }
  }
}

function lengthOfFirst(bytes: Buffer): number | null {
  if (bytes.length < frameOverhead) return null
  return bytes.toString('latin1', 0, 4) === 'AMQP' ? frameOverhead : bytes.readUInt32BE(3) + frameOverhead
}
