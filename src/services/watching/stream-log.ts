import type { EntityManager } from '@mikro-orm/postgresql'
import { ExecutionLogEntry } from '../../entities/execution-log-entry.ts'
import { pagesByOwner, type PagesByOwner } from './pages-by-owner.ts'

/** Most entries of the log in one page. */
export const longestLogPage = 500

/** The entries of a stream in the order they were written. */
export const streamLog = ({ em }: { em: EntityManager }): PagesByOwner<ExecutionLogEntry> =>
  pagesByOwner({ em }, {
    table: 'execution_log_entry',
    columns: 'p.*',
    asRow: (em, selected) => em.map(ExecutionLogEntry, selected as never),
    owner: 'stream',
    position: 'sequence',
    descending: false,
    maximum: longestLogPage,
    ownerOf: (entry) => entry.stream,
    positionOf: (entry) => entry.sequence,
  })
