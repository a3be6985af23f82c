import type { Catalog } from '../../catalog/capability.ts'
import { toDecomposition } from './catalog/to-decomposition.ts'
import { buildKnowledge } from './catalog/knowledge.ts'
import { readRequest } from './catalog/read-request.ts'
import { createTokenReader } from './catalog/read-tokens.ts'
import type { RequestDecomposer } from './request-decomposer.ts'
import { validateDecomposition } from './validate-decomposition.ts'

/**
 * Understands requests from the catalog alone: no network, no model, the same answer every time. Building it learns the
 * catalog's examples (less than a second of CPU time for 30 capabilities); a request takes milliseconds.
 */
export function createCatalogDecomposer(catalog: Catalog): RequestDecomposer {
  const knowledge = buildKnowledge(catalog)
  const readTokens = createTokenReader(knowledge)
  return {
    name: 'catalog',
    immediate: true,
    async decompose(input) {
      const { tokens, text, readTo } = readTokens(input.text)
      return validateDecomposition(catalog, toDecomposition(readRequest(tokens, text, knowledge, readTo), text))
    },
  }
}
