/** What each kind of fault does to the processes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { FaultDraft } from '../draws/draw-faults.ts'
import type { Replica, Stack } from '../stack/stack.ts'
import type { Supervised } from '../stack/supervised.ts'

export type Struck = {
  readonly targets: readonly string[]
  /** Processes that were ended by SIGKILL. */
  readonly killed: number
  /** Resolves once everything that was struck works again. */
  readonly over: Promise<unknown>
}

/** Chooses whom to strike; null where nobody is up. */
type Choose = <Target extends Supervised>(among: readonly Target[]) => Target | null

export type Striker = {
  /** Whether something is up that the fault can strike. */
  isPossible(fault: FaultDraft): boolean
  /** Strikes at once; null where it is not possible. */
  strike(fault: FaultDraft, choose: Choose): Struck | null
}

export function createStriker(stack: Stack): Striker {
  const busy = new Set<string>()
  const targetsOf = ({ kind }: FaultDraft): readonly Supervised[] => (kind.endsWith('-agent') ? stack.agents : spareReplicas(stack))
  const isPossible = (fault: FaultDraft) => {
    const servers = serversOf(fault.kind)
    return servers.length > 0 ? !servers.some((name) => busy.has(name)) : targetsOf(fault).some(({ isUp }) => isUp)
  }
  return {
    isPossible,
    strike(fault, choose) {
      const struck = isPossible(fault) ? strike(stack, fault, choose) : null
      if (!struck) return null
      const servers = serversOf(fault.kind)
      for (const name of servers) busy.add(name)
      const free = () => servers.forEach((name) => busy.delete(name))
      return { ...struck, over: struck.over.finally(free) }
    },
  }
}

/** The servers that are struck; each of them is struck once at a time. */
function serversOf(kind: FaultDraft['kind']): string[] {
  if (kind === 'kill-everything') return ['broker', 'database']
  return kind.endsWith('-broker') ? ['broker'] : kind === 'kill-database' ? ['database'] : []
}

function strike(stack: Stack, { kind, lastsMs }: FaultDraft, choose: Choose): Struck | null {
  const one = <Target extends Supervised>(among: readonly Target[], act: (target: Target) => Promise<void>, killed: number): Struck | null => {
    const target = choose(among)
    return target && { targets: [target.name], killed, over: act(target) }
  }
  switch (kind) {
    case 'kill-agent': return one(stack.agents, (agent) => agent.kill(lastsMs), 1)
    case 'kill-replica': return one(spareReplicas(stack), (replica) => replica.kill(lastsMs), 1)
    case 'freeze-agent': return one(stack.agents, (agent) => agent.freeze(lastsMs), 0)
    case 'freeze-replica': return one(spareReplicas(stack), (replica) => replica.freeze(lastsMs), 0)
    case 'stop-agent': return one(stack.agents, (agent) => agent.restart(), 0)
    case 'stop-replica': return one(spareReplicas(stack), (replica) => replica.restart(), 0)
    case 'hold-commit': return one(spareReplicas(stack), (replica) => killWithHeldCommits(replica, lastsMs), 1)
    case 'kill-database': return { targets: ['database'], killed: 1, over: killDatabase(stack) }
    case 'kill-broker': return { targets: ['broker'], killed: 1, over: killBroker(stack, lastsMs) }
    case 'freeze-broker': return { targets: ['broker'], killed: 0, over: freezeBroker(stack, lastsMs) }
    case 'kill-everything': return killEverything(stack, lastsMs)
  }
}

/** Those that may be struck: without any replica nothing happens that a fault could disturb, so one is left alone. */
function spareReplicas({ replicas }: Stack): readonly Replica[] {
  return replicas.filter(({ isUp }) => isUp).length > 1 ? replicas : []
}

const heldForMs = 1_500

/** What a replica wanted to commit reaches the database neither before nor after its death. */
async function killWithHeldCommits(replica: Replica, downMs: number): Promise<void> {
  const isCommit = Buffer.from('commit\0')
  const hold = replica.databaseProxy.hold(({ bytes, direction }) => direction === 'toServer' && bytes.includes(isCommit))
  const held = await Promise.race([hold.reached.then(() => true), sleep(3_000, false)])
  // Long enough for a commit of the engine to be among the held ones, and for whatever is done too early to leave.
  if (held) await sleep(heldForMs)
  const back = replica.kill(downMs)
  replica.databaseProxy.cut()
  hold.release()
  await back
}

async function killDatabase({ database }: Stack): Promise<void> {
  database.kill()
  await sleep(200)
  for (;;) {
    const client = new Client({ connectionString: database.url, connectionTimeoutMillis: 1_000 })
    client.on('error', () => {})
    const answers = await client.connect().then(() => true, () => false)
    await client.end().catch(() => {})
    if (answers) return
    await sleep(50)
  }
}

async function killBroker({ broker }: Stack, downMs: number): Promise<void> {
  await broker.kill()
  await sleep(downMs)
  await broker.start()
}

async function freezeBroker({ broker }: Stack, forMs: number): Promise<void> {
  const pid = Number(await readFile(join(broker.dataDir, 'node.pid'), 'utf8'))
  process.kill(pid, 'SIGSTOP')
  await sleep(forMs)
  process.kill(pid, 'SIGCONT')
}

function killEverything(stack: Stack, downMs: number): Struck {
  const processes = [...stack.replicas, ...stack.agents].filter(({ isUp }) => isUp)
  const over = [killBroker(stack, downMs), killDatabase(stack), ...processes.map((process) => process.kill(downMs))]
  return { targets: ['broker', 'database', ...processes.map(({ name }) => name)], killed: over.length, over: Promise.all(over) }
}
