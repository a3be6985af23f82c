import { randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMessage, maxNesting, parseMessage } from '../../src/messaging/cloud-event.ts'
import type { UnreadableCode } from '../../src/messaging/cloud-event.ts'
import { maxMessageBytes } from '../../src/messaging/messages.ts'
import type { MessageData } from '../../src/messaging/messages.ts'

const type = 'planwright.work.succeeded'
const taskId = `Task_${randomUUID()}`
const attributes = { id: 'e1', source: '/agents/a', time: '2026-01-02T03:04:05.678Z' }

const succeeded = (output: unknown): MessageData<typeof type> => ({ taskId, attempt: 1, instance: 'i1', output })
const event = (more: object = {}): Record<string, unknown> => ({
  ...JSON.parse(formatMessage(type, succeeded('done'), attributes)),
  ...more,
})
const parse = (text: string | object) =>
  parseMessage(Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)), [type, 'planwright.work.failed'])

function refusal(text: string | object): { code: UnreadableCode; reason: string } {
  const parsed = parse(text)
  if (parsed.ok) throw new Error('was accepted')
  return parsed
}

test('what is formatted is parsed to the same, whatever storable JSON it carries', () => {
  const storable = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\u0000'))
  const value = fc.jsonValue().filter((json) => !/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(json)))
  fc.assert(
    fc.property(value, storable, (output, instance) => {
      const data = { taskId, attempt: 7, instance: `i${instance}`.slice(0, 90), output }
      if (!data.instance.isWellFormed()) return
      const text = formatMessage(type, data, { ...attributes, traceparent: '00-ab-cd-01' })
      expect(parse(text)).toEqual({ ok: true, event: JSON.parse(text) })
    }),
  )
})

test('the expected types narrow the data', () => {
  const parsed = parse(event())
  if (!parsed.ok) throw new Error(parsed.reason)
  if (parsed.event.type === 'planwright.work.failed') throw new Error(parsed.event.data.error.message)
  expect(parsed.event.data.output).toBe('done')
})

test('unknown fields are dropped and unknown extensions tolerated', () => {
  const parsed = parse(event({ comexample: 1, data: { ...succeeded('done'), colour: 'red' } }))
  if (!parsed.ok) throw new Error(parsed.reason)
  expect(parsed.event.data).toEqual(succeeded('done'))
  expect(parsed.event).not.toHaveProperty('comexample')
})

test('optional attributes may be absent', () => {
  const { specversion, id, source, data } = event()
  expect(parse({ specversion, id, source, type, data })).toMatchObject({
    ok: true,
    event: { dataschema: `urn:planwright:${type}:1`, time: expect.any(String) },
  })
})

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const withOutput = (json: string) => JSON.stringify(event({ data: succeeded('@') })).replace('"@"', () => json)

test.each<[string, UnreadableCode, string | object]>([
  ['oversized', 'oversized', ' '.repeat(maxMessageBytes + 1)],
  ['not JSON', 'not_json', '{'],
  ['empty', 'not_json', ''],
  ['a raw NUL', 'not_json', '\u0000'],
  ['nested too deep', 'too_deep', withOutput(nested(maxNesting))],
  ['nested deep enough to end a recursive reader', 'too_deep', '['.repeat(500_000)],
  ['an escaped NUL', 'unstorable_text', withOutput('"a\\u0000b"')],
  ['an escaped NUL in a key', 'unstorable_text', withOutput('{"a\\u0000b":1}')],
  ['an escaped NUL in an attribute', 'unstorable_text', event({ id: 'a\u0000' })],
  ['a lone high surrogate', 'unstorable_text', withOutput('"\\ud83d"')],
  ['a lone low surrogate in upper case', 'unstorable_text', withOutput('["\\uDE00"]')],
  ['a number', 'not_a_cloud_event', '1'],
  ['an array', 'not_a_cloud_event', '[]'],
  ['another specversion', 'not_a_cloud_event', event({ specversion: '0.3' })],
  ['no id', 'not_a_cloud_event', event({ id: '' })],
  ['a source that is no text', 'not_a_cloud_event', event({ source: 5 })],
  ['another content type', 'not_a_cloud_event', event({ datacontenttype: 'text/xml' })],
  ['somebody else\'s schema', 'not_a_cloud_event', event({ dataschema: 'urn:other:1' })],
  ['version 0', 'not_a_cloud_event', event({ dataschema: `urn:planwright:${type}:0` })],
  ['version 2', 'newer_version', event({ dataschema: `urn:planwright:${type}:2` })],
  ['an unknown type', 'unknown_type', event({ type: 'planwright.work.sung' })],
  ['a type that is not expected here', 'unknown_type', event({ type: 'planwright.agent.heartbeat' })],
  ['a type named like a property of every object', 'unknown_type', event({ type: 'constructor' })],
  ['no data', 'wrong_shape', event({ data: undefined })],
  ['an attempt that is no number', 'wrong_shape', event({ data: { ...succeeded(1), attempt: '1' } })],
  ['an attempt beyond its bound', 'wrong_shape', event({ data: { ...succeeded(1), attempt: 1e9 } })],
  ['a task id of another kind', 'wrong_shape', event({ data: { ...succeeded(1), taskId: `Plan_${randomUUID()}` } })],
])('%s is refused as %s', (_name, code, text) => {
  expect(refusal(text).code).toBe(code)
})

test('a body that is not UTF-8 is not JSON', () => {
  expect(parseMessage(Buffer.from([0x22, 0xff, 0x22]), [type])).toMatchObject({ ok: false, code: 'not_json' })
})

test('escaped text that only looks unstorable is accepted', () => {
  for (const json of ['"\\\\u0000"', '"\\ud83d\\ude00"', '"\\\\ud83d"']) expect(parse(withOutput(json)).ok).toBe(true)
})

test('the deepest allowed nesting is accepted, and brackets within text do not count', () => {
  expect(parse(withOutput(nested(maxNesting - 2))).ok).toBe(true)
  expect(parse(withOutput(JSON.stringify(`\\"${'['.repeat(1_000)}`))).ok).toBe(true)
})

test('a wrong shape names the path, and no reason carries content', () => {
  const { reason } = refusal(event({ data: { ...succeeded(1), attempt: 'secret' } }))
  expect(reason).toMatch(/^wrong shape: data\.attempt: /)
  expect(reason).not.toContain('secret')
})

test('no bytes make the parser throw', () => {
  const bodies = fc.oneof(
    fc.string().map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  )
  fc.assert(
    fc.property(bodies, (body) => {
      expect(parseMessage(body, [type]).ok).toBe(false)
    }),
  )
})
