/** Ids of what changed, each as soon as its change is committed; a slow reader gets each id once for many changes. */
import { NotFoundError } from '../../errors.ts'
import { toGlobalId } from '../../global-id.ts'
import type { Queryable } from '../recording/rows.ts'
import type { WatchHub } from './watch-hub.ts'

/** Plans of any status. */
export function watchPlans(hub: Pick<WatchHub, 'onAnyPlan'>, signal?: AbortSignal): AsyncIterable<string> {
  return pending((add) => hub.onAnyPlan(add), [], signal)
}

/** One request; begins with its present state. */
export async function watchRequest(deps: { readonly hub: Pick<WatchHub, 'onRequest'>; readonly database: Queryable }, requestId: string, signal?: AbortSignal): Promise<AsyncIterable<string>> {
  const readHead = async (): Promise<number | null> => {
    const { rows } = await deps.database.query({ name: 'request_head', text: 'select sequence from log_stream where id = $1', values: [requestId] })
    return (rows as { sequence: number }[])[0]?.sequence ?? null
  }
  const head = await readHead()
  if (head === null) throw new NotFoundError('request', toGlobalId('Request', requestId))
  let seen = head
  const changed = (sequence: number | null) => sequence === null || sequence > seen
  const ids = pending((add) => deps.hub.onRequest(requestId, (sequence) => changed(sequence) && add(requestId)), [requestId], signal)
  return {
    [Symbol.asyncIterator]: () => ({
      ...ids,
      async next() {
        const result = await ids.next()
        // The row is read after this: what it shows is at least as new.
        if (!result.done) seen = (await readHead()) ?? seen
        return result
      },
    }),
  }
}

function pending(subscribe: (add: (id: string) => void) => () => void, first: readonly string[], signal?: AbortSignal): AsyncIterableIterator<string> {
  const ids = new Set(first)
  let wake: (() => void) | null = null
  let done = false
  const unsubscribe = subscribe((id) => {
    ids.add(id)
    wake?.()
  })
  const end = () => {
    if (done) return
    done = true
    unsubscribe()
    signal?.removeEventListener('abort', end)
    wake?.()
  }
  signal?.addEventListener('abort', end)
  return {
    async next() {
      while (ids.size === 0 && !done) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = null
      }
      if (done) return { done: true, value: undefined }
      const id = ids.values().next().value!
      ids.delete(id)
      return { done: false, value: id }
    },
    async return() {
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
