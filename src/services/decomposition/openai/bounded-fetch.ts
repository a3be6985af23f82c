/** Reads the whole answer inside the call, so that its time limit covers the body too, and refuses one without end. */
export async function boundedFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    // Leaving the loop cancels the body.
    if (size > largestAnswer) throw new Error('The answer of the model endpoint is too large.')
    chunks.push(chunk)
  }
  const { status, statusText, headers } = response
  // What was decoded is no longer compressed, whatever the header says.
  const kept = new Headers(headers)
  kept.delete('content-encoding')
  kept.delete('content-length')
  return new Response(bodyless.has(status) ? null : Buffer.concat(chunks), { status, statusText, headers: kept })
}

const largestAnswer = 2 * 1024 * 1024

/** Statuses for which a Response with a body cannot be made. */
const bodyless = new Set([204, 205, 304])
