/** New ids: UUID version 7 (RFC 9562), whose order is that of their making, so that indexes grow at one end. */
import { randomFillSync } from 'node:crypto'

export function newId(): string {
  const bytes = randomFillSync(new Uint8Array(16))
  const view = new DataView(bytes.buffer)
  const time = Date.now()
  view.setUint32(0, Math.floor(time / 0x1_0000))
  view.setUint16(4, time % 0x1_0000)
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
