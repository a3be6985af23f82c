/** How a script of the catalog talks to its agent: options in, one JSON line out, exit codes that say whether to retry. */
import { parseArgs } from 'node:util'

/** sysexits: 65 and 66 are permanent, 1 may be tried again. */
const exitCodes = { refused: 65, missing: 66, failed: 1 }

export class TaskError extends Error {
  /** @param {keyof typeof exitCodes} kind @param {string} message */
  constructor(kind, message) {
    super(message)
    this.exitCode = exitCodes[kind]
  }
}

/** Carries the work out; prints what it returns as the output, or its failure as the last line of standard error. */
export async function runTask(names, work) {
  try {
    const output = await work(readOptions(names))
    process.stdout.write(`${JSON.stringify(output)}\n`)
  } catch (error) {
    process.stderr.write(`${error.message.replaceAll(/\s*\n\s*/g, ' ')}\n`)
    process.exitCode = error.exitCode ?? exitCodes.failed
  }
}

/** What the agent hands over besides parameters: outputs of earlier tasks and the key that is the same for every attempt. */
export async function readHandover() {
  const given = process.env.PLANWRIGHT_INPUTS ?? '{}'
  const text = given === '-' ? await readStandardInput() : given
  const { inputs = {}, idempotencyKey = '' } = JSON.parse(text)
  return { inputs, idempotencyKey }
}

/** The entries of an option that carries a list. */
export const listOf = (text) => text.split(',').map((item) => item.trim()).filter(Boolean)

function readOptions(names) {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string', default: '' }]))
  return parseArgs({ options, strict: true }).values
}

async function readStandardInput() {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  return text
}
