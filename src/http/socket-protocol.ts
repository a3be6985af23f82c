/**
 * The server's side of graphql-transport-ws on one socket. The messages are those of graphql-ws; its own server tells
 * operations apart by their ids alone, so that whoever uses an id again gets what was left of the earlier operation.
 */
import { CloseCode, MessageType, parseMessage, type Message, type SubscribePayload } from 'graphql-ws'
import { serverLimits } from './server-limits.ts'

/** What became of the begin of an operation. */
export type Begun =
  | { readonly refused: readonly object[] }
  | { readonly result: object }
  /** Its events are written by others until `over` resolves, which it does early where it is left. */
  | { readonly over: Promise<void>; leave(): void }

/** An operation under way; its id is free again once it is not open. */
export type SocketOperation = { readonly id: string; isOpen(): boolean }

export type ProtocolSide = {
  send(text: string): void
  close(code: number, reason: string): void
  /** False where it closed the socket instead. */
  connect(parameters: Readonly<Record<string, unknown>> | undefined): Promise<boolean>
  /** Never rejects. `underWay` counts this one, and those that run on although their client has completed them. */
  begin(operation: SocketOperation, payload: SubscribePayload, underWay: number): Promise<Begun>
}

export type SocketProtocol = {
  /** Handles one message; resolves with what it began. */
  receive(text: string): Promise<void>
  /** Ends all operations: the socket is closed. */
  end(): void
}

type Operation = SocketOperation & { leave?: () => void }

/** The reason of a close has at most 123 bytes, and a character at most 3. */
const short = (id: string): string => (id.length > 30 ? `${id.slice(0, 27).toWellFormed()}...` : id.toWellFormed())

export function speakProtocol({ send, close, connect, begin }: ProtocolSide): SocketProtocol {
  const open = new Map<string, Operation>()
  const underWay = new Set<Operation>()
  let isInitialised = false
  let isAcknowledged = false
  const tell = (message: object): void => send(JSON.stringify(message))
  const waiting = setTimeout(() => close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'), serverLimits.connectionInitMs)

  async function initialise(parameters: Readonly<Record<string, unknown>> | undefined): Promise<void> {
    if (isInitialised) return close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests')
    isInitialised = true
    clearTimeout(waiting)
    if (!(await connect(parameters))) return
    isAcknowledged = true
    tell({ type: MessageType.ConnectionAck })
  }

  async function run(operation: Operation, payload: SubscribePayload): Promise<void> {
    const { id } = operation
    const begun = await begin(operation, payload, underWay.size)
    if ('over' in begun) {
      if (operation.isOpen()) operation.leave = begun.leave
      else begun.leave()
      await begun.over
    }
    underWay.delete(operation)
    if (!operation.isOpen()) return
    open.delete(id)
    if ('refused' in begun) return tell({ id, type: MessageType.Error, payload: begun.refused })
    if ('result' in begun) tell({ id, type: MessageType.Next, payload: begun.result })
    tell({ id, type: MessageType.Complete })
  }

  async function subscribe(id: string, payload: SubscribePayload): Promise<void> {
    if (!isAcknowledged) return close(CloseCode.Unauthorized, 'Unauthorized')
    if (open.has(id)) return close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${short(id)} already exists`)
    const operation: Operation = { id, isOpen: () => open.get(id) === operation }
    open.set(id, operation)
    underWay.add(operation)
    await run(operation, payload)
  }

  function complete(id: string): void {
    const operation = open.get(id)
    open.delete(id)
    if (!operation?.leave) return
    underWay.delete(operation)
    operation.leave()
  }

  return {
    async receive(text) {
      let message: Message
      try {
        message = parseMessage(text)
      } catch {
        return close(CloseCode.BadRequest, 'Invalid message received')
      }
      switch (message.type) {
        case MessageType.ConnectionInit:
          return initialise(message.payload ?? undefined)
        case MessageType.Ping:
          return tell({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) })
        case MessageType.Pong:
          return
        case MessageType.Subscribe:
          return subscribe(message.id, message.payload)
        case MessageType.Complete:
          return complete(message.id)
        default:
          close(CloseCode.BadRequest, 'Only a server sends such messages.')
      }
    },
    end() {
      clearTimeout(waiting)
      for (const id of [...open.keys()]) complete(id)
    },
  }
}
