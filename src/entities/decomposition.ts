/** What was understood of a request: value types stored with it. */

/** One understood part of a request. Orders are 1-based and name the order of execution. */
export type Subtask = {
  readonly order: number
  readonly name: string
  readonly intent: string
  /** 0..1, calibrated: of subtasks with 0.8 about 80 % are right. */
  readonly confidence: number
  /** By parameter name, already in the type the catalog declares. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** Orders of the subtasks this one must wait for. */
  readonly dependsOn: readonly number[]
}

/** A structured question. With a parameter: its value is missing or unknown. Without one: several intents fit. */
export type Ambiguity = {
  readonly id: string
  readonly question: string
  readonly choices: readonly string[]
  readonly subtaskOrder: number | null
  readonly parameter: string | null
  /** For a question about feedback to a plan: what its answer goes on from. */
  readonly feedback?: FeedbackQuestion
}

/** A part of feedback that was not understood. */
export type FeedbackQuestion = {
  readonly text: string
  /** True where it wants something left out. */
  readonly removes: boolean
  /** A task to be added that lacks the parameter asked for; `after` holds the names of tasks it waits for. */
  readonly add?: { readonly intent: string; readonly parameters: Readonly<Record<string, unknown>>; readonly after: readonly string[] }
  /** The name of the task whose parameter is asked for. */
  readonly change?: string
}

/** A part of the request (its own words) that no capability covers. */
export type OutOfScopeItem = { readonly text: string; readonly reason: string }
