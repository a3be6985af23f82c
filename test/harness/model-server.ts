/** A local server that speaks the wire format of chat completions and answers by script. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a call carried. */
export type ModelCall = {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: {
    readonly model: string
    readonly messages: readonly { readonly role: string; readonly content: string }[]
    readonly response_format: { readonly json_schema: { readonly strict: boolean; readonly schema: Record<string, unknown> } }
    readonly [key: string]: unknown
  }
}

/** One scripted answer. */
export type ModelReply =
  | { readonly kind: 'answer'; readonly content: unknown; readonly usage?: unknown }
  | { readonly kind: 'text'; readonly content: string }
  | { readonly kind: 'refusal' }
  | { readonly kind: 'truncated'; readonly content?: string }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string; readonly message?: string }
  | { readonly kind: 'raw'; readonly body: string }
  | { readonly kind: 'silence' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'cut' }

export type ModelServer = {
  /** To be used as OPENAI_BASE_URL. */
  readonly url: string
  readonly calls: readonly ModelCall[]
  /** Answers the next calls in order; the last one for all that follow. */
  script(...replies: ModelReply[]): void
  /** Answers every call by what it says, once that is known. */
  obey(answer: (call: ModelCall) => unknown): void
  stop(): Promise<void>
}

const usage = { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 }

export async function startModelServer(): Promise<ModelServer> {
  const calls: ModelCall[] = []
  let replies: ModelReply[] = []
  let obedient: ((call: ModelCall) => unknown) | null = null

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    const call: ModelCall = { path: request.url ?? '', authorization: request.headers.authorization, body: JSON.parse(body) }
    calls.push(call)
    const next = replies.length > 1 ? replies.shift() : replies[0]
    send(request, response, obedient ? { kind: 'answer', content: await obedient(call) } : (next ?? { kind: 'status', status: 500 }))
  }
  // A call that its client gave up has nobody to answer.
  const server = createServer((request, response) => void serve(request, response).catch(() => request.socket.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    script(...scripted) {
      calls.length = 0
      obedient = null
      replies = scripted
    },
    obey(answer) {
      calls.length = 0
      obedient = answer
    },
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  return body
}

function send(request: IncomingMessage, response: ServerResponse, reply: ModelReply): void {
  switch (reply.kind) {
    case 'answer':
      return json(response, completion({ content: JSON.stringify(reply.content) }, 'stop', 'usage' in reply ? reply.usage : usage))
    case 'text':
      return json(response, completion({ content: reply.content }, 'stop', usage))
    case 'refusal':
      return json(response, completion({ content: null, refusal: 'I cannot help with that.' }, 'stop', usage))
    case 'truncated':
      return json(response, completion({ content: reply.content ?? '{"subtasks":[{"intent":"dep' }, 'length', usage))
    case 'status': {
      const echoed = `${reply.message ?? 'no'} ${request.headers.authorization ?? ''}`
      if (reply.retryAfter) response.setHeader('retry-after', reply.retryAfter)
      response.statusCode = reply.status
      return json(response, { error: { message: echoed, type: 'error', code: null, param: null } })
    }
    case 'raw':
      response.setHeader('content-type', 'application/json')
      response.end(reply.body)
      return
    case 'silence':
      return
    case 'stall':
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"choices": [')
      return
    case 'cut':
      request.socket.destroy()
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(body))
}

const completion = (message: object, finishReason: string, used: unknown) => ({
  id: 'chatcmpl-1', object: 'chat.completion', created: 1_700_000_000, model: 'scripted',
  choices: [{ index: 0, finish_reason: finishReason, logprobs: null, message: { role: 'assistant', refusal: null, ...message } }],
  usage: used,
})
