import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Catalog } from '../../catalog/capability.ts'
import type { Subtask } from '../../entities/decomposition.ts'
import type { Request } from '../../entities/request.ts'
import { InvalidInputError, type InputIssue } from '../../errors.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { Logger } from '../../logger.ts'
import type { Principal } from '../../principal.ts'
import { redactSecrets } from '../../redact-secrets.ts'
import { checkText } from './bounded-text.ts'
import { checkSubtasks } from './check-subtasks.ts'
import type { ParameterCheck } from './parameter-check.ts'
import { decompose, type RequestParser } from './parse-request.ts'
import { parsed } from './parsing-outcome.ts'
import type { Decomposition, RequestDecomposer } from './request-decomposer.ts'
import type { NewRequest, RequestWriter } from './request-writer.ts'

/** A subtask as programs submit it in place of text. */
export type SubmittedSubtask = Pick<Subtask, 'intent' | 'parameters'> & { readonly order?: number; readonly dependsOn?: readonly number[] }

export type SubmitRequestInput = {
  /** 1 to 10,000 code points, not blank. Exactly one of text and subtasks. */
  readonly text?: string | null
  /** 1 to 1,000. */
  readonly subtasks?: readonly SubmittedSubtask[] | null
  /** At most 200 characters, by user: a repeated submit returns the first request. */
  readonly idempotencyKey?: string | null
  /** Names of those who may see it beside the submitter and administrators, at most 100; null: as the installation usually does. */
  readonly visibleTo?: readonly string[] | null
}

export type SubmitRequestDeps = {
  readonly decomposer: RequestDecomposer
  readonly writer: RequestWriter
  readonly parser: RequestParser
  readonly logger: Logger
  readonly catalog: Pick<Catalog, 'byId'>
  readonly checkParameters: ParameterCheck
  readonly newId: () => string
  /** Longest wait for a decomposer that is not immediate (8,000). */
  readonly answerWithinMs?: number
  /** True: a request that names nobody in `visibleTo` is seen by its submitter and administrators only. */
  readonly restricted?: boolean
}

const longestKey = 200
const mostSubtasks = 1_000
const mostViewers = 100
const longestName = 200

/**
 * Takes a request in. With an immediate decomposer, and for submitted subtasks, the answer is final; otherwise it is
 * the parsed request or, after `answerWithinMs`, one in PARSING that goes on by itself.
 */
export async function submitRequest(deps: SubmitRequestDeps, principal: Principal, input: SubmitRequestInput): Promise<Request> {
  const submitted = checkInput(deps, input)
  const { decomposer, writer, parser } = deps
  const request = newRequest(deps.newId(), principal, submitted, submitted.subtasks ? 'program' : decomposer.name)
  const entry = submittedEntry(request, submitted)

  if (submitted.subtasks || decomposer.immediate) {
    const decomposition = submitted.subtasks ? asSubmitted(submitted.subtasks) : await decompose(deps, request)
    const step = parsed(request, decomposition)
    return (await writer.insert({ ...step, log: [entry, ...step.log] })).request
  }
  parser.checkRoom()
  const stored = await writer.insert({ request: { ...request, parsingTries: 1 }, log: [entry] })
  return stored.repeated ? stored.request : parser.parse(stored.request, deps.answerWithinMs ?? 8_000)
}

type Submitted = {
  readonly text: string
  readonly subtasks: readonly Subtask[] | null
  readonly digest: string
  readonly idempotencyKey: string | null
  readonly visibleTo: readonly string[] | null
}

function checkInput(deps: SubmitRequestDeps, { text, subtasks, idempotencyKey, visibleTo }: SubmitRequestInput): Submitted {
  const issues: InputIssue[] = checkViewers(visibleTo ?? [])
  const stored = { visibleTo: visibleTo ? [...new Set(visibleTo)] : deps.restricted ? [] : null }
  const named = visibleTo ? { visibleTo } : {}
  const key = idempotencyKey ?? null
  if (key !== null) {
    const broken = checkText('idempotencyKey', key, longestKey)
    if (broken) issues.push(broken)
  }
  const given = { text: text ?? null, subtasks: subtasks ?? null }
  if ((given.text === null) === (given.subtasks === null)) {
    const message = given.text === null ? 'Send a text, or subtasks in place of it.' : 'Send either a text or subtasks, not both.'
    throw new InvalidInputError([...issues, { path: 'text', rule: 'exactly_one', message }])
  }
  if (given.text !== null) {
    const broken = checkText('text', given.text)
    if (broken) issues.push(broken)
    if (issues.length > 0) throw new InvalidInputError(issues)
    // The decomposer sees what is stored: a request taken up by another replica is understood the same way.
    const cleaned = redactSecrets(given.text)
    return { ...stored, text: cleaned, subtasks: null, idempotencyKey: key, digest: digestOf({ text: cleaned, ...named }) }
  }
  const list = given.subtasks!
  if (list.length === 0 || list.length > mostSubtasks) {
    const message = `Send 1 to ${mostSubtasks.toLocaleString('en-US')} subtasks.`
    throw new InvalidInputError([...issues, { path: 'subtasks', rule: 'count', message }])
  }
  const checked = checkSubtasks(deps, list)
  issues.push(...checked.issues)
  if (issues.length > 0) throw new InvalidInputError(issues)
  return { ...stored, text: '', subtasks: checked.subtasks, idempotencyKey: key, digest: digestOf({ subtasks: list, ...named }) }
}

/** The faults of a list of people who may see a request. */
export function checkViewers(names: readonly string[]): InputIssue[] {
  if (names.length > mostViewers) return [{ path: 'visibleTo', rule: 'count', message: `Name at most ${mostViewers} people.` }]
  return names.flatMap((name, index) => checkText(`visibleTo.${index}`, name, longestName) ?? [])
}

const digestOf = (content: unknown): string =>
  createHash('sha256').update(canonicalize(JSON.parse(JSON.stringify(content))) ?? '').digest('hex')

const newRequest = (id: string, { userId }: Principal, { text, digest, idempotencyKey, visibleTo }: Submitted, decomposer: string): NewRequest['request'] => ({
  id,
  text,
  submittedBy: userId,
  idempotencyKey,
  visibleTo,
  inputDigest: digest,
  status: 'PARSING',
  subtasks: [],
  ambiguities: [],
  outOfScope: [],
  answers: [],
  failureReason: null,
  notice: null,
  decomposer,
  parsingTries: 0,
})

const submittedEntry = ({ id, submittedBy, inputDigest, decomposer }: NewRequest['request'], { text, subtasks, visibleTo }: Submitted): LogDraft => ({
  stream: id,
  streamKind: 'REQUEST',
  kind: 'REQUEST_SUBMITTED',
  actor: `user:${submittedBy}`,
  message: subtasks ? `Submitted as ${subtasks.length} ${subtasks.length === 1 ? 'subtask' : 'subtasks'}.` : 'Submitted.',
  detail: { inputDigest, decomposer, ...(subtasks ? {} : { text }), ...(visibleTo && { visibleTo }) },
})

const asSubmitted = (subtasks: readonly Subtask[]): Decomposition => ({
  status: 'PARSING_COMPLETE',
  subtasks,
  ambiguities: [],
  outOfScope: [],
  failureReason: null,
  notice: null,
  usage: [],
})
