import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

/** The whole body; null where it is larger. Rejects where the client leaves before its end. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (size <= maxBytes) return void chunks.push(chunk)
      request.off('data', take)
      resolve(null)
    }
    request
      .on('data', take)
      .once('end', () => resolve(Buffer.concat(chunks)))
      .once('error', reject)
      .once('close', () => request.complete || reject(new Error('The client left before the end of its request.')))
  })
}

/** A body as the GraphQL engine takes it from who has read it: parsed, or as text where it is no object with members. */
export function parsedBody(body: Buffer): object | string {
  // Decoding would put other characters in place of broken ones.
  const text = isUtf8(body) ? body.toString() : ''
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) && Object.keys(parsed).length > 0) return parsed
  } catch {
    // The engine says what is wrong with it.
  }
  // An empty one would count as not read yet.
  return text || ' '
}
