import type { Subtask } from '../../src/entities/decomposition.ts'
import type { Decomposition, DecompositionInput, RequestDecomposer } from '../../src/services/decomposition/request-decomposer.ts'

type Answer = Decomposition | Promise<Decomposition>

/** Answers as a test says; records what it was asked. */
export function createScriptedDecomposer(
  script: (input: DecompositionInput, signal?: AbortSignal) => Answer,
  { immediate = true, name = 'scripted' }: { immediate?: boolean; name?: string } = {},
): RequestDecomposer & { readonly asked: DecompositionInput[] } {
  const asked: DecompositionInput[] = []
  return {
    name,
    immediate,
    asked,
    async decompose(input, signal) {
      asked.push(input)
      return script(input, signal)
    },
  }
}

/** A decomposition with the fields a test cares about. */
export const decomposition = (fields: Partial<Decomposition>): Decomposition => ({
  status: 'PARSING_COMPLETE',
  subtasks: [],
  ambiguities: [],
  outOfScope: [],
  failureReason: null,
  notice: null,
  usage: [],
  ...fields,
})

/** Subtasks in order, by intent; fields as given. */
export const subtasks = (...parts: (Partial<Subtask> & Pick<Subtask, 'intent'>)[]): Subtask[] =>
  parts.map((part, index) => ({ order: index + 1, name: part.intent, confidence: 1, parameters: {}, dependsOn: [], ...part }))
