export type GeneratePlanInput = {
  readonly requestId: string
  /** True: a new revision even where an open plan exists (that one is superseded). */
  readonly regenerate: boolean
}
