/**
 * Several writes as one statement: each becomes a part of one `with`, so that the database parses, answers and is
 * answered once. The parts see none of each other's changes, and nobody learns their rows.
 */
import { createHash } from 'node:crypto'
import type { Queryable } from './rows.ts'

type Statement = Parameters<Queryable['query']>[0]

export type StatementGroup = Queryable & {
  /** Sends all that was asked for; its promises settle together. */
  send(): void
}

export type StatementGroups = { open(client: Queryable): StatementGroup }

/** Remembers the texts of combinations; each connection prepares one once, under a name that follows from its parts. */
export function createStatementGroups(): StatementGroups {
  const known = new Map<string, Pick<Statement, 'name' | 'text'>>()

  function combine(statements: readonly Statement[]): Pick<Statement, 'name' | 'text'> {
    const key = statements.map(({ name }) => name).join()
    const found = known.get(key)
    if (found) return found
    let parameters = 0
    const parts = statements.map(({ text, values }, index) => {
      const before = parameters
      parameters += values.length
      return `w${index} as (${text.replaceAll(/\$(\d+)/g, (_, place: string) => `$${Number(place) + before}`)})`
    })
    const combined = { name: `together_${createHash('sha256').update(key).digest('base64url')}`, text: `with ${parts.join(', ')} select` }
    known.set(key, combined)
    return combined
  }

  return {
    open(client) {
      const statements: Statement[] = []
      const { promise, resolve } = Promise.withResolvers<unknown>()
      const answer = promise.then(() => ({ rows: [], rowCount: null }))
      return {
        query(statement) {
          statements.push(statement)
          return answer
        },
        send() {
          const [first] = statements
          if (!first) return
          resolve(client.query(statements.length > 1 ? { ...combine(statements), values: statements.flatMap(({ values }) => values) } : first))
        },
      }
    },
  }
}
