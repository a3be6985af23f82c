/**
 * New log entries of watched plans, once per replica however many watch: those at the head share them, others page for
 * themselves. What this replica wrote itself is not read again.
 */
import type { ExecutionLogEntry } from '../../entities/execution-log-entry.ts'
import type { LogRow } from '../recording/execution-log.ts'
import type { Queryable } from '../recording/rows.ts'
import { createLogReader, entryOf } from './read-log.ts'
import type { WatchHub } from './watch-hub.ts'

/** Entries read in one page. */
const pageSize = 256
/** Entries kept for sharing, by plan: a commit may bring a thousand at once. */
const mostKept = 2_048

export type PlanFeed = {
  /** The log has come this far at least, as was read after joining. */
  reached(sequence: number): void
  /** Entries after a number, at once if there are any, else when the log has moved; empty once aborted. */
  next(after: number, signal: AbortSignal): Promise<readonly ExecutionLogEntry[]>
  leave(): void
}

export type PlanFeeds = { join(planId: string): PlanFeed }

type Shared = { known: number; recent: ExecutionLogEntry[]; reading: Promise<void> | null; waiting: Set<() => void>; members: number; stop: () => void }

export function createPlanFeeds(deps: { readonly database: Queryable; readonly hub: Pick<WatchHub, 'onPlan'> }): PlanFeeds {
  const feeds = new Map<string, Shared>()
  const readLog = createLogReader({ database: deps.database, limit: pageSize })

  function open(planId: string): Shared {
    const feed: Shared = {
      known: 0,
      recent: [],
      reading: null,
      waiting: new Set(),
      members: 0,
      stop: deps.hub.onPlan(planId, (sequence, rows = []) => advance(feed, sequence, rows)),
    }
    feeds.set(planId, feed)
    return feed
  }

  async function read(planId: string, feed: Shared, after: number): Promise<readonly ExecutionLogEntry[]> {
    const first = feed.recent[0]
    if (first && after >= first.sequence - 1) {
      const found = feed.recent.slice(after - first.sequence + 1)
      if (found.length > 0) return found
      feed.reading ??= extend(planId, feed).finally(() => {
        feed.reading = null
      })
      await feed.reading
      const start = feed.recent[0]!.sequence
      if (after >= start - 1) return feed.recent.slice(after - start + 1)
    }
    const page = await readLog(planId, after)
    // The first page near the head begins the shared part.
    if (!feed.recent[0] && page.length > 0 && page.length < pageSize) append(feed, page)
    return page
  }

  async function extend(planId: string, feed: Shared): Promise<void> {
    append(feed, await readLog(planId, feed.recent.at(-1)!.sequence))
  }

  return {
    join(planId) {
      const feed = feeds.get(planId) ?? open(planId)
      feed.members++
      return {
        reached: (sequence) => advance(feed, sequence, []),
        async next(after, signal) {
          while (!signal.aborted) {
            const seen = feed.known
            const entries = seen > after ? await read(planId, feed, after) : []
            if (entries.length > 0) return entries
            // A hint that came while reading is a reason to read again.
            if (feed.known > seen) continue
            await new Promise<void>((resolve) => {
              const wake = () => {
                feed.waiting.delete(wake)
                signal.removeEventListener('abort', wake)
                resolve()
              }
              feed.waiting.add(wake)
              signal.addEventListener('abort', wake)
            })
          }
          return []
        },
        leave() {
          if (--feed.members > 0) return
          feed.stop()
          feeds.delete(planId)
        },
      }
    },
  }
}

/** The log has come this far: those who wait go on, with the rows where they are at hand. */
function advance(feed: Shared, sequence: number, rows: readonly LogRow[]): void {
  if (sequence <= feed.known) return
  feed.known = sequence
  append(feed, rows.map(entryOf))
  for (const wake of feed.waiting) wake()
}

/** Adds what follows the last one; entries of which some are known already or missing before add the rest or nothing. */
function append(feed: Shared, entries: readonly ExecutionLogEntry[]): void {
  const last = feed.recent.at(-1)?.sequence
  const next = last === undefined ? entries : entries.filter(({ sequence }) => sequence > last)
  if (next[0] && (last === undefined || next[0].sequence === last + 1)) feed.recent = [...feed.recent, ...next].slice(-mostKept)
}
