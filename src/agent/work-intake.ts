import type { Logger } from '../logger.ts'
import { parseMessage } from '../messaging/cloud-event.ts'
import type { EventOf } from '../messaging/cloud-event.ts'
import type { BatchHandler, Delivery } from '../messaging/port.ts'
import type { Attempts } from './attempts.ts'

const workTypes = ['planwright.work.requested', 'planwright.work.granted', 'planwright.work.cancelled'] as const
/** What the service sends to agents. */
export type WorkEvent = EventOf<(typeof workTypes)[number]>
/** Says whether an event, and the body it was read from, come from the service; a rejection counts as no. */
export type VerifyEvent = (event: WorkEvent, body: Buffer) => boolean | Promise<boolean>

type Parts = {
  readonly name: string
  readonly attempts: Attempts
  readonly verify?: VerifyEvent
  readonly logger: Logger
}

/** Reads what arrives, in order, and hands it to the attempts; what is unreadable or meant for others is set aside. */
export function createWorkIntake({ name, attempts, verify, logger }: Parts): BatchHandler {
  function refuse(delivery: Delivery, reason: string): void {
    logger.warn({ reason }, 'message refused')
    delivery.deadLetter(reason)
  }

  async function isGenuine(event: WorkEvent, body: Buffer): Promise<boolean> {
    try {
      return verify ? await verify(event, body) : true
    } catch (error) {
      logger.warn({ err: error }, 'signature check failed')
      return false
    }
  }

  function take(event: WorkEvent, delivery: Delivery): void {
    switch (event.type) {
      case 'planwright.work.requested':
        if (event.data.agent !== name) return refuse(delivery, `work for agent ${event.data.agent}, not for ${name}`)
        return attempts.receive(event.data, { requestId: event.requestid, traceparent: event.traceparent }, delivery)
      case 'planwright.work.granted':
        attempts.grant(event.data)
        return delivery.ack()
      case 'planwright.work.cancelled':
        attempts.cancel(event.data, event.data.reason)
        return delivery.ack()
    }
  }

  return async (deliveries) => {
    for (const delivery of deliveries) {
      const parsed = parseMessage(delivery.body, workTypes)
      if (!parsed.ok) refuse(delivery, parsed.reason)
      else if (verify && !(await isGenuine(parsed.event, delivery.body))) refuse(delivery, 'signature does not verify')
      else take(parsed.event, delivery)
    }
  }
}
