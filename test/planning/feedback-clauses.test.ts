import { expect, test } from 'vitest'
import { feedbackClauses } from '../../src/services/planning/feedback-clauses.ts'
import { limitsIn } from '../../src/services/planning/feedback-limits.ts'

test.each([
  ['time limit of 20 minutes', { timeoutSeconds: 1_200 }],
  ['Zeitlimit 90 Sekunden', { timeoutSeconds: 90 }],
  ['timeout 1.5 h and 5 attempts', { timeoutSeconds: 5_400, maxAttempts: 5 }],
  ['raise the number of retries to 7', { maxAttempts: 7 }],
  ['höchstens 4 Versuche', { maxAttempts: 4 }],
  ['more attempts please', { maxAttempts: null }],
  ['a longer timeout', { timeoutSeconds: null }],
  ['Versuche nginx neu zu starten', null],
  ['try to deploy it on web-01 in 10 minutes', null],
  ['attempt the deployment once', null],
])('limits in "%s"', (sentence, limits) => {
  expect(limitsIn(sentence)).toEqual(limits)
})

test.each([
  ['Remove task 2 and step #3', [{ task: 2, removes: true }, { task: 3, removes: true, inherited: true }]],
  ['Task 3 before task 1. Task 4 should wait for task 2', [{ order: [3, 1] }, { order: [2, 4] }]],
  ['Create the backup first; restart nginx at the end', [{ place: 'first', text: 'Create the backup' }, { place: 'last', text: 'restart nginx' }]],
  ['First of all, thanks', [{ place: null }]],
  ['Deploy gitea instead, but do not restart nginx', [{ replaces: true, removes: false }, { removes: true, text: 'restart nginx' }]],
  ['不要备份', [{ removes: true, text: '备份' }]],
])('parts of "%s"', (feedback, parts) => {
  expect(feedbackClauses(feedback)).toMatchObject(parts)
})
