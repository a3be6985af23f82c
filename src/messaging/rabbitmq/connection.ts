/** The only file that loads amqplib: a connection that comes back by itself. */
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'amqplib'
import type { ChannelModel } from 'amqplib'
import { coalesceWrites } from '../../coalesce-writes.ts'
import type { Logger } from '../../logger.ts'
import { backoffMs } from '../delivery-policy.ts'
import type { BusHealth } from '../port.ts'
import { withinTime } from '../time-limit.ts'
import { createGate } from './gate.ts'
import type { Gate } from './gate.ts'

/** Longest wait for TCP and the AMQP handshake, in milliseconds. */
const connectLimitMs = 10_000
const firstDelayMs = 100
const longestDelayMs = 3_000
/** A connection that lived this long was a good one: the next attempt waits the shortest time again. */
const goodLifeMs = 10_000

export type LastingConnection = {
  readonly gate: Pick<Gate<ChannelModel>, 'value' | 'next'>
  /** Begins connecting; resolves once connected and set up. Rejects when the signal aborts before that. */
  start(signal?: AbortSignal): Promise<void>
  /** Closes; within the limit, or by dropping the socket. */
  stop(limitMs: number): Promise<void>
  health(): BusHealth
}

export type ConnectionOptions = {
  readonly url: string
  /** Shown in the broker's list of connections. */
  readonly name: string
  /** Runs on each new connection before anybody else may use it. */
  setUp(model: ChannelModel): Promise<void>
  /** The broker stopped reading what this connection sends. */
  onBlocked?(): void
}

export function createLastingConnection(options: ConnectionOptions, logger: Logger): LastingConnection {
  const url = withHeartbeat(options.url)
  const gate = createGate<ChannelModel>()
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  let blocked = false
  let lastError: string | null = null

  /** Connects once and stays until the connection ends. */
  async function live(): Promise<void> {
    const socket = new AbortController()
    const dropSocket = () => socket.abort()
    stopping.signal.addEventListener('abort', dropSocket, { once: true })
    try {
      const settings = {
        noDelay: true,
        timeout: connectLimitMs,
        clientProperties: { connection_name: options.name },
        signal: socket.signal,
      }
      const model = await connect(url, settings)
      coalesceWrites(streamOf(model))
      const ended = Promise.withResolvers<void>()
      model.on('error', (error) => {
        lastError = error.message
        logger.warn({ err: error, connection: options.name }, 'broker connection failed')
      })
      model.on('handler-error', (error) => {
        logger.error({ err: error, connection: options.name }, 'broker event handler failed')
      })
      model.on('close', () => ended.resolve())
      model.on('blocked', (reason) => {
        blocked = true
        logger.warn({ reason, connection: options.name }, 'the broker refuses publishes')
        options.onBlocked?.()
      })
      model.on('unblocked', () => {
        blocked = false
        logger.info({ connection: options.name }, 'the broker takes publishes again')
      })
      await options.setUp(model)
      lastError = null
      logger.info({ connection: options.name }, 'connected to the broker')
      gate.open(model)
      await ended.promise
    } finally {
      gate.close()
      blocked = false
      stopping.signal.removeEventListener('abort', dropSocket)
      // A peer that no longer answers would keep the socket half open for minutes.
      socket.abort()
    }
  }

  async function run(): Promise<void> {
    let attempt = 0
    while (!stopping.signal.aborted) {
      const begun = performance.now()
      try {
        await live()
      } catch (error) {
        lastError = error instanceof Error ? error.message : String(error)
        if (!stopping.signal.aborted) {
          const details = { reason: lastError, attempt: attempt + 1, connection: options.name }
          logger.warn(details, 'cannot connect to the broker')
        }
      }
      attempt = performance.now() - begun > goodLifeMs + connectLimitMs ? 1 : attempt + 1
      const delay = backoffMs(attempt, firstDelayMs, longestDelayMs)
      await pause(delay, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  return {
    gate,
    async start(signal) {
      running ??= run()
      const aborted = Promise.withResolvers<null>()
      const abort = () => aborted.resolve(null)
      if (signal?.aborted) abort()
      signal?.addEventListener('abort', abort, { once: true })
      const model = await Promise.race([gate.next(), aborted.promise])
      signal?.removeEventListener('abort', abort)
      if (model === null) throw new Error(`Not connected to the broker: ${lastError ?? 'stopped before'}`)
    },
    async stop(limitMs) {
      const model = gate.value()
      gate.end()
      // Without a broker that answers, closing waits for ever.
      if (model) await withinTime(model.close(), limitMs).catch(() => false)
      stopping.abort()
      await running
    },
    health: () => ({ connected: gate.value() !== null, blocked, lastError }),
  }
}

/** amqplib does not declare it. */
const streamOf = ({ connection }: ChannelModel): Duplex => (connection as typeof connection & { readonly stream: Duplex }).stream

/** Ten seconds find a half-open connection within thirty; a URL may say otherwise. */
function withHeartbeat(url: string): string {
  const parsed = new URL(url)
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', '10')
  return parsed.href
}
