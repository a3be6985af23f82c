/** Measures how long committed messages take until the broker has confirmed them. */
import { LRUCache } from 'lru-cache'
import type { ServiceBus } from '../../messaging/port.ts'
import type { Scheduler } from '../../scheduler.ts'
import type { EngineObserver } from './engine-observer.ts'

/** Messages on their way whose begin is known; of more the oldest are not measured. */
const mostOnTheirWay = 20_000

export type DispatchClock = {
  /** These are handed over for sending now. */
  begin(work: readonly { readonly message: { readonly messageId: string } }[]): void
  /** The same publishing, which ends the time of what it got confirmed. */
  readonly publish: ServiceBus['publish']
}

export function createDispatchClock(
  { scheduler, observer, bus }: { readonly scheduler: Scheduler; readonly observer: EngineObserver; readonly bus: Pick<ServiceBus, 'publish'> },
): DispatchClock {
  const begun = new LRUCache<string, number>({ max: mostOnTheirWay })
  return {
    begin(work) {
      const now = scheduler.elapsed()
      for (const { message } of work) begun.set(message.messageId, now)
    },
    async publish(messages) {
      const outcomes = await bus.publish(messages)
      const now = scheduler.elapsed()
      for (const [index, { messageId }] of messages.entries()) {
        const since = begun.get(messageId)
        if (since === undefined || outcomes[index] !== 'confirmed') continue
        begun.delete(messageId)
        observer.dispatched((now - since) / 1_000)
      }
      return outcomes
    },
  }
}
