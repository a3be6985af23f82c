import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Channel, ChannelModel } from 'amqplib'
import type { Logger } from '../../logger.ts'
import { backoffMs } from '../delivery-policy.ts'
import { withinTime } from '../time-limit.ts'
import type { LastingConnection } from './connection.ts'
import { createGate } from './gate.ts'
import type { Gate } from './gate.ts'

const firstDelayMs = 100
const longestDelayMs = 2_000
const goodLifeMs = 10_000
/** A broker that takes longer to set a channel up is worth a line: a queue without a leader never answers. */
const slowSetUpMs = 15_000

/** A channel that is opened again whenever it or its connection ends. */
export type LastingChannel<C extends Channel> = {
  readonly gate: Pick<Gate<C>, 'value' | 'next'>
  /** Closes after everything sent before, at most within the limit. */
  stop(limitMs: number): Promise<void>
}

export type ChannelUse<C extends Channel> = {
  readonly name: string
  create(model: ChannelModel): Promise<C>
  /** Runs on each new channel before anybody else may use it; after a failure the channel is opened again later. */
  setUp(channel: C): Promise<void>
  /** The channel has ended: nothing on it can be settled or confirmed any more. */
  onEnd(): void
}

export function keepChannel<C extends Channel>(
  connection: LastingConnection,
  use: ChannelUse<C>,
  logger: Logger,
): LastingChannel<C> {
  const gate = createGate<C>()
  const stopping = new AbortController()
  const stopped = once(stopping.signal, 'abort').then(() => null)
  let opened: C | null = null

  async function live(model: ChannelModel): Promise<void> {
    const channel = await use.create(model)
    const ended = watch(channel, use.name, logger)
    opened = channel
    const warn = () => logger.warn({ channel: use.name }, 'the broker does not answer on a channel')
    const slow = setTimeout(warn, slowSetUpMs)
    try {
      if (stopping.signal.aborted) return
      await use.setUp(channel)
      clearTimeout(slow)
      gate.open(channel)
      await ended
    } finally {
      clearTimeout(slow)
      gate.close()
      opened = null
      use.onEnd()
      await closeChannel(channel)
    }
  }

  async function run(): Promise<void> {
    let attempt = 0
    for (;;) {
      const model = await Promise.race([connection.gate.next(), stopped])
      if (model === null || stopping.signal.aborted) break
      const begun = performance.now()
      await live(model).catch((error: Error) => {
        // The first failure is news; that it goes on is not.
        const level = attempt === 0 && !stopping.signal.aborted ? 'warn' : 'debug'
        logger[level]({ reason: error.message, channel: use.name }, 'cannot use a broker channel, trying again')
      })
      attempt = performance.now() - begun > goodLifeMs ? 1 : attempt + 1
      const delay = backoffMs(attempt, firstDelayMs, longestDelayMs)
      await pause(delay, undefined, { signal: stopping.signal }).catch(() => {})
    }
    gate.end()
  }

  const running = run()
  return {
    gate,
    async stop(limitMs) {
      stopping.abort()
      if (opened) await withinTime(closeChannel(opened), limitMs)
      // A channel that is just being opened ends with its connection at the latest.
      await withinTime(running, limitMs)
    },
  }
}

/** Attaches the listeners without which a closed channel would end the process; resolves when the channel ends. */
export function watch(channel: Channel, name: string, logger: Logger): Promise<void> {
  channel.on('error', (error) => logger.warn({ reason: error.message, channel: name }, 'the broker closed a channel'))
  channel.on('handler-error', (error) => logger.error({ err: error, channel: name }, 'broker event handler failed'))
  return new Promise((resolve) => channel.on('close', () => resolve()))
}

/** Closes; resolves at the latest when the connection ends. A channel that is closed already is fine. */
export async function closeChannel(channel: Channel): Promise<void> {
  const ended = new Promise<void>((resolve) => channel.on('close', () => resolve()))
  await Promise.race([ended, channel.close()]).catch(() => {})
}
