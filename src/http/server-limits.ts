/** Bounds of the transports; those of operations are in schema/limits. */
export const serverLimits = {
  /** Bytes of an HTTP body and of a WebSocket message. */
  bodyBytes: 256 * 1_024,
  messageBytes: 64 * 1_024,
  /** Bytes of all headers of a request, the URL of a GET query among them. */
  headerBytes: 32 * 1_024,
  /** Milliseconds to send all headers, and the whole request. */
  headersMs: 1_500,
  requestMs: 10_000,
  /** A body comes with at least so many bytes in so many milliseconds, or whole. */
  slowBodyMs: 1_500,
  slowBodyBytes: 16 * 1_024,
  /** HTTP connections, those of event streams and WebSockets among them. */
  connections: 25_000,
  /** Milliseconds for one operation. */
  operationMs: 10_000,
  /** WebSocket connections, and operations under way on one of them. */
  sockets: 10_000,
  operationsPerSocket: 200,
  /** Event streams over HTTP. */
  eventStreams: 10_000,
  /** Milliseconds until connection_init, and between pings; a socket that answers none is ended. */
  connectionInitMs: 5_000,
  pingMs: 12_000,
  /** Milliseconds between two checks whether the credentials of open connections are still valid. */
  credentialCheckMs: 15_000,
  /** Bytes that wait for a reader before its socket is closed. */
  unreadBytes: 1_024 * 1_024,
  /** Bytes of events that a socket holds for its reader; more events wait as text that all readers share. */
  unreadEventBytes: 64 * 1_024,
  /** Events that wait for one reader, and milliseconds in which it must read some, before it is dropped. */
  queuedEvents: 1_000,
  stalledReaderMs: 10_000,
  /** Bytes of an answer over HTTP that its reader takes in that time at least. */
  stalledReaderBytes: 16 * 1_024,
  /** Characters of parsed documents that are kept. */
  documentCacheCharacters: 4_000_000,
} as const

/** Close codes of WebSockets beside those of the protocol. */
export const closeCodes = { tooSlow: 4508, unauthenticated: 4401, tryAgain: 1013 } as const
