import { expect, test } from 'vitest'
import { createLogger } from '../src/logger.ts'

const secret = `${'ghp_'}${'a1B2'.repeat(9)}`

test('a line says its level as a word, keeps what it is about, and loses secrets wherever they stand', () => {
  const lines: string[] = []
  const logger = createLogger('info', { write: (line) => void lines.push(line) })
  const error = Object.assign(new Error(`push with ${secret} failed`), { code: '23505', detail: 'connect to amqp://me:hunter2@broker' })
  logger.info({ planId: 'Plan_1', nested: { url: `https://x/?token=${secret}` } }, `used ${secret}`)
  logger.error({ err: error, password: 'hunter2' }, 'it failed')
  logger.debug({ secret }, 'not written')
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toHaveLength(2)
  expect(first).toMatchObject({ level: 'info', planId: 'Plan_1', msg: 'used [redacted]', nested: { url: 'https://x/?token=[redacted]' } })
  expect(second).toMatchObject({ level: 'error', password: '[redacted]', err: { type: 'Error', code: '23505', message: 'push with [redacted] failed', detail: 'connect to amqp://me:[redacted]@broker' } })
  expect(lines.join('')).not.toMatch(/ghp_|hunter2/)
})
