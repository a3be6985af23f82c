import { expect, test } from 'vitest'
import { createSseReader, type ServerSentEvent } from '../../src/client/sse-reader.ts'

async function eventsOf(chunks: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const reader = createSseReader(new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  }))
  const events: ServerSentEvent[] = []
  for (let event = await reader.next(); event; event = await reader.next()) events.push(event)
  return events
}

const stream = ': alive\n\nevent: next\ndata: {"a":"ü"}\n\nevent: next\ndata:1\ndata: 2\n\nevent: complete\n\nevent: next\ndata: cut'
const expected = [
  { name: 'message', data: '' },
  { name: 'next', data: '{"a":"ü"}' },
  { name: 'next', data: '1\n2' },
  { name: 'complete', data: '' },
]

test.each(['\n', '\r\n', '\r'])('events are the same however the body is cut, with line end %j', async (lineEnd) => {
  const bytes = new TextEncoder().encode(stream.replaceAll('\n', lineEnd))
  expect(await eventsOf([bytes])).toEqual(expected)
  expect(await eventsOf(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(expected)
})
