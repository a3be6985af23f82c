import { expect, test } from 'vitest'
import { pause, systemScheduler } from '../src/scheduler.ts'

test('work is called once after its time, and not at all once it was taken back', async () => {
  const called: string[] = []
  const takeBack = systemScheduler.after(1, () => called.push('taken back'))
  const takeBackNow = systemScheduler.after(0, () => called.push('taken back at once'))
  takeBack()
  takeBackNow()
  await new Promise<void>((resolve) => systemScheduler.after(0, resolve))
  await new Promise<void>((resolve) => systemScheduler.after(5, resolve))
  expect(called).toEqual([])
})

test('a pause lasts its time by the clock that only goes forward', async () => {
  const begun = systemScheduler.elapsed()
  await pause(systemScheduler, 20)
  expect(systemScheduler.elapsed() - begun).toBeGreaterThanOrEqual(19)
})

test('a pause ends as soon as its signal is aborted, before or during it', async () => {
  const never = { after: () => () => {} }
  await pause(never, 1_000, AbortSignal.abort())
  const aborted = new AbortController()
  const paused = pause(never, 1_000, aborted.signal)
  aborted.abort()
  await expect(paused).resolves.toBeUndefined()
})
