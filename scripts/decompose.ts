/** Understands requests from a file with a catalog and writes one prediction a line. See docs/catalog.md. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { loadCatalog } from '../src/catalog/load-catalog.ts'
import { createCatalogDecomposer } from '../src/services/decomposition/catalog-decomposer.ts'

const { values } = parseArgs({ options: { catalog: { type: 'string' }, requests: { type: 'string' } } })
const catalog = await loadCatalog(values.catalog!, { missing: { work_type: 'unspecified', agent_type: 'unspecified', estimated_minutes: 1 } })
const decomposer = createCatalogDecomposer(catalog)
for (const line of (await readFile(values.requests!, 'utf8')).split('\n')) {
  if (!line.trim()) continue
  const { id, text } = JSON.parse(line) as { id: string; text: string }
  const begun = performance.now()
  const { status, subtasks, ambiguities, outOfScope } = await decomposer.decompose({ text, answers: [], previous: null })
  const ms = performance.now() - begun
  console.log(JSON.stringify({ id, status: status.toLowerCase(), subtasks, ambiguities, outOfScope, ms }))
}
