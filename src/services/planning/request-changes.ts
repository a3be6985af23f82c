export type RequestChangesInput = {
  readonly planId: string
  readonly contentHash: string | null
  /** 1 to 10,000 code points. */
  readonly feedback: string
}
