import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadCatalog } from '../../../../src/catalog/load-catalog.ts'
import { createCatalogDecomposer } from '../../../../src/services/decomposition/catalog-decomposer.ts'
import { tokenize } from '../../../../src/services/decomposition/catalog/tokenize.ts'
import { validateDecomposition } from '../../../../src/services/decomposition/validate-decomposition.ts'

const decomposer = createCatalogDecomposer(await loadCatalog(fileURLToPath(new URL('operations.yaml', import.meta.url))))
const understand = (text: string) => decomposer.decompose({ text, answers: [], previous: null })
const calls = async (text: string) => (await understand(text)).subtasks.map(({ intent, parameters }) => [intent, parameters])

test.each([
  ['for the next quarter of an hour', 15], ['for 2 1/2 hours', 150], ['for two and a half hours', 150], ['for three quarters of an hour', 45],
  ['for about 30 minutes', 30], ['for, let\'s say 40 minutes', 40], ['for the next 2h', 120],
])('a time is as long as it is said to be: %s', async (time, minutes) => {
  expect(await calls(`Silence storage2 ${time}.`)).toEqual([['mute_alerts', { target: 'storage2', minutes }]])
})

test.each([['Enlarge vol-home to half a terabyte.', 500], ['Extend the volume vol-home → 400 gb', 400], ['Grow the volume called vol-home to 1½ TB', 1500]])('a size is what is written: %s', async (text, size_gb) => {
  expect(await calls(text)).toEqual([['grow_volume', { volume: 'vol-home', size_gb }]])
})

test.each([
  ['The image pruning must happen weekly on Mondays at half past three', 'image pruning', 'weekly on Mondays at half past three'],
  ['have the certificate check done each weekday at 7:15', 'certificate check', 'each weekday at 7:15'],
  ['schedule the disk scrub at 1:30 each night', 'disk scrub', '1:30 each night'],
])('what is done again and again is a task, whatever verb it is: %s', async (text, task, schedule) => {
  expect(await calls(text)).toEqual([['schedule_maintenance', { task, schedule }]])
})

test('a range of names stands for all of them', async () => {
  expect(await calls('Reboot node08 through node11.')).toEqual([['reboot_nodes', { hosts: ['node08', 'node09', 'node10', 'node11'] }]])
})

test('two values of a kind are one call where it takes two', async () => {
  expect(await calls('d.huang and r.silva want to swap shifts')).toEqual([['swap_shifts', { person: 'd.huang', with_person: 'r.silva' }]])
})

test('a name behind "called" is led to by what stands before its noun', async () => {
  expect(await calls('Play the playbook users.yml on the box called mon-3')).toEqual([['run_playbook', { playbook: 'users.yml', hosts: ['mon-3'] }]])
})

test('a noun of the call before and its values are a part of it', async () => {
  expect(await calls('Play base.yml on node01 but only the tags users and motd')).toEqual([['run_playbook', { playbook: 'base.yml', hosts: ['node01'], tags: ['users', 'motd'] }]])
})

test('flags are heard in idioms and by themselves', async () => {
  expect(await calls('Run the playbook hardening on node07 in check mode')).toEqual([['run_playbook', { playbook: 'hardening', hosts: ['node07'], dry_run: true }]])
  expect(await calls('Reboot node07 whatever is running')).toEqual([['reboot_nodes', { hosts: ['node07'], force: true }]])
})

test.each(['Nobody should reach tracker.example.net any more.', 'Let nobody open tracker.example.net'])('a ban asks for what keeps from it: %s', async (text) => {
  expect(await calls(text)).toEqual([['block_domain', { domain: 'tracker.example.net' }]])
})

test.each(['Translate the annual maintenance report into Dutch.', 'Order four more 10 TB disks.', 'Order pizza for the control room.'])('another verb speaks against what its object speaks for: %s', async (text) => {
  const { subtasks, outOfScope } = await understand(text)
  expect([subtasks, outOfScope.length]).toEqual([[], 1])
})

test('a request with names in it is no courtesy', async () => {
  expect(await calls('Hi, have a go at the playbook users.yml on node04 please')).toEqual([['run_playbook', { playbook: 'users.yml', hosts: ['node04'] }]])
})

test('a title ends no sentence', async () => {
  expect((await understand('Dr. Kern says hello. Reboot node01.')).subtasks.map(({ parameters }) => parameters)).toEqual([{ hosts: ['node01'] }])
})

test('a number beyond the bounds of what may be left out is asked about', async () => {
  const catalog = await loadCatalog(fileURLToPath(new URL('oven.yaml', import.meta.url)))
  const oven = createCatalogDecomposer(catalog)
  const heat = async (text: string) => {
    const { subtasks, ambiguities } = validateDecomposition(catalog, await oven.decompose({ text, answers: [], previous: null }))
    return { called: subtasks.map(({ parameters }) => parameters), asked: ambiguities.map(({ parameter, question }) => [parameter, question]) }
  }
  expect(await heat('Heat S1 to 90 degrees')).toEqual({ called: [{ sample: 'S1', degrees: 90 }], asked: [] })
  expect(await heat('Heat S1 to 9000 degrees')).toEqual({ called: [{ sample: 'S1' }], asked: [['degrees', expect.stringContaining('from 20 to 200')]] })
})

test.each(['重启node08和node11', '请把 node08 和 node11 重启'])('a Chinese request needs no spaces around names: %s', async (text) => {
  expect(await calls(text)).toEqual([['reboot_nodes', { hosts: ['node08', 'node11'] }]])
})

test('tokens of Chinese text say where they stand in it', () => {
  const text = '把样品S2加热到65度，写「重启web-1」'
  for (const { start, end, text: said } of tokenize(text)) expect(text.slice(start, end)).toBe(said)
  expect(tokenize(text).map((token) => token.value ?? token.text)).toEqual(['把样品', 'S2', '加热到', 65, '度', '，', '写', '重启web-1'])
})
