/** Processes that a test starts and may end in any way. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Child = {
  readonly pid: number
  /** What it wrote to standard output and standard error so far. */
  output(): string
  /** Resolves with the first match in the output; rejects when the process ends before it. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with exit code and signal. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Sends a signal to it, and to it alone. */
  signal(name: NodeJS.Signals): void
  /** Hands it a word over the channel between parent and child. */
  tell(word: string): void
  /** SIGKILL; resolves once it is gone. Does nothing where it is gone already. */
  kill(): Promise<void>
}

const guard = fileURLToPath(new URL('end-with-parent.mjs', import.meta.url))

/** Starts a Node program on the Node that runs the tests; it ends with them at the latest. */
export function startChild(args: readonly string[], environment: Readonly<Record<string, string>>): Child {
  const { PATH = '', HOME = '/' } = process.env
  const child = spawn(process.execPath, ['--import', guard, ...args], { env: { PATH, HOME, ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.on('error', (error) => {
    output += String(error)
  })
  const ended = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }))
  const isGone = () => child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid!,
    ended,
    output: () => output,
    async prints(pattern) {
      for (;;) {
        const found = pattern.exec(output)
        if (found) return found
        if (isGone()) throw new Error(`${args.join(' ')} ended before it printed ${pattern}:\n${output.slice(-4_000)}`)
        await Promise.race([once(child.stdout!, 'data'), ended])
      }
    },
    signal: (name) => void child.kill(name),
    tell: (word) => void child.send(word),
    async kill() {
      if (!isGone()) child.kill('SIGKILL')
      await ended
    },
  }
}
