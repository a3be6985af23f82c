/** The service as a process of its own, as `npm start` runs it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type ServiceProcess = {
  /** Where it listens, without `/graphql`. */
  readonly url: string
  /** What it has printed so far. */
  output(): string
  /** Sends a signal and waits for the end; the exit code, or null where the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>
}

/** Starts it on a free port and waits until it says that it is ready; rejects with its output where it ends before. */
export async function startServiceProcess(environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const [, ready] = /open (http:\S+) in a browser/.exec(output) ?? []
      if (ready) resolve(ready)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void ended.then(([code]) => reject(new Error(`the service ended with ${code}: ${output}`)))
  })
  return {
    url,
    output: () => output,
    async end(signal) {
      child.kill(signal)
      const [code] = await ended
      return code
    },
  }
}
