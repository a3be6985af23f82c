import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { createShutdown } from '../src/shutdown.ts'

function recorder() {
  const errors: object[] = []
  return { errors, logger: { info: () => {}, error: (details: object) => void errors.push(details) } }
}

test('parts close one after the other, in the order they were added', async () => {
  const { logger } = recorder()
  const order: string[] = []
  const shutdown = createShutdown({ logger, timeoutMs: 10_000 })
  shutdown.add('slow', async () => {
    await new Promise((resolve) => setImmediate(resolve))
    order.push('slow')
  })
  shutdown.add('fast', () => void order.push('fast'))
  expect(await shutdown.close('test')).toBe(0)
  expect(order).toEqual(['slow', 'fast'])
})

test('a part that fails is reported, the others still close, and the exit code is 1', async () => {
  const { errors, logger } = recorder()
  const closed = vi.fn<() => void>()
  const shutdown = createShutdown({ logger, timeoutMs: 10_000 })
  shutdown.add('broken', () => {
    throw new Error('first')
  })
  shutdown.add('also broken', () => Promise.reject(new Error('second')))
  shutdown.add('sound', closed)
  expect(await shutdown.close('test')).toBe(1)
  expect(closed).toHaveBeenCalledTimes(1)
  expect(errors).toMatchObject([{ part: 'broken' }, { part: 'also broken' }])
})

test('a part that hangs is named once the time is up, and the exit code is 1', async () => {
  const { errors, logger } = recorder()
  const shutdown = createShutdown({ logger, timeoutMs: 20 })
  shutdown.add('done', () => {})
  shutdown.add('hangs', () => new Promise<void>(() => {}))
  shutdown.add('never reached', () => {})
  expect(await shutdown.close('test')).toBe(1)
  expect(errors).toMatchObject([{ open: ['hangs', 'never reached'] }])
})

test('closing twice closes each part once and gives the same answer', async () => {
  const close = vi.fn<() => void>()
  const shutdown = createShutdown({ ...recorder(), timeoutMs: 10_000 })
  shutdown.add('part', close)
  expect(await Promise.all([shutdown.close('one'), shutdown.close('two')])).toEqual([0, 0])
  expect(close).toHaveBeenCalledTimes(1)
})

/** A process with one part that closes as told, and its exit code after the signals. */
async function exitCodeAfter(closer: string, signals: readonly NodeJS.Signals[]): Promise<number | null> {
  const program = `
    import { createShutdown } from ${JSON.stringify(new URL('../src/shutdown.ts', import.meta.url).href)}
    const logger = { info: () => process.stdout.write('closing'), error: () => {} }
    const shutdown = createShutdown({ logger, timeoutMs: 60_000 })
    shutdown.add('part', ${closer})
    shutdown.onSignals()
    setInterval(() => {}, 60_000)
    process.stdout.write('ready')`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit') as Promise<[number | null]>
  for (const signal of signals) {
    await once(child.stdout, 'data')
    child.kill(signal)
  }
  return (await exit)[0]
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the process with 0 once all is closed', async (signal) => {
  expect(await exitCodeAfter('() => {}', [signal])).toBe(0)
})

test('a process whose part fails to close ends with 1', async () => {
  expect(await exitCodeAfter('() => Promise.reject(new Error("no"))', ['SIGTERM'])).toBe(1)
})

test('a second signal ends the process at once', async () => {
  expect(await exitCodeAfter('() => new Promise(() => {})', ['SIGTERM', 'SIGINT'])).toBe(130)
})
