/**
 * Recomputes an export from nothing but its lines and public keys. Shares no code with what wrote it beyond SHA-256 and
 * canonical JSON, so that a fault there does not hide here.
 */
import type { KeyObject } from 'node:crypto'
import type { ExportRecord, Fault, PlanRecord, StreamRecord } from './records.ts'
import { createCheckpointVerifier, type ProvenHead } from './verify-checkpoints.ts'
import { createPlanVerifier, type PlanVerifier } from './verify-plan.ts'
import { createStreamVerifier, type StreamVerifier } from './verify-stream.ts'

export type Verdict = {
  /** When the export was made. */
  readonly at: string
  readonly counts: { readonly checkpoints: number; readonly streams: number; readonly entries: number; readonly approvals: number }
  /** Ids of the keys that signed the checkpoints. */
  readonly signers: readonly string[]
  /** The newest checkpoint that can be trusted; null: nothing is proven. */
  readonly last: { readonly number: number; readonly at: string } | null
  /** Entries that a checkpoint is over. */
  readonly proven: number
  /** Entries younger than the last checkpoint over their stream: whether they are genuine cannot be told yet. */
  readonly unproven: { readonly entries: number; readonly streams: number; readonly first: readonly { readonly id: string; readonly fromSequence: number }[] }
  readonly faultCount: number
  /** The first ones, in the order of the export. */
  readonly faults: readonly Fault[]
}

export type VerifyOptions = {
  readonly keys: ReadonlyMap<string, KeyObject>
  /** Digests of checkpoints by number, from the service log. */
  readonly logged?: ReadonlyMap<number, string>
}

const faultsTold = 100
const unprovenTold = 20

/** Reads the lines once, in their order. Throws where they are no export. */
export async function verifyExport(lines: AsyncIterable<string> | Iterable<string>, { keys, logged = new Map() }: VerifyOptions): Promise<Verdict> {
  const faults: Fault[] = []
  const counts = { checkpoints: 0, streams: 0, entries: 0, approvals: 0 }
  const unproven = { entries: 0, streams: 0, first: [] as { id: string; fromSequence: number }[] }
  let faultCount = 0
  let proven = 0
  let at: string | null = null
  let ended = false
  let heads: Map<string, ProvenHead[]> | null = null
  let open: { readonly record: StreamRecord; readonly stream: StreamVerifier; plan: PlanVerifier | null; isOfPlan: boolean; readonly planFaults: Fault[] } | null = null
  let lastStream = ''

  const report = (place: string, what: string) => {
    faultCount++
    if (faults.length < faultsTold) faults.push({ place, what })
  }
  const checkpoints = createCheckpointVerifier(keys, logged, report)

  function beginStream(record: StreamRecord): void {
    endStream()
    heads ??= checkpoints.end()
    if (record.stream <= lastStream) report(record.id, 'stands out of the order of the export')
    lastStream = record.stream
    counts.streams++
    open = { record, stream: createStreamVerifier(record, heads.get(record.stream) ?? [], report), plan: null, isOfPlan: false, planFaults: [] }
    heads.delete(record.stream)
  }

  function endStream(): void {
    if (!open) return
    const { record, stream, plan, isOfPlan, planFaults } = open
    open = null
    const result = stream.end()
    if (plan) plan.end()
    else if (isOfPlan) report(record.id, 'was removed: its log is in the export, the plan and what was decided about it are not')
    // After those of the stream, which may be their cause.
    for (const { place, what } of planFaults) report(place, what)
    proven += result.proven
    if (result.unproven === 0) return
    unproven.entries += result.unproven
    unproven.streams++
    if (unproven.first.length < unprovenTold) unproven.first.push({ id: record.id, fromSequence: result.proven + 1 })
  }

  function beginPlan(record: PlanRecord): void {
    if (!open) return report(record.id, 'belongs to no stream of the export')
    if (record.id !== open.record.id) report(record.id, `was altered: it stands in the stream ${open.record.id}`)
    if (open.plan) report(record.id, 'stands there twice')
    const { planFaults } = open
    open.plan = createPlanVerifier(record, (place, what) => void planFaults.push({ place, what }))
  }

  function end(record: Extract<ExportRecord, { record: 'end' }>): void {
    if (ended) report('The export', 'has more than one last line')
    ended = true
    endStream()
    heads ??= checkpoints.end()
    for (const [stream, known] of heads) {
      const { sequence, checkpoint } = known.at(-1)!
      report(`Stream ${stream}`, `was removed: checkpoint ${checkpoint} was signed over its ${sequence} ${sequence === 1 ? 'entry' : 'entries'}`)
    }
    for (const [name, count] of Object.entries(counts)) {
      const said = record[name as keyof typeof counts]
      if (said !== count) report('The export', `says that it has ${said} ${name}; it has ${count}`)
    }
  }

  function take(record: ExportRecord): void {
    if (ended && record.record !== 'end') report('The export', 'goes on after its last line')
    if (at === null && record.record !== 'export') throw new Error('The file is no export of Planwright: its first line is not an export record.')
    switch (record.record) {
      case 'export':
        if (record.version !== 1) throw new Error(`The export has version ${record.version}; this verifier reads version 1.`)
        at = record.at
        return
      case 'checkpoint':
        counts.checkpoints++
        return checkpoints.checkpoint(record)
      case 'head': return checkpoints.head(record)
      case 'stream': return beginStream(record)
      case 'plan': return beginPlan(record)
      case 'approval':
        counts.approvals++
        return open?.plan ? open.plan.approval(record) : report(record.id, 'belongs to no plan of the export')
      case 'entry':
        counts.entries++
        if (!open) return report(record.id, 'belongs to no stream of the export')
        open.isOfPlan ||= record.row.stream_kind === 'PLAN'
        open.plan?.entry(record)
        return open.stream.entry(record)
      case 'end': return end(record)
    }
  }

  let number = 0
  for await (const line of lines) {
    number++
    try {
      if (line.trim() !== '') take(JSON.parse(line) as ExportRecord)
    } catch (error) {
      throw new Error(`Line ${number} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
  if (at === null) throw new Error('The file is empty.')
  if (!ended) report('The export', 'is incomplete: its last line is missing')
  return { at, counts, signers: [...checkpoints.signers], last: checkpoints.last, proven, unproven, faultCount, faults }
}
