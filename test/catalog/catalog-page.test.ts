import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { effects, parameterTypes, risks } from '../../src/catalog/capability.ts'
import { capabilityEntry, catalogFile, parameterEntry } from '../../src/catalog/catalog-file.ts'
import { loadCatalog } from '../../src/catalog/load-catalog.ts'
import { createCatalogDecomposer } from '../../src/services/decomposition/catalog-decomposer.ts'

const page = await readFile(new URL('../../docs/catalog.md', import.meta.url), 'utf8')

async function exampleCatalog() {
  const folder = await mkdtemp(join(tmpdir(), 'catalog-page-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'office.yaml')
  await writeFile(file, /```yaml\n([\s\S]*?)```/.exec(page)![1]!)
  return loadCatalog(file)
}

test('the example of the page is a catalog in which every key of a capability occurs', async () => {
  const catalog = await exampleCatalog()
  const example = /```yaml\n([\s\S]*?)```/.exec(page)![1]!
  expect(catalog.capabilities.map(({ id }) => id)).toEqual(['restart_service', 'notify_team'])
  expect(Object.keys(capabilityEntry.shape).filter((key) => !new RegExp(`\\b${key}:`).test(example))).toEqual([])
})

test('the page explains every key, type, risk and effect', () => {
  const keys = [...Object.keys(catalogFile.shape), ...Object.keys(capabilityEntry.shape), ...Object.keys(parameterEntry.shape)]
  expect([...keys, ...parameterTypes, ...risks, ...effects].filter((word) => !page.includes(`\`${word}\``))).toEqual([])
})

test('the example of the page understands what its page says', async () => {
  const decomposer = createCatalogDecomposer(await exampleCatalog())
  const understood = await decomposer.decompose({ text: 'restart nginx and postgres', answers: [], previous: null })
  expect(understood.subtasks.map(({ parameters }) => parameters['service'])).toEqual(['nginx', 'postgres'])
})
