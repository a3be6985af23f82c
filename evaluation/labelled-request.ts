/** A labelled request and a prediction, one JSON object a line. Label rules: evaluation/README.md. */

/** A value, or `{any: [...]}` where several forms are right. */
export type ExpectedValue = unknown

export type ExpectedSubtask = {
  readonly order: number
  readonly intent: string
  readonly parameters: Readonly<Record<string, ExpectedValue>>
  readonly optionalParameters?: Readonly<Record<string, ExpectedValue>>
  /** Listing it is optional. */
  readonly optional?: boolean
  readonly intentOneOf?: readonly string[]
}

export type Expected = {
  readonly status: string | readonly string[]
  /** Whether a question must be asked; "any" where both are fair. */
  readonly clarify: boolean | 'any'
  readonly subtasks: readonly ExpectedSubtask[]
  readonly outOfScope: readonly string[]
  readonly outOfScopeFree?: boolean
  /** Pairs of orders that must be in this order, that must stay independent, and groups that may be swapped. */
  readonly before?: readonly (readonly [number, number])[]
  readonly parallel?: readonly (readonly [number, number])[]
  readonly anyOrder?: readonly (readonly number[])[]
  readonly forbid?: { readonly intents?: readonly string[]; readonly values?: readonly unknown[] }
}

export type LabelledRequest = { readonly id: string; readonly text: string; readonly category?: string; readonly expected?: Expected }

export type Prediction = {
  readonly id: string
  /** Lower case, such as parsing_complete. */
  readonly status: string
  readonly subtasks: readonly { readonly order: number; readonly intent: string; readonly parameters: Readonly<Record<string, unknown>>; readonly dependsOn: readonly number[] }[]
  readonly ambiguities: readonly unknown[]
  readonly outOfScope: readonly { readonly text: string }[]
  readonly ms: number
}
