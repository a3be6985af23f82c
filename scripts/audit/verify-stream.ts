/** Recomputes one stream of the log: its numbers, its chain, what checkpoints say about it. */
import { canonicalJson, sha256, type EntryRecord, type ReportFault, type StreamRecord } from './records.ts'
import type { ProvenHead } from './verify-checkpoints.ts'

export type StreamVerifier = {
  entry(record: EntryRecord): void
  /** After the last entry: how many entries checkpoints prove, and how many are younger than all of them. */
  end(): { readonly proven: number; readonly unproven: number }
}

/** Global id of what a stream is about. */
const nameOf = ({ stream, stream_kind: kind }: EntryRecord['row']): string => `${kind.charAt(0)}${kind.slice(1).toLowerCase()}_${stream}`

/** @param proven what checkpoints say about the stream, oldest first. Only the first fault of a stream is reported. */
export function createStreamVerifier(stream: StreamRecord, proven: readonly ProvenHead[], report: ReportFault): StreamVerifier {
  const heads = new Map(proven.map((one) => [one.sequence, one]))
  const length = proven.reduce((longest, { sequence }) => Math.max(longest, sequence), 0)
  let expected = 1
  let previous: Buffer = Buffer.alloc(32)
  let certain = 0
  let total = 0
  /** The number that is missing where the stream first breaks off; reported once it is clear whether it comes later. */
  let missing: { readonly sequence: number; readonly before: EntryRecord } | null = null
  let faulty = false

  function fault(place: string, what: string): void {
    if (!faulty) report(place, what)
    faulty = true
  }

  function checkChain({ id, row, hash }: EntryRecord): void {
    const name = nameOf(row)
    if (stream.id !== name) return fault(name, `was altered: its line calls it ${stream.id}`)
    if (id !== `${name}/${row.sequence}`) return fault(`${name}/${row.sequence}`, `was altered: its line calls it ${id}`)
    if (sha256(previous, canonicalJson(row)) !== hash) return fault(id, 'was altered: it does not have the hash that follows from its content and the entry before it')
    const head = heads.get(row.sequence)
    if (head && head.head !== hash) {
      const since = certain === 0 ? 'the begin of the stream' : `entry ${certain}`
      return fault(id, `was rewritten together with others: checkpoint ${head.checkpoint} was signed over another entry; what follows ${since} is not what was written`)
    }
    if (head) certain = row.sequence
    previous = Buffer.from(hash, 'hex')
    expected++
  }

  return {
    entry(record) {
      total++
      const { sequence, stream: owner } = record.row
      if (owner !== stream.stream) return fault(record.id, `stands in the stream ${stream.id}, where it does not belong`)
      if (faulty) return
      if (missing) {
        if (sequence === missing.sequence) fault(missing.before.id, `was reordered: it stands where entry ${sequence} belongs`)
        return
      }
      if (sequence === expected) checkChain(record)
      else if (sequence > expected) missing = { sequence: expected, before: record }
      else fault(record.id, `was reordered: it stands where entry ${expected} belongs`)
    },
    end() {
      if (missing) fault(`${stream.id}/${missing.sequence}`, `was removed: entry ${missing.before.row.sequence} stands in its place`)
      const there = expected - 1
      if (length > there) {
        const { checkpoint } = heads.get(length)!
        fault(stream.id, there === 0 ? `was removed: checkpoint ${checkpoint} was signed over its ${length} entries` : `was cut: checkpoint ${checkpoint} was signed over ${length} entries, ${there} are left`)
      }
      if (stream.sequence === null) fault(stream.id, 'has no head in the database: the row of the stream was removed')
      else if (stream.sequence !== there) fault(stream.id, `was cut or lengthened: its head is at entry ${stream.sequence}, the last entry is ${there}`)
      else if (stream.head !== previous.toString('hex')) fault(stream.id, 'has another head than the hash of its last entry')
      return { proven: certain, unproven: total - certain }
    },
  }
}
