/** The records of an export as the verifier reads them; everything else in a line is ignored. */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

export type CheckpointRecord = {
  readonly record: 'checkpoint'
  readonly statement: { readonly type: string; readonly number: number; readonly previous: string; readonly at: string; readonly streams: number; readonly heads: string; readonly keyId: string }
  readonly digest: string
  readonly signature: string
}
export type HeadRecord = { readonly record: 'head'; readonly stream: string; readonly sequence: number; readonly head: string }
export type StreamRecord = { readonly record: 'stream'; readonly id: string; readonly stream: string; readonly sequence: number | null; readonly head: string | null }
export type PlanRecord = {
  readonly record: 'plan'; readonly id: string; readonly requestId: string; readonly revision: number; readonly status: string
  readonly contentHash: string; readonly content: readonly unknown[]
}
export type ApprovalRecord = {
  readonly record: 'approval'; readonly id: string; readonly planId: string; readonly contentHash: string; readonly decision: string
  readonly decidedBy: string; readonly byRule: boolean; readonly notes: string | null; readonly at: string
}
export type EntryRecord = {
  readonly record: 'entry'
  readonly id: string
  readonly hash: string
  readonly row: {
    readonly stream: string
    readonly sequence: number
    readonly stream_kind: string
    readonly at: string
    readonly kind: string
    readonly actor: string
    readonly detail: Readonly<Record<string, unknown>> | null
    readonly plan_status: string | null
    readonly approval_id: string | null
  }
}
export type ExportRecord =
  | { readonly record: 'export'; readonly version: number; readonly at: string }
  | CheckpointRecord | HeadRecord | StreamRecord | PlanRecord | ApprovalRecord | EntryRecord
  | { readonly record: 'end'; readonly checkpoints: number; readonly streams: number; readonly entries: number; readonly approvals: number }

/** SHA-256 (hex) over text or bytes, one after the other. */
export function sha256(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** RFC 8785. */
export const canonicalJson = (value: unknown): string => canonicalize(value) ?? ''

/** A fault that an export shows; `place` names the row, plan, stream or checkpoint. */
export type Fault = { readonly place: string; readonly what: string }
export type ReportFault = (place: string, what: string) => void
