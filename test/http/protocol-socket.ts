/** A client of graphql-transport-ws that sends whatever it is told, the forbidden too, and keeps what comes back. */
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'

const id = z.string().min(1)
const details = z.record(z.string(), z.unknown()).nullish()
const graphqlErrors = z.array(z.looseObject({ message: z.string() })).min(1)

/** What a server may send, by the document. */
const serverMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('connection_ack'), payload: details }),
  z.strictObject({ type: z.literal('ping'), payload: details }),
  z.strictObject({ type: z.literal('pong'), payload: details }),
  z.strictObject({
    id,
    type: z.literal('next'),
    payload: z.strictObject({ data: details, errors: graphqlErrors.optional(), extensions: z.record(z.string(), z.unknown()).optional() }),
  }),
  z.strictObject({ id, type: z.literal('error'), payload: graphqlErrors }),
  z.strictObject({ id, type: z.literal('complete') }),
])
export type ServerMessage = z.infer<typeof serverMessage>

export type ProtocolSocket = Awaited<ReturnType<typeof openSocket>>

/** Of polls: nothing here takes long, but machines may be busy. */
export const patience = { timeout: 30_000, interval: 5 }

/** Rejects where the server takes none of the sub-protocols. A message that no server may send fails whoever reads it. */
export async function openSocket(url: string, protocol: string | string[] = 'graphql-transport-ws') {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocol)
  const arrived: string[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })))
  socket.on('message', (data, isBinary) => arrived.push(isBinary ? `binary: ${String(data)}` : String(data)))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const send = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  /** Takes the oldest messages, once there are so many. */
  const next = async (count: number): Promise<ServerMessage[]> => {
    await expect.poll(() => arrived.length, patience).toBeGreaterThanOrEqual(count)
    return arrived.splice(0, count).map((text) => serverMessage.parse(JSON.parse(text)))
  }
  /** All up to the next one of this type, which comes last. */
  const upTo = async (type: ServerMessage['type']): Promise<ServerMessage[]> => {
    const messages: ServerMessage[] = []
    do messages.push(...(await next(1)))
    while (messages.at(-1)!.type !== type)
    return messages
  }
  return {
    socket, closed, send, next, upTo,
    subscribe: (operation: string, payload: object) => send({ id: operation, type: 'subscribe', payload }),
    complete: (operation: string) => send({ id: operation, type: 'complete' }),
    /** What comes before the answer to a ping. */
    async untilPong(): Promise<ServerMessage[]> {
      send({ type: 'ping' })
      return (await upTo('pong')).slice(0, -1)
    },
    async close(code = 1000): Promise<void> {
      socket.close(code)
      await closed
    },
  }
}

/** One whose connection is acknowledged. */
export async function openConnection(url: string, payload?: unknown): Promise<ProtocolSocket> {
  const connection = await openSocket(url)
  connection.send({ type: 'connection_init', ...(payload !== undefined && { payload }) })
  expect(await connection.next(1)).toMatchObject([{ type: 'connection_ack' }])
  return connection
}
