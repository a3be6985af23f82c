import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { printedMessages, staleMessages } from '../../scripts/print-messages.ts'
import { messageData } from '../../src/messaging/messages.ts'

const printed = printedMessages()

/** All values of `$ref` anywhere in a document. */
function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

function resolve(document: unknown, reference: string): unknown {
  return reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document)
}

test('the documents in the repository are what the code says', () => {
  expect(staleMessages()).toEqual([])
})

test('every message has a schema of its envelope and data', () => {
  for (const type of Object.keys(messageData)) {
    const schema = JSON.parse(printed.get(`${type}.schema.json`) ?? '{}')
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `urn:planwright:${type}:1`,
      properties: { type: { const: type }, data: { type: 'object' } },
    })
    expect(schema.properties.data.required).not.toEqual([])
  }
})

test('every reference of the AsyncAPI document leads somewhere', () => {
  const document: unknown = parse(printed.get('asyncapi.yaml') ?? '')
  const references = referencesIn(document)
  expect(references.length).toBeGreaterThan(20)
  for (const reference of references) {
    const found = reference.startsWith('#/') ? resolve(document, reference) : printed.get(reference.replace('./', ''))
    expect({ reference, found: found !== undefined }).toEqual({ reference, found: true })
  }
})

test('printing twice gives the same text', () => {
  expect([...printedMessages()]).toEqual([...printed])
})
