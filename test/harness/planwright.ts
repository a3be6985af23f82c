/** Runs the whole service inside a test, through its own composition root, and talks to it as a client does. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { startApp } from '../../src/app.ts'
import type { Logger } from '../../src/logger.ts'
import { readSettings } from '../../src/settings.ts'
import { silentLogger } from './silent-logger.ts'

export type Client = {
  /** Runs a query or mutation; fails on GraphQL errors. */
  run(document: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>>
  /** All events of a subscription, to its end. */
  watch(document: string, variables?: Record<string, unknown>): AsyncIterableIterator<Record<string, unknown>>
  dispose(): Promise<void>
}

/** A client of one replica. */
export function clientOf(url: string): Client {
  const endpoint = `${url}/graphql`
  const socket = createClient({ url: endpoint.replace(/^http/, 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 })
  return {
    async run(query, variables = {}) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      const body = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown }
      if (body.errors) throw new Error(JSON.stringify(body.errors))
      return body.data!
    },
    async *watch(query, variables = {}) {
      for await (const result of socket.iterate<Record<string, unknown>>({ query, variables })) {
        if (result.errors) throw new Error(JSON.stringify(result.errors))
        yield result.data!
      }
    },
    async dispose() {
      await socket.dispose()
    },
  }
}

export type ReplicaOptions = {
  readonly logger?: Logger
  /** Further variables of the process, as the bundled agent sees them. */
  readonly programs?: Readonly<Record<string, string>>
  /** Ends the start. */
  readonly signal?: AbortSignal
}

/** Starts a replica; settings beside these are the environment's, as strings. */
export async function startReplica(environment: Record<string, string>, { logger = silentLogger, programs = {}, signal }: ReplicaOptions = {}): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'planwright-data-'))
  const settings = readSettings({ PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...environment })
  const app = await startApp({ settings, logger, environment: { PATH: process.env.PATH, HOME: dataDir, ...programs }, ...(signal && { signal }) })
  return {
    url: app.url,
    async stop() {
      await app.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
