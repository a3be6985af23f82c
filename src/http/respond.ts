import type { ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'
import type { Refusal } from './request-guard.ts'

/** Begins the paths of REST. */
export const restPrefix = '/api/v1/'

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

/** Answers with the refusal as an error of REST where the path is one of its, else of GraphQL. */
export function respondRefusal(response: ServerResponse, { status, code, message }: Refusal): void {
  if (status === 405 && !response.hasHeader('allow')) response.setHeader('allow', 'GET, POST')
  respondJson(response, status, isRest(response) ? { error: message, code } : { errors: [{ message, extensions: { code } }] })
}

/** Answers to a fault of ours; the log has it under that id. */
export function respondFault(response: ServerResponse, message: string, requestId: string): void {
  const code = 'INTERNAL_SERVER_ERROR'
  respondJson(response, 500, isRest(response) ? { error: message, code } : { errors: [{ message, extensions: { code, requestId } }] })
}

const isRest = ({ req }: ServerResponse): boolean => req.url?.startsWith(restPrefix) ?? false

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
