/**
 * One virtual connection. Its statements run on a real one, each round trip as one event; waits for locks are played
 * by the simulation, because the real server would wait for a transaction that goes on only when this event is over.
 */
import type pg from 'pg'
import type { DatabaseFault, Faults } from '../faults.ts'
import type { Random } from '../random.ts'
import type { Process, World } from '../world.ts'
import type { Backend, Backends, Outcome, Statement } from './backends.ts'
import type { LockWaits } from './lock-waits.ts'

export type SessionParts = {
  readonly world: World
  readonly backends: Backends
  readonly faults: Faults
  readonly waits: LockWaits
  readonly random: Random
  readonly order: <Row>(text: string, rows: Row[]) => Row[]
}

type Pending = Statement & { resolve(result: pg.QueryResult): void; reject(error: Error): void }

export type Session = ReturnType<typeof createSession>

const connectionLost = () => new Error('Connection terminated unexpectedly')
/** As in the product's pool. */
const statementTimeoutMs = 15_000
const isControl = ({ text }: Statement) => /^(begin|commit|rollback|savepoint|release)/.test(text)
const isLockTimeout = (outcome: Outcome) => 'error' in outcome && 'code' in outcome.error && outcome.error.code === '55P03'
const failure = (state: string): Statement => ({ text: 'select simulation.fail($1, $2)', values: [state, 'as the seed says'] })
const nameOf = ({ name, text }: Statement) => name ?? text.slice(0, 40)

export function createSession(parts: SessionParts, process: Process) {
  const { world, backends, faults, waits, random } = parts
  const queue: Pending[] = []
  let backend: Backend | null = null
  let inTransaction = false
  let busy = false
  let broken = false

  const session = {
    process,
    get inTransaction() {
      return inTransaction
    },
    query(statement: Statement): Promise<pg.QueryResult> {
      return new Promise((resolve, reject) => {
        queue.push({ ...statement, resolve, reject })
        if (!busy) schedule()
      })
    },
    /** Runs again what waited for a lock. */
    retry(): void {
      world.at(null, random.between(0, 0.5), () => execute(null))
    },
    /** The wait lasts too long, or never ends. */
    async giveUp(state: string): Promise<void> {
      const statement = queue.shift()!
      answer([[statement, (await run([failure(state)]))[0]!]])
      done()
    },
    /** The client is gone: the server undoes what is open. */
    async close(): Promise<void> {
      broken = true
      waits.remove(session)
      await end()
    },
  }

  function schedule(): void {
    busy = true
    world.at(null, faults.latency(process), () => execute(faults.ofStatements(process, queue)))
  }

  async function execute(fault: DatabaseFault | null): Promise<void> {
    const batch = queue.splice(0)
    const isLost = broken || faults.databaseIsAway(process) || (!process.alive && random.chance(0.5))
    if (isLost || fault === 'cut before') return cut(batch)
    const outcomes = await run(fault && fault !== 'cut after' ? withFailure(batch, fault) : batch)
    note(batch, outcomes, fault)
    if (fault === 'cut after') return cut(batch)
    answer(outcomes.map((outcome, index) => [batch[index]!, outcome]))
    if (outcomes.length < batch.length) {
      queue.unshift(...batch.slice(outcomes.length))
      waits.add(session, statementTimeoutMs)
      return
    }
    done()
  }

  function done(): void {
    busy = false
    if (queue.length > 0) schedule()
  }

  /** One of the statements that do the work gives an error of the server's in place of its result. */
  function withFailure(batch: readonly Pending[], state: string): Statement[] {
    const candidates = batch.flatMap((statement, index) => (isControl(statement) ? [] : [index]))
    const chosen = candidates.length > 0 ? random.pick(candidates) : -1
    return batch.map((statement, index) => (index === chosen ? failure(state) : statement))
  }

  /** Outcomes in order; fewer than statements where one has to wait for a lock. */
  async function run(statements: readonly Statement[]): Promise<Outcome[]> {
    backend ??= await backends.take()
    const outcomes: Outcome[] = []
    if (waits.others(session) === 0) outcomes.push(...(await send(statements)))
    else {
      for (let rest = statements; rest.length > 0; ) {
        const length = isControl(rest[0]!) ? 1 : rest.findIndex(isControl) === -1 ? rest.length : rest.findIndex(isControl)
        const some = rest.slice(0, length)
        rest = rest.slice(length)
        const results = isControl(some[0]!) ? await send(some) : await sendGuarded(some)
        outcomes.push(...results)
        if (results.length < some.length) break
      }
    }
    if (!inTransaction) release()
    return outcomes
  }

  async function send(statements: readonly Statement[]): Promise<Outcome[]> {
    const outcomes = await backend!.send(statements, world.now)
    statements.forEach(({ text }, index) => {
      if ('error' in outcomes[index]!) return
      if (text.startsWith('begin')) setTransaction(true)
      if (text === 'commit' || text === 'rollback') setTransaction(false)
    })
    return outcomes
  }

  /** Others hold locks: what cannot have its lock is undone up to a savepoint and tried again later. */
  async function sendGuarded(statements: readonly Statement[]): Promise<Outcome[]> {
    if (!inTransaction) {
      const outcomes = await send(statements)
      return outcomes.some(isLockTimeout) ? [] : outcomes
    }
    const sent = await send([{ text: 'savepoint simulation' }, ...statements, { text: 'release savepoint simulation' }])
    const outcomes = sent.slice(1, -1)
    if (!outcomes.some(isLockTimeout)) return outcomes
    await send([{ text: 'rollback to savepoint simulation' }])
    if (statements.length === 1) return []
    const first = await sendGuarded(statements.slice(0, 1))
    return first.length === 0 ? [] : [...first, ...(await sendGuarded(statements.slice(1)))]
  }

  function setTransaction(open: boolean): void {
    if (inTransaction === open) return
    inTransaction = open
    if (open) waits.begun(session)
    else waits.ended(session)
  }

  function release(): void {
    backend?.release()
    backend = null
  }

  async function end(): Promise<void> {
    if (inTransaction) await send([{ text: 'rollback' }])
    release()
  }

  async function cut(batch: readonly Pending[]): Promise<void> {
    broken = true
    await end()
    world.note(process.name, `connection lost at ${batch.map(nameOf).join(', ')}`)
    answer(batch.map((statement) => [statement, { error: connectionLost() }]))
    done()
  }

  function answer(outcomes: readonly (readonly [Pending, Outcome])[]): void {
    world.at(process, faults.latency(process), () => {
      for (const [statement, outcome] of outcomes) {
        if ('error' in outcome) statement.reject(outcome.error)
        else statement.resolve({ ...outcome.result, rows: parts.order(statement.text, outcome.result.rows) })
      }
    })
  }

  function note(batch: readonly Pending[], outcomes: readonly Outcome[], fault: DatabaseFault | null): void {
    const words = outcomes.map((outcome, index) => {
      const what = 'error' in outcome ? `error ${'code' in outcome.error ? String(outcome.error.code) : outcome.error.message}` : (outcome.result.rowCount ?? '')
      return `${nameOf(batch[index]!)} ${what}`.trim()
    })
    if (outcomes.length < batch.length) words.push(`${nameOf(batch[outcomes.length]!)} waits`)
    world.note(process.name, `sql${fault ? ` [${fault}]` : ''} ${words.join(', ')}`)
  }

  return session
}
