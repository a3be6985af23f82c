import { DatabaseError } from 'pg'
import { expect, test } from 'vitest'
import { isConflict, isTransient, isUnavailable, isUniqueViolation } from '../../src/database/database-errors.ts'

const withCode = (code: string) => Object.assign(new DatabaseError('message', 0, 'error'), { code })

const unreachable = ['57P01', '57P02', '57P03', '53300', '08006', 'ECONNREFUSED', 'ECONNRESET']
test.each(unreachable)('%s is unavailability', (code) => {
  expect(isUnavailable(withCode(code))).toBe(true)
  expect(isTransient(withCode(code))).toBe(true)
  expect(isConflict(withCode(code))).toBe(false)
})

test.each(['40001', '40P01'])('%s is a conflict', (code) => {
  expect(isConflict(withCode(code))).toBe(true)
  expect(isTransient(withCode(code))).toBe(true)
  expect(isUnavailable(withCode(code))).toBe(false)
})

test.each(['57014', '55P03'])('%s passes', (code) => {
  expect(isTransient(withCode(code))).toBe(true)
  expect(isUnavailable(withCode(code))).toBe(false)
})

test.each(['23505', '23503', '42P01', '22P02', '22021'])('%s comes back however often one tries', (code) => {
  expect(isTransient(withCode(code))).toBe(false)
})

test('an error is known inside the errors that wrap it', () => {
  const wrapped = new Error('outer', { cause: new Error('middle', { cause: withCode('57P01') }) })
  expect(isUnavailable(wrapped)).toBe(true)
  expect(isUnavailable(new AggregateError([withCode('ECONNREFUSED')]))).toBe(true)
  expect(isUniqueViolation(new Error('outer', { cause: withCode('23505') }))).toBe(true)
})

test('an error that holds itself as its cause ends the search', () => {
  const loop: Error & { cause?: unknown } = new Error('loop')
  loop.cause = loop
  expect(isTransient(loop)).toBe(false)
})

test.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect', 'Query read timeout'])(
  'the driver\'s "%s" is unavailability',
  (message) => expect(isUnavailable(new Error(message))).toBe(true),
)

test.each([undefined, null, 'text', new Error('anything')])('%s is none of these', (value) => {
  expect([isUnavailable(value), isConflict(value), isTransient(value), isUniqueViolation(value)]).not.toContain(true)
})
