import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createAmqpSplitter, splitChunks } from './frame-splitter.ts'
import type { FrameSplitter, SplitFrame } from './frame-splitter.ts'

export type Direction = 'toServer' | 'toClient'
/** A piece on its way: an AMQP frame, or what was read at once from other protocols. */
export type Frame = SplitFrame & { readonly direction: Direction }

/** Stops traffic at the first matching frame of each connection: that frame and all behind it wait. */
export type Hold = {
  /** Resolves with the first frame that was stopped. */
  readonly reached: Promise<Frame>
  /** Lets everything pass. What was held on a connection that ended meanwhile is gone. */
  release(): void
}

/** A network between a client and a server that does what it is told. */
export type TcpProxy = {
  /** The target's URL with this proxy's address. */
  readonly url: string
  connections(): number
  /** Resets all connections, both ways. */
  cut(): void
  /** Resets every new connection at once, until `accept`. */
  refuse(): void
  accept(): void
  /**
   * Delivers nothing any more, data and ends of connections alike, on present and new connections, as when packets
   * are dropped; `restore` delivers what waited, as retransmission does.
   */
  silence(direction?: Direction): void
  restore(): void
  hold(matches: (frame: Frame) => boolean): Hold
  stop(): Promise<void>
}

type Pipe = { pump(): void }
type ActiveHold = { matches(frame: Frame): boolean; reach(frame: Frame): void }

/** Listens on a free port for the server of `targetUrl`. AMQP traffic is cut into frames, other traffic is not. */
export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl)
  const amqp = target.protocol === 'amqp:'
  const newSplitter = (): FrameSplitter => (amqp ? createAmqpSplitter() : splitChunks)
  const port = Number(target.port || (amqp ? 5672 : 5432))
  const pairs = new Set<{ reset(): void; pipes: readonly Pipe[] }>()
  const silenced = new Set<Direction>()
  const holds = new Set<ActiveHold>()
  let refusing = false

  function pumpAll(): void {
    for (const pair of pairs) for (const pipe of pair.pipes) pipe.pump()
  }

  function blocks(frame: Frame): boolean {
    if (silenced.has(frame.direction)) return true
    const hold = [...holds].find((active) => active.matches(frame))
    hold?.reach(frame)
    return hold !== undefined
  }

  // Without noDelay small frames would wait for each other, which is not what tests are about.
  const server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => {})
    if (refusing) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect({ port, host: target.hostname, noDelay: true })
    upstream.on('error', () => {})
    const pair = {
      pipes: [
        createPipe(client, upstream, 'toServer', newSplitter(), blocks, silenced),
        createPipe(upstream, client, 'toClient', newSplitter(), blocks, silenced),
      ],
      reset() {
        client.resetAndDestroy()
        upstream.resetAndDestroy()
      },
    }
    pairs.add(pair)
    const forget = () => {
      if (client.destroyed && upstream.destroyed) pairs.delete(pair)
    }
    client.on('close', forget)
    upstream.on('close', forget)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const here = new URL(targetUrl)
  here.hostname = '127.0.0.1'
  here.port = String((server.address() as AddressInfo).port)

  function cut(): void {
    for (const pair of pairs) pair.reset()
  }

  return {
    url: here.href,
    connections: () => pairs.size,
    cut,
    refuse() {
      refusing = true
    },
    accept() {
      refusing = false
    },
    silence(direction) {
      for (const each of direction ? [direction] : (['toServer', 'toClient'] as const)) silenced.add(each)
    },
    restore() {
      silenced.clear()
      pumpAll()
    },
    hold(matches) {
      const { promise, resolve } = Promise.withResolvers<Frame>()
      const active: ActiveHold = { matches, reach: resolve }
      holds.add(active)
      return {
        reached: promise,
        release() {
          holds.delete(active)
          pumpAll()
        },
      }
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}

/** Carries one direction; what is blocked waits in order, and the source is not read meanwhile. */
function createPipe(
  source: Socket,
  sink: Socket,
  direction: Direction,
  split: FrameSplitter,
  blocks: (frame: Frame) => boolean,
  silenced: ReadonlySet<Direction>,
): Pipe {
  let waiting: Frame[] = []
  let ended: 'no' | 'end' | 'reset' = 'no'

  function pump(): void {
    const stopAt = waiting.findIndex(blocks)
    const passing = stopAt === -1 ? waiting : waiting.slice(0, stopAt)
    waiting = stopAt === -1 ? [] : waiting.slice(stopAt)
    let flowing = waiting.length === 0
    for (const frame of passing) if (!sink.destroyed) flowing = sink.write(frame.bytes) && flowing
    if (flowing) source.resume()
    else source.pause()
    if (waiting.length > 0 || silenced.has(direction)) return
    if (ended === 'end') sink.end()
    if (ended === 'reset') sink.resetAndDestroy()
  }

  source.on('data', (chunk: Buffer) => {
    waiting.push(...split(chunk).map((frame) => ({ ...frame, direction })))
    pump()
  })
  source.on('end', () => {
    ended = 'end'
    pump()
  })
  source.on('close', (failed) => {
    if (failed || ended === 'no') ended = 'reset'
    pump()
  })
  sink.on('drain', pump)
  return { pump }
}
