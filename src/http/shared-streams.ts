/**
 * One execution for all subscribers of the same: each event is read, executed and serialised once. Who begins elsewhere
 * catches up by a stream of its own, which merges into the shared one at the number where both stand.
 */
import type { ExecutionResult } from 'graphql'

export type SharedEvent = {
  readonly result: ExecutionResult
  /** The result as JSON. */
  readonly text: string
}

export type Reader = {
  /** Takes an event. While a promise is pending the reader wants no more; the others do not wait for it. */
  take(event: SharedEvent): void | Promise<void>
  /** Nothing follows. */
  end(): void
}

/** Events from where a subscriber wants to begin. */
export type Source = {
  readonly events: AsyncIterator<unknown, unknown>
  /** Executes an event; does not reject. */
  execute(event: unknown): ExecutionResult | Promise<ExecutionResult>
  /** The last event of a stream that broke. */
  fault(error: unknown): ExecutionResult
  /** The number of an event; null for streams without numbers. */
  readonly positionOf: ((event: unknown) => number) | null
  /** What is sent of a result. */
  serialize(result: ExecutionResult): string
}

export type Membership = { leave(): void }

export type SharedStreams = {
  /** Joins the stream with this key, or opens one; without a key one of its own. Passes on why it could not be opened. */
  join(key: string | null, open: () => Promise<Source | ExecutionResult>, reader: Reader): Promise<Membership | ExecutionResult>
  /** Readers now, and the streams that serve them. */
  readonly readers: number
  readonly streams: number
}

type Stream = {
  readonly key: string | null
  readonly source: Source
  readonly members: Set<Reader>
  /** The number that all members have; null before the first. */
  position: number | null
  /** Streams with the same key that stand elsewhere. */
  readonly followers: Set<Stream>
}

export function createSharedStreams(): SharedStreams {
  /** The stream of each key that others merge into. */
  const leaders = new Map<string, Stream>()
  const streamOf = new Map<Reader, Stream>()
  let streams = 0

  function add(stream: Stream, reader: Reader): void {
    stream.members.add(reader)
    streamOf.set(reader, stream)
  }

  /** From here on the leader's events are those of the follower's readers. */
  function merge(leader: Stream, follower: Stream): void {
    for (const reader of follower.members) add(leader, reader)
    follower.members.clear()
    close(follower)
  }

  /** Nobody reads it any more. */
  function close(stream: Stream): void {
    if (stream.key !== null && leaders.get(stream.key) === stream) leaders.delete(stream.key)
    stream.source.events.return?.().catch(() => {})
  }

  async function run(stream: Stream): Promise<void> {
    const { key } = stream
    streams++
    while (stream.members.size > 0) {
      const leader = key === null ? stream : leaders.get(key)
      if (leader === undefined) leaders.set(key!, stream)
      else if (leader !== stream && leader.position !== null && leader.position === stream.position) merge(leader, stream)
      else if (leader !== stream) leader.followers.add(stream)
      if (stream.members.size === 0) break
      const event = await read(stream.source)
      leader?.followers.delete(stream)
      if (stream.members.size === 0) break
      const waits = event ? deliver(stream, event.shared) : []
      if (event?.position !== undefined) stream.position = event.position
      for (const follower of stream.followers) if (follower.position === stream.position) merge(stream, follower)
      if (!event || event.isLast) break
      // The fastest sets the pace: nobody gains from reading ahead of all.
      if (waits.length > 0 && waits.length >= stream.members.size) await Promise.race(waits)
    }
    streams--
    close(stream)
    for (const reader of stream.members) {
      streamOf.delete(reader)
      reader.end()
    }
    stream.members.clear()
  }

  return {
    async join(key, open, reader) {
      const leader = key === null ? undefined : leaders.get(key)
      if (leader && !leader.source.positionOf) {
        add(leader, reader)
      } else {
        const source = await open()
        if (!('events' in source)) return source
        const stream: Stream = { key, source, members: new Set(), position: null, followers: new Set() }
        add(stream, reader)
        void run(stream)
      }
      return {
        leave() {
          const stream = streamOf.get(reader)
          streamOf.delete(reader)
          if (stream?.members.delete(reader) && stream.members.size === 0) close(stream)
        },
      }
    },
    get readers() {
      return streamOf.size
    },
    get streams() {
      return streams
    },
  }
}

type Read = { readonly shared: SharedEvent; readonly position?: number; readonly isLast: boolean }

/** The next event, executed; null at the end. */
async function read({ events, execute, fault, positionOf, serialize }: Source): Promise<Read | null> {
  const shared = (result: ExecutionResult): SharedEvent => ({ result, text: serialize(result) })
  try {
    const { done, value } = await events.next()
    if (done) return null
    return { shared: shared(await execute(value)), ...(positionOf && { position: positionOf(value) }), isLast: false }
  } catch (error) {
    return { shared: shared(fault(error)), isLast: true }
  }
}

function deliver({ members }: Stream, event: SharedEvent): Promise<void>[] {
  const waits: Promise<void>[] = []
  for (const reader of members) {
    const wait = reader.take(event)
    if (wait) waits.push(wait)
  }
  return waits
}
