import type { ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'
import type { Refusal } from './request-guard.ts'

/** Milliseconds that a client may go on sending a body nobody reads, so that it sees the answer. */
const lingerMs = 500

/** Answers with JSON; a body that is still arriving is dropped and the connection closed. */
export function respondJson(response: ServerResponse, status: number, body: unknown): void {
  respondText(response, status, 'application/json; charset=utf-8', JSON.stringify(body))
}

/** Answers with a text of the given content type. */
export function respondText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}

/** Answers with a masked error, with the status and headers that it asks for. */
export function respondError(response: ServerResponse, error: GraphQLError): void {
  const { http = {}, ...extensions } = error.extensions as { http?: { status?: number; headers?: Record<string, string> } }
  for (const [name, value] of Object.entries(http.headers ?? {})) response.setHeader(name, value)
  respondJson(response, http.status ?? 503, { errors: [{ message: error.message, extensions }] })
}

/** Answers with the refusal as a GraphQL error. */
export function respondRefusal(response: ServerResponse, { status, code, message }: Refusal): void {
  if (status === 405) response.setHeader('allow', 'GET, POST')
  respondJson(response, status, { errors: [{ message, extensions: { code } }] })
}

/** Ends the connection of a client that goes on sending after its answer. */
export function endUnreadBody(response: ServerResponse): void {
  const { req } = response
  const { socket } = req
  response.once('finish', () => {
    if (req.complete || socket.destroyed) return
    // Read on for a moment: closing with unread bytes would take the answer away from the client.
    socket.resume()
    setTimeout(() => {
      if (!req.complete) socket.destroy()
    }, lingerMs).unref()
  })
}
