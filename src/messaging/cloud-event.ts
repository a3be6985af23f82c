/**
 * Between bytes and messages: writes CloudEvents and reads them with every bound enforced. The envelope is
 * checked by hand because this runs once per message; the data is checked by its schema.
 */
import { isUtf8 } from 'node:buffer'
import { maxMessageBytes, messageData, protocolVersion } from './messages.ts'
import type { CloudEvent, MessageData, MessageType } from './messages.ts'

/** Deepest nesting of arrays and objects accepted; PostgreSQL and serialisers recurse. */
export const maxNesting = 64

/** Attributes a sender chooses. `time` is RFC 3339 or a Date; it is informative only, clocks differ. */
export type EventAttributes = {
  readonly id: string
  readonly source: string
  readonly time: string | Date
  readonly subject?: string
  readonly traceparent?: string | undefined
  readonly requestid?: string | undefined
  readonly signature?: string
}

/** Longest values of the attributes, in UTF-16 code units; the published schemas say the same. */
export const attributeLimits = {
  id: 200,
  source: 500,
  type: 200,
  time: 64,
  dataschema: 300,
  subject: 500,
  traceparent: 200,
  requestid: 128,
  signature: 8_000,
} as const

/** Why a body cannot be read; stable, for metrics. */
export type UnreadableCode =
  | 'oversized'
  | 'not_json'
  | 'too_deep'
  | 'unstorable_text'
  | 'not_a_cloud_event'
  | 'unknown_type'
  | 'newer_version'
  | 'wrong_shape'

/** An event of one of the types T; `type` tells which, and narrows `data`. */
export type EventOf<T extends MessageType> = { [K in T]: CloudEvent<K> }[T]

/** `reason` begins with the code in words and says where; it carries nothing of the content but names of fields. */
export type ParsedMessage<T extends MessageType> =
  | { readonly ok: true; readonly event: EventOf<T> }
  | { readonly ok: false; readonly code: UnreadableCode; readonly reason: string }

/** `urn:planwright:<type>:<version>`, the value of `dataschema`. */
export const dataschemaOf = (type: MessageType): string => `urn:planwright:${type}:${protocolVersion}`

/** The CloudEvent as JSON text. The data is not checked: it comes from typed code. */
export function formatMessage<T extends MessageType>(
  type: T,
  data: MessageData<T>,
  attributes: EventAttributes,
): string {
  const { id, source, time, subject, traceparent, requestid, signature } = attributes
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    time: typeof time === 'string' ? time : time.toISOString(),
    datacontenttype: 'application/json',
    dataschema: dataschemaOf(type),
    subject,
    traceparent,
    requestid,
    signature,
    data,
  })
}

/**
 * Reads a body as a CloudEvent of one of the expected types. Unknown fields of the data and unknown extensions
 * are dropped. Absent `time` and `dataschema`, optional in CloudEvents, mean now and the present version.
 */
export function parseMessage<T extends MessageType>(body: Buffer, expectedTypes: readonly T[]): ParsedMessage<T> {
  if (body.length > maxMessageBytes) {
    return unreadable('oversized', `oversized: ${body.length} bytes, at most ${maxMessageBytes}`)
  }
  if (!isUtf8(body)) return unreadable('not_json', 'not JSON: not UTF-8')
  if (nestsTooDeep(body)) return unreadable('too_deep', `nested too deep: at most ${maxNesting} levels`)
  const text = body.toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return unreadable('not_json', 'not JSON')
  }
  // In valid UTF-8 JSON both can only be written as escapes, so most messages need no second look.
  if (suspectEscape.test(text) && !isStorable(value)) {
    return unreadable('unstorable_text', 'text that cannot be stored: NUL or a lone surrogate')
  }
  return readEnvelope(value, expectedTypes)
}

function readEnvelope<T extends MessageType>(value: unknown, expectedTypes: readonly T[]): ParsedMessage<T> {
  if (!isRecord(value)) return notACloudEvent('not an object')
  const { specversion, id, source, type, time, datacontenttype, dataschema, subject, traceparent, requestid, signature } = value
  if (specversion !== '1.0') return notACloudEvent('specversion')
  if (!isText(id, attributeLimits.id)) return notACloudEvent('id')
  if (!isText(source, attributeLimits.source)) return notACloudEvent('source')
  if (!isText(type, attributeLimits.type)) return notACloudEvent('type')
  if (!isOptionalText(time, attributeLimits.time)) return notACloudEvent('time')
  if (datacontenttype !== undefined && datacontenttype !== 'application/json') return notACloudEvent('datacontenttype')
  if (!isOptionalText(dataschema, attributeLimits.dataschema)) return notACloudEvent('dataschema')
  if (!isOptionalText(subject, attributeLimits.subject)) return notACloudEvent('subject')
  if (!isOptionalText(traceparent, attributeLimits.traceparent)) return notACloudEvent('traceparent')
  if (!isOptionalText(requestid, attributeLimits.requestid)) return notACloudEvent('requestid')
  if (!isOptionalText(signature, attributeLimits.signature)) return notACloudEvent('signature')
  const known = expectedTypes.find((expected) => expected === type)
  if (known === undefined) return unreadable('unknown_type', `unknown type: ${type}`)
  if (dataschema !== undefined && dataschema !== dataschemaOf(known)) return otherVersion(known, dataschema)
  const parsed = messageData[known].safeParse(value.data)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const path = ['data', ...(issue?.path ?? [])].map((part) => String(part).slice(0, 100)).join('.')
    return unreadable('wrong_shape', `wrong shape: ${path}: ${(issue?.message ?? 'invalid').slice(0, 200)}`)
  }
  const event = {
    specversion,
    id,
    source,
    type: known,
    time: time ?? new Date().toISOString(),
    datacontenttype: 'application/json',
    dataschema: dataschemaOf(known),
    ...(subject !== undefined && { subject }),
    ...(traceparent !== undefined && { traceparent }),
    ...(requestid !== undefined && { requestid }),
    ...(signature !== undefined && { signature }),
    data: parsed.data,
  }
  // The schema was picked by the type, which the compiler cannot follow through the table.
  return { ok: true, event: event as EventOf<T> }
}

const suspectEscape = /\\u(?:0000|d[89a-f])/i

type Unreadable = { readonly ok: false; readonly code: UnreadableCode; readonly reason: string }

function unreadable(code: UnreadableCode, reason: string): Unreadable {
  return { ok: false, code, reason }
}

function notACloudEvent(attribute: string): Unreadable {
  return unreadable('not_a_cloud_event', `not a CloudEvent: ${attribute}`)
}

function otherVersion(type: MessageType, dataschema: string): Unreadable {
  const family = `urn:planwright:${type}:`
  const version = dataschema.startsWith(family) ? dataschema.slice(family.length) : ''
  return /^\d{1,9}$/.test(version) && Number(version) > protocolVersion
    ? unreadable('newer_version', `newer version: ${version}, this side knows ${protocolVersion}`)
    : notACloudEvent('dataschema')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maxLength
}

function isOptionalText(value: unknown, maxLength: number): value is string | undefined {
  return value === undefined || isText(value, maxLength)
}

/** Whether PostgreSQL can store all keys and strings. The nesting is already bounded, so recursion is safe. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000')
  if (Array.isArray(value)) return value.every(isStorable)
  if (!isRecord(value)) return true
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner))
}

const byteOf = (character: string): number => character.charCodeAt(0)
const quote = byteOf('"')
const backslash = byteOf('\\')
const [openArray, openObject, closeArray, closeObject] = [byteOf('['), byteOf('{'), byteOf(']'), byteOf('}')]

/** Counts brackets outside strings before anything is parsed; wrong JSON is found later. */
function nestsTooDeep(body: Buffer): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index]
    if (inString) {
      if (byte === backslash) index += 1
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === openArray || byte === openObject) {
      depth += 1
      if (depth > maxNesting) return true
    } else if (byte === closeArray || byte === closeObject) depth -= 1
  }
  return false
}
