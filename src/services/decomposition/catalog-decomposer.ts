import type { Catalog } from '../../catalog/capability.ts'
import { toDecomposition } from './catalog/to-decomposition.ts'
import { buildKnowledge } from './catalog/knowledge.ts'
import { readRequest } from './catalog/read-request.ts'
import { createTokenReader } from './catalog/read-tokens.ts'
import type { Decomposition, RequestDecomposer } from './request-decomposer.ts'
import { createTurnTaking } from './turn-taking.ts'
import { validateDecomposition } from './validate-decomposition.ts'

/** Milliseconds of reading after which others are served: a request of full length takes more than a hundred. */
const longestTurnMs = 20

/**
 * Understands requests from the catalog alone: no network, no model, the same answer every time. Building it learns the
 * catalog's examples (less than a second of CPU time for 30 capabilities); a request takes milliseconds.
 */
export function createCatalogDecomposer(catalog: Catalog): RequestDecomposer {
  const knowledge = buildKnowledge(catalog)
  const readTokens = createTokenReader(knowledge)
  const understand = (request: string): Decomposition => {
    const { tokens, text, readTo } = readTokens(request)
    return validateDecomposition(catalog, toDecomposition(readRequest(tokens, text, knowledge, readTo), text))
  }
  for (const request of rehearsals(catalog)) understand(request)
  const inTurn = createTurnTaking(longestTurnMs)
  return { name: 'catalog', immediate: true, decompose: (input) => inTurn(() => understand(input.text)) }
}

/** Requests made of the catalog's own examples that are read in advance: code that has run is fast for the first people, too. */
const mostRehearsals = 5

function rehearsals({ capabilities }: Catalog): string[] {
  const examples = capabilities.flatMap((capability) => capability.examples.slice(0, 3))
  return examples.slice(0, mostRehearsals).map((example, at) => `${example}, and then ${examples[(at * 7 + 1) % examples.length]}. If that fails, ${examples[(at * 5 + 2) % examples.length]}.`)
}
