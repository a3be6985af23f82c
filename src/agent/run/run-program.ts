import { spawn } from 'node:child_process'
import type { SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { maxOutputBytes } from '../../messaging/messages.ts'
import { TaskFailure } from '../task-failure.ts'
import { findInside } from './jail.ts'
import { createProgramOutput } from './program-output.ts'
import type { ProgramOutput } from './program-output.ts'
import type { RunJob } from './run-environment.ts'
import { secretVariable } from './secrets.ts'

export type Program = {
  /** Never read by a shell. */
  readonly argv: readonly string[]
  /** Relative to the project root and inside it. */
  readonly cwd?: string
  /** Besides the few that every program gets. */
  readonly variables?: Readonly<Record<string, string>>
}

/** One environment variable holds 128 KiB; larger inputs go to standard input. */
const maxVariableBytes = 100_000
/** How long to read on after the program ended: what it left behind may hold its output open. */
const afterExitMs = 500

/**
 * Runs a program to its end in a process group of its own and returns its standard output. Throws TaskFailure:
 * TOOL_MISSING, EXIT_<code> or SIGNAL_<name> with the last line of standard error; the signal's reason on an abort,
 * once the whole group is gone.
 */
export async function runProgram(job: RunJob, program: Program): Promise<ProgramOutput> {
  const { context, environment } = job
  context.signal.throwIfAborted()
  const [name = '', ...args] = program.argv
  const cwd = await findInside([environment.projectRoot], program.cwd ?? '.')
  const given = JSON.stringify({
    inputs: context.inputs,
    idempotencyKey: context.idempotencyKey,
    attempt: context.attempt,
  })
  const byStdin = Buffer.byteLength(given) > maxVariableBytes
  const child = startProgram(name, args, {
    cwd,
    detached: true,
    stdio: [byStdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: {
      PATH: environment.path,
      HOME: environment.home,
      LANG: 'C.UTF-8',
      PLANWRIGHT_DATA_DIR: environment.dataDir,
      PLANWRIGHT_INPUTS: byStdin ? '-' : given,
      ...Object.fromEntries([...job.secrets].map(([parameter, secret]) => [secretVariable(parameter), secret])),
      ...program.variables,
    },
  })
  const onProgress = (fraction: number, message?: string) =>
    context.progress(fraction, message && job.redact.text(message))
  const output = createProgramOutput(2 * maxOutputBytes, onProgress)
  const errors = createProgramOutput(maxOutputBytes, onProgress)
  child.stdout?.on('data', output.write)
  child.stderr?.on('data', errors.write)
  // A program need not read its input.
  child.stdin?.on('error', () => {})
  child.stdin?.end(given)
  const release = endOnAbort(child, context.signal, environment.killGraceMs)
  try {
    const [code, signal] = await ended(child)
    output.end()
    errors.end()
    context.signal.throwIfAborted()
    if (code !== 0) throw exitFailure(code, signal, errors.lastLine() || output.lastLine())
    return output
  } catch (error) {
    throw context.signal.aborted ? context.signal.reason : startFailure(name, error)
  } finally {
    release()
  }
}

type Child = ReturnType<typeof spawn>

/** Some faults, like arguments that are too long, are thrown at once instead of being told as an event. */
function startProgram(name: string, args: readonly string[], options: SpawnOptions): Child {
  try {
    // The catalog's scripts run on the agent's own Node, whatever the machine has.
    return spawn(name === 'node' ? process.execPath : name, args, options)
  } catch (error) {
    throw startFailure(name, error)
  }
}

async function ended(child: Child): Promise<[number | null, NodeJS.Signals | null]> {
  const closed = once(child, 'close')
  // Rejects when the program could not be started; `close` would reject too.
  closed.catch(() => {})
  const [code, signal]: [number | null, NodeJS.Signals | null] = await once(child, 'exit').then(([first, second]) => [
    first,
    second,
  ])
  let timer: NodeJS.Timeout | undefined
  await Promise.race([closed, new Promise((resolve) => (timer = setTimeout(resolve, afterExitMs)))])
  clearTimeout(timer)
  child.stdout?.destroy()
  child.stderr?.destroy()
  return [code, signal]
}

/** On abort: SIGTERM to the whole group, SIGKILL after the grace period or once its leader is gone. */
function endOnAbort(child: Child, signal: AbortSignal, graceMs: number): () => void {
  let timer: NodeJS.Timeout | undefined
  const kill = (name: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, name)
    } catch {
      // The group is gone.
    }
  }
  const abort = () => {
    kill('SIGTERM')
    timer = setTimeout(kill, graceMs, 'SIGKILL')
  }
  signal.addEventListener('abort', abort, { once: true })
  return () => {
    signal.removeEventListener('abort', abort)
    clearTimeout(timer)
    if (signal.aborted) kill('SIGKILL')
  }
}

function startFailure(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT')
    return new TaskFailure('TOOL_MISSING', `${name} is not installed on this agent, or not on its PATH.`)
  if (code === 'EACCES') return new TaskFailure('TOOL_MISSING', `${name} may not be executed by this agent.`)
  if (code === 'E2BIG') return new TaskFailure('PARAMETER_REFUSED', 'The parameters are too long for a command line.')
  return error
}

/** Exit codes 64 to 78 say by convention (sysexits) that trying again is useless, 75 that it is not. */
function exitFailure(code: number | null, signal: string | null, line: string): TaskFailure {
  if (code === null)
    return new TaskFailure(
      `SIGNAL_${signal ?? 'UNKNOWN'}`,
      line || `The program was ended by ${signal ?? 'a signal'}.`,
      true,
    )
  const isPermanent = code >= 64 && code <= 78 && code !== 75
  return new TaskFailure(
    `EXIT_${code}`,
    line || `The program ended with exit code ${code} and said nothing.`,
    !isPermanent,
  )
}
