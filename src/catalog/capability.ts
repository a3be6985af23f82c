/** The catalog as the rest of the system sees it: validated, with defaults filled in. Shapes only. */

/** Types a parameter may have; see docs/catalog.md for the accepted forms of each. */
export const parameterTypes = [
  'enum', 'string', 'integer', 'port', 'boolean', 'hosts', 'list', 'fqdn', 'username', 'schedule', 'duration', 'secret',
] as const
export type ParameterType = (typeof parameterTypes)[number]

/** One parameter of a capability. */
export type ParameterSpec = {
  readonly name: string
  readonly type: ParameterType
  readonly required: boolean
  /** Allowed values of an enum, in catalog spelling. */
  readonly values?: readonly string[]
  /** Other spellings of enum values, lower case → canonical value. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly description?: string
  /** Bounds of an integer, inclusive. */
  readonly minimum?: number
  readonly maximum?: number
}

/** Free capacity a task needs from an agent; absent means no demand. */
export type ResourceRequirements = { readonly cpu?: number; readonly memoryMb?: number; readonly gpus?: number }

export const risks = ['low', 'medium', 'high'] as const
export type Risk = (typeof risks)[number]

/** What a lost attempt means: may be repeated, may be repeated under the same idempotency key, or never again. */
export const effects = ['retry_safe', 'idempotent', 'irreversible'] as const
export type Effect = (typeof effects)[number]

/** How the bundled agent carries a capability out. Templates `{{parameter}}` are filled from validated parameters. */
export type RunSpec =
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly cwd?: string }
  | { readonly kind: 'http'; readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly url: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly kind: 'ansible'; readonly playbook: string; readonly inventory?: string; readonly extraVars?: Readonly<Record<string, string>> }
  | { readonly kind: 'compose'; readonly project: string; readonly file: string; readonly action: 'up' | 'down' | 'restart' }

/** An entry of the catalog: an intent this installation can carry out. */
export type Capability = {
  /** The intent: `deploy_service`. */
  readonly id: string
  /** Readable task name; the first words of the description where the catalog gives none. `{{parameter}}` allowed. */
  readonly name: string
  readonly description: string
  readonly workType: string
  readonly agentType: string
  readonly estimatedMinutes: number
  readonly parameters: readonly ParameterSpec[]
  readonly examples: readonly string[]
  /** Utterances or verbs per language (BCP 47 primary subtag), beside the built-in lexicon. */
  readonly words: Readonly<Record<string, readonly string[]>>
  /** Intents whose task, when in the same plan, this one must wait for. */
  readonly after: readonly string[]
  readonly risk: Risk
  readonly effect: Effect
  readonly timeoutSeconds: number
  readonly maxAttempts: number
  readonly requires: ResourceRequirements
  readonly sameAgent: boolean
  readonly run: RunSpec | null
  /** SHA-256 (hex) over the canonical JSON of the entry, including how it is run. */
  readonly digest: string
}

/** Approval rules of a risk class; see docs/catalog.md. */
export type ApprovalRule = {
  readonly approvers: number
  readonly requesterMayApprove: boolean
  readonly reasonRequired: boolean
  readonly allowedApprovers: readonly string[] | null
  readonly byRule: boolean
  /** Hours after which a pending plan expires; null: as the installation is set. */
  readonly expiresAfterHours: number | null
}

export type Catalog = {
  readonly name: string
  readonly version: number
  readonly capabilities: readonly Capability[]
  readonly byId: ReadonlyMap<string, Capability>
  readonly approvalRules: Readonly<Record<Risk, ApprovalRule>>
  /** SHA-256 (hex) over all digests. */
  readonly digest: string
}
