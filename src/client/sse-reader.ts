/** Server-sent events out of a response body, with the line ends and split points that proxies make of them. */

export type ServerSentEvent = { readonly name: string; readonly data: string }

/** An event that grows beyond this many characters is not one of ours. */
const longestEvent = 32 * 1_024 * 1_024

/** Reads one event at a time; null at the end of the body, also amidst an event. Comments keep it alive and come as events without data. */
export function createSseReader(body: ReadableStream<Uint8Array>): { next(): Promise<ServerSentEvent | null> } {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let buffered = ''
  return {
    async next() {
      for (;;) {
        const end = /\r\n\r\n|\n\n|\r\r/.exec(buffered)
        if (end) {
          const block = buffered.slice(0, end.index)
          buffered = buffered.slice(end.index + end[0].length)
          return parse(block)
        }
        const { done, value } = await reader.read()
        if (done) return null
        buffered += decoder.decode(value, { stream: true })
        if (buffered.length > longestEvent) throw new Error('An event of the stream is too long.')
      }
    },
  }
}

function parse(block: string): ServerSentEvent {
  let name = 'message'
  const data: string[] = []
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'event') name = value
    else if (field === 'data') data.push(value)
  }
  return { name, data: data.join('\n') }
}
