/**
 * The JSON Schema of a model's answer, limited to the given capabilities: one branch for each intent with exactly its
 * parameters. It keeps to what strict structured outputs allow: all properties required, nullable instead of optional.
 */
import type { Capability, ParameterSpec } from '../../../catalog/capability.ts'

export type JsonSchema = { readonly [keyword: string]: unknown }

/** How sure the model says it is; words, because models are poor at numbers. */
export const certainties = ['clear', 'likely', 'guess'] as const
export type Certainty = (typeof certainties)[number]

/** Endpoints allow 1,000 enum values in one schema; the rest of a large enum is checked afterwards only. */
const enumBudget = 800
/** And no more than this for one enum with many values. */
const longestEnum = 250

export function answerSchema(capabilities: readonly Capability[]): JsonSchema {
  const listed = enumsWithin(enumBudget - 2 * capabilities.length, capabilities)
  const intents = capabilities.map((capability) => capability.id)
  return object({
    subtasks: { type: 'array', items: { anyOf: capabilities.map((capability) => subtaskSchema(capability, listed)) } },
    unclear: array(object({ text: string, intents: array({ type: 'string', enum: intents }) })),
    outOfScope: array(string),
  })
}

function subtaskSchema(capability: Capability, listed: ReadonlySet<ParameterSpec>): JsonSchema {
  const enums = capability.parameters.filter((parameter) => parameter.type === 'enum').map((parameter) => parameter.name)
  const parameters = Object.fromEntries(capability.parameters.map((spec) => [spec.name, parameterSchema(spec, listed.has(spec))]))
  return object({
    intent: { type: 'string', enum: [capability.id] },
    parameters: object(parameters),
    // Without this the model could only replace a value that the catalog does not have by one that it has.
    ...(enums.length > 0 ? { unknownValues: array(object({ parameter: string, said: string })) } : {}),
    dependsOn: array({ type: 'integer' }),
    certainty: { type: 'string', enum: certainties },
  })
}

function parameterSchema(spec: ParameterSpec, listed: boolean): JsonSchema {
  switch (spec.type) {
    case 'integer':
    case 'port':
      return { type: ['integer', 'null'] }
    case 'boolean':
      return { type: ['boolean', 'null'] }
    case 'hosts':
    case 'list':
      return { anyOf: [array(string), { type: 'null' }] }
    case 'enum':
      return listed ? { anyOf: [{ type: 'string', enum: spec.values }, { type: 'null' }] } : nullableString
    default:
      return nullableString
  }
}

/**
 * Whether a value keeps to the schema: not every endpoint does. An enum value may be one of its aliases; bounds and
 * formats are checked with all the other rules of the catalog.
 */
export function keepsToSchema(spec: ParameterSpec, value: unknown): boolean {
  switch (spec.type) {
    case 'integer':
    case 'port':
      return Number.isSafeInteger(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'hosts':
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    case 'enum':
      return typeof value === 'string' && ((spec.values ?? []).includes(value) || Object.hasOwn(spec.aliases ?? {}, value.toLowerCase()))
    default:
      return typeof value === 'string'
  }
}

/** The enums that fit, the smallest first: those gain most from being listed. */
function enumsWithin(budget: number, capabilities: readonly Capability[]): ReadonlySet<ParameterSpec> {
  const enums = capabilities.flatMap((capability) => capability.parameters.filter((parameter) => parameter.type === 'enum'))
  const listed = new Set<ParameterSpec>()
  let room = budget
  for (const spec of enums.toSorted((a, b) => (a.values?.length ?? 0) - (b.values?.length ?? 0))) {
    const count = spec.values?.length ?? 0
    if (count === 0 || count > longestEnum || count > room) continue
    room -= count
    listed.add(spec)
  }
  return listed
}

const string: JsonSchema = { type: 'string' }
const nullableString: JsonSchema = { type: ['string', 'null'] }
const array = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})
