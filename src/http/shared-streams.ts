/**
 * One execution for all subscribers of the same: each event is read, executed and serialised once. Who begins elsewhere
 * catches up by a stream of its own, which merges into the shared one when it stands where that does, or further.
 */
import type { ExecutionResult } from 'graphql'
import { setImmediate as turn } from 'node:timers/promises'
import { readAhead, type ReadEvent, type SharedEvent, type Source } from './read-ahead.ts'

export type Reader = {
  /** Takes events. While a promise is pending the reader wants no more; the others do not wait for it. */
  take(events: readonly SharedEvent[]): void | Promise<void>
  /** Nothing follows. */
  end(): void
}

export type Membership = { leave(): void }

/** What is asked for: streams with an equal key have equal events, those with an equal beginning also begin together. */
export type StreamName = { readonly key: string; readonly beginning: string }

export type SharedStreams = {
  /** Joins the stream of that name; without one, a stream of its own. Passes on why it could not be opened. */
  join(name: StreamName | null, open: () => Promise<Source | ExecutionResult>, reader: Reader): Promise<Membership | ExecutionResult>
  /** Readers now, and the streams that serve them. */
  readonly readers: number
  readonly streams: number
}

type Stream = {
  readonly key: string | null
  readonly source: Source
  /** Readers, and the number each has that came further than the stream before it joined. */
  readonly members: Map<Reader, number | null>
  /** The number that all members have; null before the first. */
  position: number | null
  /** Streams with the same key that stand elsewhere and wait for their next event. */
  readonly followers: Set<Stream>
  /** Ends the wait for slow members: there is a new one. */
  hasJoined(): void
}

/** Readers who arrive while others are being let in wait for the next opening: what they get is read after they came. */
type Waiting = { readonly readers: Set<Reader>; readonly open: () => Promise<Source | ExecutionResult>; readonly opened: PromiseWithResolvers<ExecutionResult | null> }

/** A stream that is further than the leader waits for it, unless it is ahead by more than this: then it leads. */
const shortLead = 16

/** Milliseconds after which others are let in although no event has come. */
const openingMs = 100

/** Members that are served before others get a turn of the event loop. */
const servedAtOnce = 250

export function createSharedStreams(): SharedStreams {
  /** The stream of each key that others merge into. */
  const leaders = new Map<string, Stream>()
  const streamOf = new Map<Reader, Stream>()
  const openings = new Map<string, Waiting | null>()
  let streams = 0

  function add(stream: Stream, reader: Reader, position: number | null): void {
    stream.members.set(reader, position)
    streamOf.set(reader, stream)
    stream.hasJoined()
  }

  /** From here on the leader's events are those of the follower's readers. */
  function merge(leader: Stream, follower: Stream): void {
    for (const [reader, position] of follower.members) add(leader, reader, position ?? follower.position)
    follower.members.clear()
    close(follower)
  }

  /** How much further the follower is; negative where it is behind. */
  const lead = (leader: Stream, follower: Stream): number =>
    leader.position === null || follower.position === null ? -1 : follower.position - leader.position

  const mayMerge = (leader: Stream, follower: Stream): boolean => lead(leader, follower) >= 0 && lead(leader, follower) <= shortLead

  /** Nobody reads it any more. */
  function close(stream: Stream): void {
    if (stream.key !== null && leaders.get(stream.key) === stream) leaders.delete(stream.key)
    stream.source.events.return?.().catch(() => {})
  }

  async function run(stream: Stream, begun: () => void): Promise<void> {
    const { key, source, members, followers } = stream
    const events = readAhead(source)
    streams++
    while (members.size > 0) {
      const leader = key === null ? stream : leaders.get(key)
      if (leader === undefined || lead(leader, stream) > shortLead) leaders.set(key!, stream)
      else if (leader !== stream && mayMerge(leader, stream)) merge(leader, stream)
      else if (leader !== stream) leader.followers.add(stream)
      const batch = members.size === 0 ? [] : await events.next()
      leader?.followers.delete(stream)
      if (members.size === 0 || batch.length === 0) break
      const waits = await deliver(stream, batch, source.positionOf ? events.ready : nothing)
      // In the same turn: who joins from now on has to have this batch already.
      stream.position = batch.at(-1)!.position ?? stream.position
      begun()
      for (const follower of followers) if (mayMerge(stream, follower)) merge(stream, follower)
      // What was written has to reach the network before more is read.
      await turn()
      // The fastest sets the pace: nobody gains from reading ahead of all.
      if (waits.length === 0 || waits.length < members.size) continue
      const joined = Promise.withResolvers<void>()
      stream.hasJoined = joined.resolve
      await Promise.race([joined.promise, ...waits])
    }
    streams--
    close(stream)
    begun()
    for (const reader of members.keys()) {
      streamOf.delete(reader)
      reader.end()
    }
    members.clear()
  }

  /** Opens a stream for all who wait. Who comes before its first event waits for the next opening. */
  async function begin(name: StreamName | null, { readers, open, opened }: Waiting): Promise<void> {
    const leader = name && leaders.get(name.key)
    if (leader && !leader.source.positionOf) {
      for (const reader of readers) add(leader, reader, null)
      return opened.resolve(null)
    }
    let isBeginning = name !== null
    const begun = (): void => {
      if (!isBeginning) return
      isBeginning = false
      const waiting = openings.get(name!.beginning)
      openings.delete(name!.beginning)
      if (waiting) void begin(name, waiting)
    }
    if (name) openings.set(name.beginning, null)
    try {
      const source = await open()
      if (!('events' in source)) return opened.resolve(source)
      const stream: Stream = { key: name?.key ?? null, source, members: new Map(), position: null, followers: new Set(), hasJoined() {} }
      for (const reader of readers) add(stream, reader, null)
      opened.resolve(null)
      const running = run(stream, begun)
      if (source.positionOf) setTimeout(begun, openingMs).unref()
      else begun()
      await running
    } catch (error) {
      opened.reject(error)
    } finally {
      begun()
    }
  }

  return {
    async join(name, open, reader) {
      const present = name ? openings.get(name.beginning) : undefined
      const waiting = present ?? { readers: new Set<Reader>(), open, opened: Promise.withResolvers<ExecutionResult | null>() }
      waiting.readers.add(reader)
      if (present === undefined) void begin(name, waiting)
      else if (present === null) openings.set(name!.beginning, waiting)
      const refused = await waiting.opened.promise
      if (refused) return refused
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

const nothing = (): readonly ReadEvent[] => []

/**
 * Hands the events to all members, also to those that join meanwhile; answers what the slow ones ask to wait for. What
 * becomes ready while many are being served goes to the rest along with the batch, in one write.
 */
async function deliver({ members }: Stream, batch: readonly ReadEvent[], ready: () => readonly ReadEvent[]): Promise<Promise<void>[]> {
  const waits: Promise<void>[] = []
  let served = 0
  let present = batch
  let ahead: number | null = null
  for (const [reader, has] of members) {
    const events = has === null ? present : present.filter(({ position }) => position === null || position > has)
    if (events.length > 0) {
      members.set(reader, ahead)
      const wait = reader.take(events)
      if (wait) waits.push(wait)
    }
    if (++served % servedAtOnce !== 0) continue
    await turn()
    const next = ready()
    present = next.length > 0 ? [...batch, ...next] : batch
    ahead = next.at(-1)?.position ?? null
  }
  return waits
}
