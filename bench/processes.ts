/** Processes of a measurement, and what they use. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'

export type BenchProcess = { readonly pid: number; readonly ready: string; stop(): Promise<void> }

/** Runs a file of this project until it prints a line with `ready`; that line is answered. */
export async function startProcess(file: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<BenchProcess> {
  const child: ChildProcess = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const ready = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      const line = chunk.toString().split('\n').find((one) => one.includes('ready'))
      if (line) resolve(line)
    })
    void ended.then(([code]) => reject(new Error(`${file} ended with ${code}`)))
  })
  return {
    pid: child.pid!,
    ready,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Clock ticks a second that Linux counts CPU time in. */
const ticks = 100

/** CPU milliseconds, own and of ended children, of a process; 0 where it has ended. */
export function cpuMsOf(pid: number): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=\S+ )/)
    const numbers = fields.split(' ').map(Number)
    return ((numbers[11]! + numbers[12]! + numbers[13]! + numbers[14]!) * 1_000) / ticks
  } catch {
    return 0
  }
}

/** Resident memory in MiB. */
export function residentMiB(pid: number): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1_024
}

/** The process and all under it. */
export function treeOf(root: number): number[] {
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      return [{ pid: Number(name), parent: Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(/\) (?=\S+ )/)[1]!.split(' ')[1]) }]
    } catch {
      return []
    }
  })
  const found = [root]
  for (const pid of found) found.push(...parents.filter(({ parent }) => parent === pid).map((one) => one.pid))
  return found
}
