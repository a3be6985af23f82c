/** Recomputes the checkpoints of an export and keeps what they prove about each stream. */
import { createHash, createPublicKey, verify, type Hash, type KeyObject } from 'node:crypto'
import { canonicalJson, sha256, type CheckpointRecord, type HeadRecord, type ReportFault } from './records.ts'

/** What a checkpoint with a good signature says about a stream. */
export type ProvenHead = { readonly sequence: number; readonly head: string; readonly checkpoint: number }

export type CheckpointVerifier = {
  checkpoint(record: CheckpointRecord): void
  head(record: HeadRecord): void
  /** After the last head: what is proven, by stream, in the order of the checkpoints. */
  end(): Map<string, ProvenHead[]>
  /** The newest checkpoint whose signature is good. */
  readonly last: { readonly number: number; readonly at: string } | null
  readonly signers: ReadonlySet<string>
}

/** Public keys by id: the first 16 hex digits of the SHA-256 of their DER form. */
export function readPublicKeys(pems: readonly string[]): Map<string, KeyObject> {
  return new Map(pems.map((pem) => {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`A key of type ${key.asymmetricKeyType} was given; an Ed25519 public key is needed.`)
    return [sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16), key]
  }))
}

/** @param logged digests by number, as the service wrote them to its log */
export function createCheckpointVerifier(keys: ReadonlyMap<string, KeyObject>, logged: ReadonlyMap<number, string>, report: ReportFault): CheckpointVerifier {
  const proven = new Map<string, ProvenHead[]>()
  const signers = new Set<string>()
  const unseen = new Map(logged)
  let open: { record: CheckpointRecord; good: boolean; lines: Hash; heads: HeadRecord[] } | null = null
  let before = { number: 0, digest: '0'.repeat(64) }
  let last: { number: number; at: string } | null = null

  /** True where the statement is what somebody with a known key has signed. */
  function isGood({ statement, digest, signature }: CheckpointRecord, place: string): boolean {
    const text = canonicalJson(statement)
    const key = keys.get(statement.keyId)
    if (statement.type !== 'planwright.checkpoint') return refuse(place, `is a statement of another kind: ${statement.type}`)
    if (!key) return refuse(place, `is signed by the key ${statement.keyId}, which was not given`)
    const signed = Buffer.from(signature, 'base64')
    // Decoding overlooks what is no base64.
    if (signed.toString('base64') !== signature || !verify(null, Buffer.from(text), key, signed)) return refuse(place, 'was altered: its signature does not fit')
    if (sha256(text) !== digest) return refuse(place, 'was altered: its digest does not fit')
    signers.add(statement.keyId)
    return true
  }

  function refuse(place: string, what: string): false {
    report(place, what)
    return false
  }

  function checkOrder({ statement: { number, previous }, digest }: CheckpointRecord, place: string): void {
    if (number !== before.number + 1) report(place, number > before.number ? `follows checkpoint ${before.number}: those between them were removed` : `stands after checkpoint ${before.number}: reordered`)
    else if (previous !== before.digest) report(place, `does not follow from checkpoint ${before.number}: one of the two was replaced`)
    const written = unseen.get(number)
    if (written !== undefined && written !== digest) report(place, `is not the one whose digest is in the service log (${written})`)
    unseen.delete(number)
    before = { number, digest }
  }

  function close(): void {
    if (!open) return
    const { record: { statement }, good, lines, heads } = open
    open = null
    if (!good) return
    const place = `Checkpoint ${statement.number}`
    if (heads.length !== statement.streams || lines.digest('hex') !== statement.heads) {
      report(place, `was over ${statement.streams} streams; the ${heads.length} heads in the export are not those it was signed over`)
      return
    }
    last = { number: statement.number, at: statement.at }
    for (const { stream, sequence, head } of heads) {
      const known = proven.get(stream)
      const one = { sequence, head, checkpoint: statement.number }
      if (known) known.push(one)
      else proven.set(stream, [one])
    }
  }

  return {
    checkpoint(record) {
      close()
      const place = `Checkpoint ${record.statement.number}`
      checkOrder(record, place)
      open = { record, good: isGood(record, place), lines: createHash('sha256'), heads: [] }
    },
    head(record) {
      open?.lines.update(`${JSON.stringify([record.stream, record.sequence, record.head])}\n`)
      open?.heads.push(record)
    },
    end() {
      close()
      for (const number of unseen.keys()) report(`Checkpoint ${number}`, 'is in the service log and not in the export: it was removed')
      return proven
    },
    get last() {
      return last
    },
    signers,
  }
}
