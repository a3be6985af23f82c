/** A child process that is started again whenever it ends, as an init system would do it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export type SupervisedOptions = {
  readonly name: string
  readonly script: string
  readonly environment: Readonly<Record<string, string>>
  /** Takes what the process writes. */
  readonly logFile: string
  readonly onMessage?: (message: unknown) => void
  /** Kills the process when it aborts, which works while this one exits too. */
  readonly abandoned: AbortSignal
  /** Resolves once the process does its work. */
  readonly ready: (child: ChildProcess) => Promise<void>
}

export type Supervised = {
  readonly name: string
  /** False while it is down, starting, or frozen. */
  readonly isUp: boolean
  /** Ends it at once and starts it again after a while; resolves once it is ready again. */
  kill(downMs: number): Promise<void>
  /** Stops it for a while in the middle of whatever it does. */
  freeze(forMs: number): Promise<void>
  /** Asks it to end, then starts it again; resolves once it is ready again. */
  restart(): Promise<void>
  /** Ends it for good; answers its exit code, null where it had to be killed. */
  end(): Promise<number | null>
}

/** A process that does not end by itself within this time after SIGTERM is killed, milliseconds. */
const endWithinMs = 15_000
const againAfterMs = 300

export async function startSupervised(options: SupervisedOptions): Promise<Supervised> {
  let child = launch()
  let up = false
  let ending = false
  let downMs = againAfterMs
  let exited: Promise<unknown> = Promise.resolve()

  function launch(): ChildProcess {
    const log = openSync(options.logFile, 'a')
    const environment = { PATH: process.env.PATH, HOME: process.env.HOME, ...options.environment }
    const launched = spawn(process.execPath, [options.script], {
      env: environment, stdio: ['ignore', log, log, 'ipc'], signal: options.abandoned, killSignal: 'SIGKILL',
    })
    launched.on('error', () => {})
    closeSync(log)
    launched.on('message', (message) => options.onMessage?.(message))
    return launched
  }

  async function supervise(): Promise<void> {
    while (!ending) {
      exited = once(child, 'exit')
      await Promise.race([options.ready(child).then(() => (up = !ending && child.exitCode === null && child.signalCode === null)), exited])
      await exited
      up = false
      await sleep(downMs)
      downMs = againAfterMs
      if (!ending) child = launch()
    }
  }

  async function untilUp(): Promise<void> {
    while (!up && !ending) await sleep(20)
  }

  async function signal(name: NodeJS.Signals): Promise<void> {
    up = false
    child.kill(name)
    await exited
    await untilUp()
  }

  const supervised = supervise()
  await untilUp()
  return {
    name: options.name,
    get isUp() {
      return up
    },
    async kill(forMs) {
      downMs = forMs
      await signal('SIGKILL')
    },
    async freeze(forMs) {
      up = false
      const frozen = child
      frozen.kill('SIGSTOP')
      await sleep(forMs)
      frozen.kill('SIGCONT')
      up = frozen === child
    },
    restart: () => signal('SIGTERM'),
    async end() {
      ending = true
      up = false
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), endWithinMs)
      await supervised
      clearTimeout(late)
      return child.exitCode
    },
  }
}
