import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startChild } from './child-process.ts'

/** What an agent of the tests is told to be. */
export type AgentPlan = {
  readonly name: string
  readonly slots: number
  readonly url: string
  readonly prefix: string
  readonly catalog: string
  readonly ledger: string
  /** `when told`: its work goes on until `end` is called. */
  readonly ends: 'at once' | 'when told'
  /** False: its work cannot be stopped. */
  readonly heedsCancel: boolean
}

/** A line of an agent's ledger, on disk before the work goes on. */
export type LedgerEntry = {
  readonly event: 'began' | 'ended' | 'stopped'
  readonly agent: string
  readonly taskId: string
  readonly attempt: number
  readonly intent: string
  readonly contentHash: string
  readonly key: string
}

/** An agent in a process of its own. */
export type AgentProcess = {
  readonly name: string
  readonly pid: number
  output(): string
  /** What is under way, and all that follows, may end. */
  end(): void
  /** SIGSTOP: it does nothing any more, its connections stay open. */
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  /** SIGTERM, and waits. */
  terminate(): Promise<void>
}

const program = fileURLToPath(new URL('agent-program.ts', import.meta.url))

/** How its process differs from others: a module that Node loads first, and what that reads. */
export type AgentNode = { readonly preload: string; readonly environment: Readonly<Record<string, string>> }

export async function startAgentProcess(plan: AgentPlan, node: AgentNode | null = null): Promise<AgentProcess> {
  const child = startChild([...(node ? ['--import', node.preload] : []), program], { AGENT_PLAN: JSON.stringify(plan), ...node?.environment })
  try {
    await child.prints(/agent is ready/)
  } catch (error) {
    await child.kill()
    throw error
  }
  return {
    name: plan.name,
    pid: child.pid,
    output: child.output,
    end: () => child.tell('end'),
    freeze: () => child.signal('SIGSTOP'),
    thaw: () => child.signal('SIGCONT'),
    kill: child.kill,
    async terminate() {
      child.signal('SIGTERM')
      await child.ended
    },
  }
}

/** All that the agents who share a ledger did, in order. */
export function readLedger(file: string): LedgerEntry[] {
  if (!existsSync(file)) return []
  // A killed agent may have left half a line.
  return readFileSync(file, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as LedgerEntry)
}
