export type ClarifyRequestInput = {
  readonly requestId: string
  /** One or more answers to open ambiguities of the request. */
  readonly answers: readonly { readonly ambiguityId: string; readonly answer: string }[]
}
