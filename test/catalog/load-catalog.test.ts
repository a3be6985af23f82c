import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CatalogError, type CatalogFault } from '../../src/catalog/catalog-error.ts'
import { loadCatalog } from '../../src/catalog/load-catalog.ts'

let folder = ''
let count = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'planwright-catalog-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

async function write(yaml: string): Promise<string> {
  const file = join(folder, `catalog-${++count}.yaml`)
  await writeFile(file, yaml)
  return file
}

async function faultsOf(yaml: string): Promise<readonly CatalogFault[]> {
  try {
    await loadCatalog(await write(yaml))
  } catch (error) {
    if (error instanceof CatalogError) return error.faults
    throw error
  }
  throw new Error('the catalog was accepted')
}

const plain = `
version: 1
name: shop
capabilities:
  - id: refund_order
    description: Refund an order. Money goes back to the card.
    work_type: finance
    agent_type: office
    estimated_minutes: 2
    parameters:
      - { name: order, type: string, required: true }
      - { name: reason, type: enum, values: [broken, late], aliases: { Too Late: late } }
    examples: [refund order 17, give the money for 1.10 back]
`

describe('loading a catalog', () => {
  test('fills every default and derives the task name and the time limit', async () => {
    const catalog = await loadCatalog(await write(plain))
    expect(catalog.byId.get('refund_order')).toMatchObject({
      name: 'Refund an order: {{order}}', risk: 'medium', effect: 'idempotent', timeoutSeconds: 360, maxAttempts: 3,
      sameAgent: false, requires: {}, after: [], words: {}, run: null,
      parameters: [{ name: 'order', required: true }, { name: 'reason', required: false, aliases: { 'too late': 'late' } }],
    })
    expect(catalog.approvalRules.high).toEqual({
      approvers: 1, requesterMayApprove: true, reasonRequired: false, allowedApprovers: null, byRule: false, expiresAfterHours: null,
    })
  })

  test('the digest of an entry ignores layout and changes with how it is run', async () => {
    const first = await loadCatalog(await write(plain))
    const spaced = await loadCatalog(await write(plain.replace('work_type: finance', 'work_type:    "finance"')))
    const runnable = await loadCatalog(await write(`${plain}    run: { kind: command, argv: [refund, "{{order}}"] }\n`))
    expect(first.capabilities[0]!.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(spaced.digest).toBe(first.digest)
    expect(runnable.capabilities[0]!.digest).not.toBe(first.capabilities[0]!.digest)
  })

  test('all faults of a file are reported together with line and field', async () => {
    const faults = await faultsOf(plain
      .replace('work_type: finance', 'worktype: finance')
      .replace('estimated_minutes: 2', 'estimated_minutes: 0')
      .replace('type: string', 'type: strng')
      .replace('    examples: [refund order 17, give the money for 1.10 back]', '    examples: []'))
    expect(faults.map(({ line, field, message }) => `${line} ${field}: ${message}`).sort()).toEqual([
      '11 capabilities.refund_order.parameters.order.type: must be one of enum, string, integer, port, boolean, hosts, list, fqdn, username, schedule, duration, secret',
      '13 capabilities.refund_order.examples: give at least one example utterance',
      '5 capabilities.refund_order.work_type: is missing',
      '7 capabilities.refund_order.worktype: unknown key; did you mean "work_type"?',
      '9 capabilities.refund_order.estimated_minutes: must be above 0',
    ])
  })

  test.each([
    ['an alias of no value', plain.replace('Too Late: late', 'Too Late: lat'), '"lat" is not one of the values; did you mean "late"?'],
    ['an enum without values', plain.replace('values: [broken, late], aliases: { Too Late: late }', ''), 'an enum needs its values'],
    ['values on a string', plain.replace('type: string', 'type: string, values: [a]'), 'only an enum has values; the type is string'],
    ['a parameter given twice', plain.replace('name: reason', 'name: order'), 'parameter "order" is given twice'],
    ['after an unknown intent', `${plain}    after: [refund_orders]\n`, 'no capability "refund_orders"; did you mean "refund_order"?'],
    ['after itself', `${plain}    after: [refund_order]\n`, 'a capability cannot wait for itself'],
    ['a run template of no parameter', `${plain}    run: { kind: command, argv: [x, "{{ordr}}"] }\n`, 'template {{ordr}} names no parameter of refund_order; did you mean "order"?'],
    ['a program taken from a parameter', `${plain}    run: { kind: command, argv: ["{{order}}"] }\n`, 'the program must not come from a parameter'],
    ['a name template of no parameter', `${plain}    name: Refund {{it}}\n`, 'template {{it}} names no parameter of refund_order'],
    ['an unknown kind of run', `${plain}    run: { kind: shell, argv: [x] }\n`, 'invalid discriminator value'],
    ['bounds on a text', plain.replace('type: string', 'type: string, minimum: 1'), 'only numbers have bounds; the type is string'],
    ['after in a circle', `${plain}    after: [refund_two]\n  - { id: refund_two, description: x, work_type: a, agent_type: b, estimated_minutes: 1, examples: [x], after: [refund_order] }\n`, 'waits for itself: refund_order after refund_two after refund_order'],
    ['broken YAML', `${plain}   - : [`, ''],
    ['no capability', 'version: 1\n', 'the catalog has no capability'],
    ['an approval that nobody could give', plain.replace('capabilities:', 'approval: { high: { approvers: 2, allowed_approvers: [bob, bob] } }\ncapabilities:'), 'asks for more people than allowed_approvers names'],
    ['a version from the future', plain.replace('version: 1', 'version: 9'), 'must be one of 1'],
  ])('%s is refused', async (_, yaml, message) => {
    expect((await faultsOf(yaml)).map((fault) => fault.message).join('\n')).toContain(message)
  })

  test('a folder is one catalog and ids are unique across its files', async () => {
    const catalogFolder = await mkdtemp(join(folder, 'folder-'))
    await writeFile(join(catalogFolder, 'a.yaml'), plain)
    await writeFile(join(catalogFolder, 'b.yaml'), plain.replace('refund_order', 'refund_all').replace('name: shop\n', ''))
    expect((await loadCatalog(catalogFolder)).capabilities.map((capability) => capability.id)).toEqual(['refund_order', 'refund_all'])
    await writeFile(join(catalogFolder, 'c.yaml'), plain)
    await expect(loadCatalog(catalogFolder)).rejects.toThrow(/c\.yaml:5 capabilities\.refund_order\.id: capability "refund_order" is already at .*a\.yaml:5/)
  })

  test('a path that does not exist is named', async () => {
    await expect(loadCatalog(join(folder, 'nowhere.yaml'))).rejects.toThrow(/nowhere\.yaml:1 no such file or folder/)
  })
})
