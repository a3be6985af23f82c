/** New ids: UUID version 7 (RFC 9562), whose order is that of their making, so that indexes grow at one end. */
import { randomFillSync } from 'node:crypto'

/** Random bytes are drawn for so many ids at once: a call to the system costs more than the id. */
const drawn = 256
const idBytes = 16

export const newId = createIds()

function createIds(): () => string {
  const pool = Buffer.alloc(drawn * idBytes)
  let used = pool.length
  return () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const time = Date.now()
    pool.writeUIntBE(time, used, 6)
    pool[used + 6] = (pool[used + 6]! & 0x0f) | 0x70
    pool[used + 8] = (pool[used + 8]! & 0x3f) | 0x80
    const hex = pool.toString('hex', used, used + idBytes)
    used += idBytes
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
