import { Repeater } from 'graphql-yoga'

/** Events of plans to those who watch them in this process, the present state first; `ended` are states that stay. */
export function createEvents(present: (planId: string) => Promise<{ readonly event: unknown; readonly ended: boolean } | null>) {
  const watchers = new Map<string, Set<{ push(event: unknown): unknown; stop(): void }>>()
  const emit = (planId: string, event: unknown) => {
    for (const watcher of watchers.get(planId) ?? []) void watcher.push(event)
  }
  return {
    emit,
    end(planId: string, last: unknown): void {
      emit(planId, last)
      for (const watcher of watchers.get(planId) ?? []) watcher.stop()
      watchers.delete(planId)
    },
    watch: (planId: string) =>
      new Repeater<unknown>(async (push, stop) => {
        const watcher = { push, stop: () => stop() }
        const all = watchers.get(planId) ?? new Set()
        watchers.set(planId, all.add(watcher))
        const now = await present(planId)
        if (now) void push(now.event)
        if (!now || now.ended) stop()
        await stop
        all.delete(watcher)
      }),
  }
}
