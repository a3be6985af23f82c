/** Whether the promises of the product hold, judged from the tables, the wire and the agents' ledgers; shares no code with the engine. */
import type { Backends } from '../database/backends.ts'
import type { Installation } from '../installation.ts'
import type { Witness } from '../people/witness.ts'
import { checkApproval } from './approval.ts'
import { checkEnds } from './ends.ts'
import { checkLog } from './log.ts'
import { checkMoney } from './money.ts'
import { checkNothingLost } from './lost.ts'
import { checkOnce } from './once.ts'
import { checkOpenWork } from './open-work.ts'
import { checkPeople } from './people.ts'
import { readTables } from './tables.ts'

export type CheckParts = {
  readonly installation: Installation
  readonly witness: Witness
  readonly backends: Backends
  /** False: the world ended before everything was over; what only holds at the end is not asked then. */
  readonly complete: boolean
}

export async function checkInvariants({ installation, witness, backends, complete }: CheckParts): Promise<string[]> {
  const tables = await readTables(backends)
  const { broker, ledger, errors } = installation
  return [
    ...errors.map((error) => `the engine met what it did not expect: ${error}`),
    ...checkApproval(tables, broker.stored, ledger),
    ...checkOnce(tables, ledger),
    ...checkNothingLost(tables, broker.acknowledged),
    ...checkLog(tables),
    ...checkOpenWork(tables),
    ...checkPeople(tables, witness, complete),
    ...(complete ? [...checkEnds(tables), ...checkMoney(tables, ledger)] : []),
  ]
}
