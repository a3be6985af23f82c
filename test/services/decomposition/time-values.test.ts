import { expect, test } from 'vitest'
import { isSchedule } from '../../../src/services/decomposition/time-values.ts'

test.each([
  'every friday at 22:00', '*/5 * * * *', '@daily', 'tomorrow at 14:00', 'tonight', 'at 3 pm', 'next tuesday', 'in 2 hours', 'on 3 May', '2026-11-24 03:00',
  'morgen um 14 Uhr', 'demain à 14h30', 'mañana a las 8', '明天14点',
])('a repetition or a time is a schedule: %s', (text) => {
  expect(isSchedule(text)).toBe(true)
})

test.each(['blue', 'soon', 'after hours', 'may', 'alpha 12', 'v1.15', '10.0.0.5', '99:99', '60 * * * *'])('what says no time is none: %s', (text) => {
  expect(isSchedule(text)).toBe(false)
})
