/**
 * From what a model wrote to a decomposition. Nothing is taken over but intents and parameters of the catalog, values
 * and words that stand in the request, and dependencies on earlier subtasks; questions and reasons are our own words.
 */
import { z } from 'zod'
import type { Capability, Catalog } from '../../../catalog/capability.ts'
import { renderTaskName } from '../../../catalog/task-name.ts'
import type { Ambiguity, DecompositionInput, OutOfScopeItem, Subtask } from '../request-decomposer.ts'
import { certainties, keepsToSchema } from './answer-schema.ts'
import type { Certainty } from './answer-schema.ts'
import { createGrounding } from './grounding.ts'
import type { Grounding } from './grounding.ts'

/** What was understood, with the number of things that were left out. */
export type ReadAnswer = {
  readonly subtasks: readonly Subtask[]
  readonly ambiguities: readonly Ambiguity[]
  readonly outOfScope: readonly OutOfScopeItem[]
  /** Intents and parameters outside the catalog, and values that do not stand in the request. */
  readonly leftOut: number
}

const limits = { characters: 100_000, subtasks: 200, unclear: 50, outOfScope: 50, spanLength: 500, choices: 20 }

/** Roughly how often such an answer is right; a model's own numbers say less. */
const confidenceOf: Readonly<Record<Certainty, number>> = { clear: 0.9, likely: 0.7, guess: 0.4 }

const answerShape = z.object({
  subtasks: z.array(z.unknown()).max(limits.subtasks),
  unclear: z.array(z.unknown()).max(limits.unclear),
  outOfScope: z.array(z.unknown()).max(limits.outOfScope),
})
const subtaskShape = z.object({
  intent: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  unknownValues: z.array(z.unknown()).max(100).catch([]),
  dependsOn: z.array(z.unknown()).max(limits.subtasks).catch([]),
  certainty: z.enum(certainties).catch('guess'),
})
const unknownValueShape = z.object({ parameter: z.string(), said: z.string() })
const unclearShape = z.object({ text: z.string(), intents: z.array(z.string()).max(200) })

/** Null when the content has a wrong shape, or names subtasks of which not one is in the catalog. */
export function readAnswer(catalog: Catalog, input: DecompositionInput, content: string): ReadAnswer | null {
  const answer = answerShape.safeParse(parseJson(content))
  if (!answer.success) return null
  const grounding = createGrounding(sourcesOf(input))
  const read = answer.data.subtasks.map((raw) => readSubtask(catalog, grounding, raw))
  // Positions change where something is left out.
  const orders = new Map<number, number>()
  read.forEach((found, index) => found && orders.set(index + 1, orders.size + 1))
  if (read.length > 0 && orders.size === 0) return null

  const found = read.filter((subtask) => subtask !== null)
  const subtasks = found.map((subtask, index): Subtask => {
    const dependsOn = subtask.dependsOn.map((order) => orders.get(Number(order)) ?? 0).filter((order) => order > 0 && order <= index)
    const { capability, parameters, confidence } = subtask
    const name = renderTaskName(capability, parameters)
    return { order: index + 1, name, intent: capability.id, confidence, parameters, dependsOn: [...new Set(dependsOn)] }
  })
  const unknown = found.flatMap((subtask, index) => readUnknownValues(grounding, subtask, subtasks[index]!))
  const unclear = answer.data.unclear.flatMap((raw, index) => readUnclear(catalog, grounding, raw, index))
  const outOfScope = answer.data.outOfScope.flatMap((text) =>
    typeof text === 'string' && grounding.quotes(text)
      ? [{ text: text.slice(0, limits.spanLength), reason: 'No capability of this installation covers this.' }]
      : [],
  )
  const leftOut = read.length - found.length + found.reduce((sum, subtask) => sum + subtask.leftOut, 0)
  return { subtasks, ambiguities: [...unknown, ...unclear], outOfScope, leftOut }
}

function parseJson(content: string): unknown {
  if (content.length > limits.characters) return undefined
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

/** The request, the answers, and what was accepted before, which an answer may leave as it was. */
const sourcesOf = ({ text, answers, previous }: DecompositionInput): string[] => [
  text,
  ...answers.map(({ answer }) => answer),
  ...(previous?.subtasks ?? []).flatMap((subtask) => Object.values(subtask.parameters).flat().filter((value) => typeof value === 'string')),
]

type FoundSubtask = {
  readonly capability: Capability
  readonly parameters: Readonly<Record<string, unknown>>
  readonly confidence: number
  readonly dependsOn: readonly unknown[]
  readonly unknownValues: readonly unknown[]
  readonly leftOut: number
}

function readSubtask(catalog: Catalog, grounding: Grounding, raw: unknown): FoundSubtask | null {
  const parsed = subtaskShape.safeParse(raw)
  const capability = parsed.success ? catalog.byId.get(parsed.data.intent) : undefined
  if (!parsed.success || !capability) return null
  const { parameters, certainty, dependsOn, unknownValues } = parsed.data
  const given = Object.entries(parameters).filter(([, value]) => value !== null && !isEmpty(value))
  const kept = given.flatMap(([name, value]) => {
    const spec = capability.parameters.find((parameter) => parameter.name === name)
    if (!spec || !keepsToSchema(spec, value)) return []
    const part = spec.type === 'enum' ? value : grounded(grounding, value)
    return part === undefined || isEmpty(part) ? [] : [[name, part, part === value] as const]
  })
  return {
    capability,
    parameters: Object.fromEntries(kept),
    confidence: confidenceOf[certainty],
    dependsOn,
    unknownValues,
    leftOut: given.length - kept.filter(([, , whole]) => whole).length,
  }
}

const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0)

/**
 * What of a value stands in the request; undefined where nothing does. Numbers and booleans are often said in words;
 * their bounds are checked with their type.
 */
function grounded(grounding: Grounding, value: unknown): unknown {
  if (typeof value === 'string') return grounding.covers(value) ? value : undefined
  if (!Array.isArray(value)) return value
  const items = value.filter((item) => grounding.covers(item))
  return items.length === value.length ? value : items
}

function readUnknownValues(grounding: Grounding, { capability, unknownValues }: FoundSubtask, subtask: Subtask): Ambiguity[] {
  return unknownValues.flatMap((raw) => {
    const parsed = unknownValueShape.safeParse(raw)
    if (!parsed.success || !grounding.quotes(parsed.data.said)) return []
    const spec = capability.parameters.find((parameter) => parameter.name === parsed.data.parameter && parameter.type === 'enum')
    if (!spec || Object.hasOwn(subtask.parameters, spec.name)) return []
    return [{
      id: `${subtask.order}.${spec.name}`,
      question: `${subtask.name}: "${parsed.data.said.slice(0, 100)}" is not a known ${readable(spec.name)}. Which one is meant?`,
      choices: (spec.values ?? []).slice(0, limits.choices),
      subtaskOrder: subtask.order,
      parameter: spec.name,
    }]
  })
}

function readUnclear(catalog: Catalog, grounding: Grounding, raw: unknown, index: number): Ambiguity[] {
  const parsed = unclearShape.safeParse(raw)
  if (!parsed.success || !grounding.quotes(parsed.data.text)) return []
  const intents = [...new Set(parsed.data.intents)].filter((intent) => catalog.byId.has(intent))
  if (intents.length === 0) return []
  const question = `What is meant by "${parsed.data.text.slice(0, 200)}"?`
  return [{ id: `unclear.${index + 1}`, question, choices: intents.slice(0, limits.choices), subtaskOrder: null, parameter: null }]
}

const readable = (name: string): string => name.replaceAll('_', ' ')
