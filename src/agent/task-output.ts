/** A handler's output is data from outside: it must be JSON that the service can store, within its bounds. */
import { storableText } from './storable-text.ts'
import { TaskFailure } from './task-failure.ts'

/** The envelope adds levels of its own to the 64 that a reader of messages accepts. */
const maxNesting = 56
const suspectEscape = /\\u(?:0000|d[89a-f])/i

/** The output as plain JSON with text cleaned; undefined where there is none. Throws TaskFailure, not retryable. */
export function checkOutput(output: unknown, maxBytes: number): unknown {
  if (output === undefined) return undefined
  const json = toJson(output)
  if (json === undefined) return undefined
  const bytes = Buffer.byteLength(json)
  if (bytes > maxBytes) {
    throw new TaskFailure('OUTPUT_TOO_LARGE', `The output has ${bytes} bytes of JSON; at most ${maxBytes} are stored.`)
  }
  if (nesting(json) > maxNesting)
    throw new TaskFailure('OUTPUT_TOO_DEEP', `The output nests deeper than ${maxNesting} levels.`)
  const plain: unknown = JSON.parse(json)
  return suspectEscape.test(json) ? storable(plain) : plain
}

function toJson(output: unknown): string | undefined {
  try {
    return JSON.stringify(output)
  } catch {
    throw new TaskFailure('OUTPUT_NOT_JSON', 'The output cannot be written as JSON (a circle, a bigint, or too deep).')
  }
}

function nesting(json: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  if (json.length <= 2 * maxNesting) return 0
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index]
    if (inString) {
      if (character === '\\') index += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '[' || character === '{') deepest = Math.max(deepest, (depth += 1))
    else if (character === ']' || character === '}') depth -= 1
  }
  return deepest
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), storable(inner)]))
}
