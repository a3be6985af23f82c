/** What the transports share: how an operation is named, and a stream of its results. */
import type { GraphqlError } from './api-error.ts'

/** The text of an operation; generated documents (client-preset with `documentMode: 'string'`) carry its types. */
export type TypedDocument<Result, Variables> = string | { toString(): string; readonly __apiType?: (variables: Variables) => Result }

export type Operation = { readonly query: string; readonly variables?: object | undefined }

export type GraphqlResult = { readonly data?: unknown; readonly errors?: readonly GraphqlError[] }

/** Results until the service completes the stream; throws ConnectionLostError where it broke off instead. */
export type ResultStream = {
  /** The next result; null once the service has completed the stream or it was cancelled. */
  next(): Promise<GraphqlResult | null>
  cancel(): void
}

/** Where and as whom to call. */
export type Endpoint = {
  /** `https://host/graphql`. */
  readonly url: string
  /** Value of the Authorization header, asked for anew for each request and connection; null: none. */
  readonly authorization: () => Promise<string | null>
  readonly fetch: typeof fetch
}

/** The text of a document. */
export function textOf(document: TypedDocument<unknown, never>): string {
  const text = String(document)
  if (text.startsWith('[object')) throw new TypeError("Generate documents with documentMode: 'string', or pass their text.")
  return text
}
