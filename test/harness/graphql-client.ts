/** A small client of the public API: queries and mutations over HTTP, subscriptions over WebSocket and SSE. */
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export type GraphqlError = {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}
// The tests name the fields they asked for; a wrong name shows as undefined there.
// oxlint-disable-next-line typescript/no-explicit-any
export type GraphqlResult<Data = any> = { readonly data?: Data | null; readonly errors?: readonly GraphqlError[] }
type Variables = Readonly<Record<string, unknown>>

export type GraphqlClient = {
  readonly url: string
  /** The whole answer, errors included. */
  // oxlint-disable-next-line typescript/no-explicit-any
  request<Data = any>(query: string, variables?: Variables): Promise<GraphqlResult<Data>>
  /** The data; throws where there are errors. */
  // oxlint-disable-next-line typescript/no-explicit-any
  data<Data = any>(query: string, variables?: Variables): Promise<Data>
  /** Each result of a subscription, until it completes or the loop is left. */
  // oxlint-disable-next-line typescript/no-explicit-any
  overWebSocket<Data = any>(query: string, variables?: Variables): AsyncIterableIterator<GraphqlResult<Data>>
  // oxlint-disable-next-line typescript/no-explicit-any
  overSse<Data = any>(query: string, variables?: Variables): AsyncGenerator<GraphqlResult<Data>>
  /** Closes the WebSocket, if one was opened. */
  close(): Promise<void>
}

/** @param url of the service, without path @param token sent as bearer token on every transport */
export function createGraphqlClient(url: string, { token }: { token?: string } = {}): GraphqlClient {
  const endpoint = `${url}/graphql`
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const sockets = createClient({
    url: endpoint.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: authorization,
    retryAttempts: 0,
  })
  const post = (query: string, variables: Variables | undefined, accept: string, signal?: AbortSignal) =>
    fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...authorization },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    })

  const client: GraphqlClient = {
    url,
    async request(query, variables) {
      const response = await post(query, variables, 'application/json')
      return (await response.json()) as GraphqlResult<never>
    },
    async data(query, variables) {
      const { data, errors } = await client.request<never>(query, variables)
      if (errors || data === undefined || data === null) throw new Error(`The API answered ${JSON.stringify(errors)}`)
      return data
    },
    overWebSocket: (query, variables) =>
      sockets.iterate<never, never>({ query, variables: { ...variables } }) as unknown as AsyncIterableIterator<GraphqlResult<never>>,
    async *overSse(query, variables) {
      const leaving = new AbortController()
      try {
        const response = await post(query, variables, 'text/event-stream', leaving.signal)
        if (!response.ok || !response.body) throw new Error(`The API answered ${response.status}`)
        yield* eventsOf(response.body)
      } finally {
        leaving.abort()
      }
    },
    close: async () => sockets.dispose(),
  }
  return client
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<GraphqlResult<never>> {
  const decoder = new TextDecoder()
  let buffered = ''
  for await (const bytes of body) {
    buffered += decoder.decode(bytes, { stream: true })
    for (let end = buffered.indexOf('\n\n'); end >= 0; end = buffered.indexOf('\n\n')) {
      const fields = buffered.slice(0, end).split('\n')
      buffered = buffered.slice(end + 2)
      const event = fields.find((field) => field.startsWith('event:'))?.slice(6).trim()
      if (event === 'complete') return
      const data = fields.filter((field) => field.startsWith('data:')).map((field) => field.slice(5)).join('\n')
      if (event === 'next' && data) yield JSON.parse(data)
    }
  }
}
