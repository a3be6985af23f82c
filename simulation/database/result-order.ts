/** The order of rows that a statement leaves open is drawn: neither the engine nor a replay may depend on it. */
import type { Random } from '../random.ts'

/** True where the statement itself, and not a part in parentheses, orders its rows. */
function ordersItsRows(text: string): boolean {
  let depth = 0
  let outer = ''
  for (const character of text) {
    if (character === '(') depth++
    else if (character === ')') depth--
    else if (depth === 0) outer += character
  }
  return /\border\s+by\b/i.test(outer)
}

export function createResultOrder(random: Random) {
  const known = new Map<string, boolean>()
  return <Row>(text: string, rows: Row[]): Row[] => {
    if (rows.length < 2) return rows
    const ordered = known.get(text) ?? ordersItsRows(text)
    known.set(text, ordered)
    if (ordered) return rows
    const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) })).sort((a, b) => (a.key < b.key ? -1 : 1))
    return random.shuffle(keyed).map(({ row }) => row)
  }
}
