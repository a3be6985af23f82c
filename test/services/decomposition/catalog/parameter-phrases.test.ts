import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadCatalog } from '../../../../src/catalog/load-catalog.ts'
import { createCatalogDecomposer } from '../../../../src/services/decomposition/catalog-decomposer.ts'

const decomposer = createCatalogDecomposer(await loadCatalog(fileURLToPath(new URL('club.yaml', import.meta.url))))

type Call = readonly [intent: string, parameters: Readonly<Record<string, unknown>>]

/** What kind of phrase, a request with it, and the calls. */
const cases: readonly (readonly [kind: string, request: string, ...calls: Call[]])[] = [
  ['values that belong to each other', 'Record the traffic on ens192 of fw-1 for 5 minutes.', ['capture_packets', { interface: 'ens192', hosts: ['fw-1'], duration: '5 minutes' }]],
  ['a value before another one that is spelt otherwise', 'Capture packets on eth1 on lb-01.', ['capture_packets', { interface: 'eth1', hosts: ['lb-01'] }]],
  ['from one to another', 'Move volume photos from ssd-1 to ssd-2.', ['move_volume', { volume: 'photos', source: 'ssd-1', target: 'ssd-2' }]],
  ['a pattern that repeats', 'Shift vol-a to p7 and vol-b to p8.', ['move_volume', { volume: 'vol-a', target: 'p7' }], ['move_volume', { volume: 'vol-b', target: 'p8' }]],
  ['a pattern with nouns', 'Assign locker 5 to Lea Vogt and locker 6 to Jan Vogt.', ['assign_locker', { locker: '5', member: 'Lea Vogt' }], ['assign_locker', { locker: '6', member: 'Jan Vogt' }]],
  ['a list of numbers before the verb', 'Lockers 301, 302 and 305 need cleaning.', ['clean_lockers', { lockers: ['301', '302', '305'] }]],
  ['an adverb for a flag', 'Please clean 410, 411 and 412 thoroughly.', ['clean_lockers', { lockers: ['410', '411', '412'], thorough: true }]],
  ['years counted in months', 'Locker 99 goes to Omar Saleh for a year.', ['assign_locker', { locker: '99', member: 'Omar Saleh', months: 12 }]],
  ['a reason behind "for"', 'Charge Ivan Petrov 25 euros for a broken racket.', ['charge_fee', { member: 'Ivan Petrov', amount: 25, reason: 'a broken racket' }]],
  ['a text behind a colon', 'Leave a note for Ms Okafor: the keys are at the front desk.', ['leave_note', { visitor: 'Ms Okafor', message: 'the keys are at the front desk' }]],
  ['a quotation with words around it', 'Write a note saying "call me back" for Mr Quinn.', ['leave_note', { visitor: 'Mr Quinn', message: 'call me back' }]],
  ['a name of one letter', 'It should be dark in hall E.', ['set_light', { scene: 'blackout', hall: 'E' }]],
  ['what is instead of something', 'The virtual machine ci-12 needs 64 gigabytes of memory instead of 32.', ['resize_vm', { vm: 'ci-12', memory_gb: 64 }]],
  ['a bare number that corrects', 'Resize ci-13 to 8 cpus, no, 10.', ['resize_vm', { vm: 'ci-13', cpus: 10 }]],
  ['a flag that is off', 'Turn off the feature one-click on shop.north.example.', ['set_feature', { feature: 'one-click', enabled: false, site: 'shop.north.example' }]],
  ['a flag by a statement', 'The feature auto-play should be off on tv.north.example.', ['set_feature', { feature: 'auto-play', enabled: false, site: 'tv.north.example' }]],
  ['two halves of a call', 'logs of the stream proxy: keep for 14d', ['retain_logs', { stream: 'proxy', keep: '14d' }]],
  ['how often as a number', 'Watch pay.north.example every 30 seconds.', ['add_check', { target: 'pay.north.example', interval_seconds: 30 }]],
  ['a value behind what is not meant', 'Clean locker 7 instead of locker 8.', ['clean_lockers', { lockers: ['7'] }]],
  ['mistyped words without a good one', 'asign lokcer 12 to Tom Ruiz', ['assign_locker', { locker: '12', member: 'Tom Ruiz' }]],
]

test.each(cases.map(([kind, request, ...calls]) => ({ kind, request, calls })))('a request with $kind names its values', async ({ request, calls }) => {
  const { subtasks } = await decomposer.decompose({ text: request, answers: [], previous: null })
  expect(subtasks.map(({ intent, parameters }) => [intent, parameters])).toEqual(calls)
})
