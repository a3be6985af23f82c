/** Runs a catalog's decomposer over requests, as predictions in the scorer's format. */
import { readFile } from 'node:fs/promises'
import type { Catalog } from '../src/catalog/capability.ts'
import { loadCatalog } from '../src/catalog/load-catalog.ts'
import type { RequestDecomposer } from '../src/services/decomposition/request-decomposer.ts'
import type { LabelledRequest, Prediction } from './labelled-request.ts'

/** A catalog for understanding only: it may leave out how work is carried out. YAML, a folder of YAML, or JSON. */
export const loadForUnderstanding = (path: string): Promise<Catalog> => loadCatalog(path, { missing: { work_type: 'unspecified', agent_type: 'unspecified', estimated_minutes: 1 } })

/** The requests of a JSON Lines file. Throws with file and line where one cannot be read. */
export async function readRequests(path: string): Promise<LabelledRequest[]> {
  return (await readFile(path, 'utf8')).split('\n').flatMap((line, index): LabelledRequest[] => {
    if (!line.trim()) return []
    const request = parsed(line)
    if (!isRequest(request)) throw new Error(`${path}:${index + 1}: expected one JSON object with "id" and "text" a line`)
    return [request]
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

const isRequest = (value: unknown): value is LabelledRequest => typeof value === 'object' && value !== null && 'id' in value && 'text' in value && typeof value.id === 'string' && typeof value.text === 'string'

export async function predict(decomposer: RequestDecomposer, { id, text }: LabelledRequest): Promise<Prediction> {
  const begun = performance.now()
  const { status, subtasks, ambiguities, outOfScope } = await decomposer.decompose({ text, answers: [], previous: null })
  return { id, status: status.toLowerCase(), subtasks, ambiguities, outOfScope, ms: Math.round((performance.now() - begun) * 1000) / 1000 }
}
