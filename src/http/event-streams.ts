/** Subscriptions over HTTP stay open: who may have one, and what ends them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import { acceptsEvents } from './accept.ts'
import { credentialsOf } from './authenticate.ts'
import type { Places } from './places.ts'
import { serverLimits } from './server-limits.ts'
import type { Sessions } from './sessions.ts'

export type EventStreams = {
  /** Before a subscription of the caller begins: counts and watches over the response that will carry it. Throws what refuses it. */
  open(request: IncomingMessage, response: ServerResponse, caller: string): void
  /** Ends every open stream; their clients reconnect elsewhere. */
  end(): void
}

export function createEventStreams({ places, sessions }: { readonly places: Places; readonly sessions: Sessions | null }): EventStreams {
  const streams = new Set<ServerResponse>()
  return {
    open(request, response, caller) {
      if (!acceptsEvents(request)) throw refusal(406, 'NOT_ACCEPTABLE', 'Subscriptions are answered with events: accept text/event-stream, or use a WebSocket.')
      if (streams.size >= serverLimits.eventStreams) {
        throw refusal(503, 'UNAVAILABLE', 'Too many event streams. Try again shortly.', { retryAfterSeconds: 2 })
      }
      const place = places.take(caller)
      const closed = sessions?.open(credentialsOf(request), () => response.destroy())
      // Proxies that know it hand on each event at once.
      response.setHeader('x-accel-buffering', 'no')
      streams.add(response)
      response.once('close', () => {
        streams.delete(response)
        place.leave()
        closed?.()
      })
    },
    end() {
      for (const response of streams) response.destroy()
    },
  }
}

const refusal = (status: number, code: string, message: string, fields: object = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...fields, http: { status } } })
