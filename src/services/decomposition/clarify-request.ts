import type { Catalog } from '../../catalog/capability.ts'
import type { Ambiguity } from '../../entities/decomposition.ts'
import type { AnsweredAmbiguity, Request } from '../../entities/request.ts'
import { InvalidInputError, InvalidStateError, type InputIssue } from '../../errors.ts'
import type { LogDraft } from '../../lifecycle/log-draft.ts'
import type { Principal } from '../../principal.ts'
import { redactSecrets } from '../../redact-secrets.ts'
import { checkText } from './bounded-text.ts'
import { parseParameterValue } from './parameter-values.ts'
import type { RequestParser } from './parse-request.ts'
import type { RequestStep, RequestWriter } from './request-writer.ts'

export type ClarifyRequestInput = {
  readonly requestId: string
  /** One or more answers to open ambiguities of the request. */
  readonly answers: readonly { readonly ambiguityId: string; readonly answer: string }[]
}

export type ClarifyRequestDeps = {
  readonly catalog: Pick<Catalog, 'byId'>
  readonly writer: RequestWriter
  readonly parser: RequestParser
  /** The same as the writer's. */
  readonly leaseSeconds: number
  /** Longest wait for the decomposer (8,000). */
  readonly answerWithinMs?: number
}

/** Answers of one request, in all its rounds. */
const mostAnswers = 200
const longestAnswer = 2_000

/**
 * Takes answers to open questions and asks the decomposer again, with all answers so far: leads to PARSING_COMPLETE,
 * to the next questions or, after `answerWithinMs`, to PARSING that goes on by itself.
 */
export async function clarifyRequest(deps: ClarifyRequestDeps, principal: Principal, input: ClarifyRequestInput): Promise<Request> {
  checkAnswers(input)
  deps.parser.checkRoom()
  const { request } = await deps.writer.change({
    requestId: input.requestId,
    apply: (present, now) => clarified(deps, present, principal, input, now),
  })
  return deps.parser.parse(request, deps.answerWithinMs ?? 8_000)
}

/** Throws InvalidInputError with every rule that answers break by themselves. */
export function checkAnswers({ answers }: ClarifyRequestInput): void {
  const issues: InputIssue[] = []
  if (answers.length === 0 || answers.length > mostAnswers) {
    issues.push({ path: 'answers', rule: 'count', message: `Send 1 to ${mostAnswers} answers.` })
    throw new InvalidInputError(issues)
  }
  const seen = new Set<string>()
  answers.forEach(({ ambiguityId, answer }, index) => {
    const broken = checkText(`answers.${index}.answer`, answer, longestAnswer)
    if (broken) issues.push(broken)
    if (seen.has(ambiguityId)) {
      issues.push({ path: `answers.${index}.ambiguityId`, rule: 'unique', message: 'This question is answered twice. Send one answer for each.' })
    }
    seen.add(ambiguityId)
  })
  if (issues.length > 0) throw new InvalidInputError(issues)
}

/** The answers with their questions, without secrets; throws InvalidInputError where one has none or is not allowed. */
export function answersTo(
  { catalog }: Pick<ClarifyRequestDeps, 'catalog'>,
  request: Request,
  { userId }: Pick<Principal, 'userId'>,
  { answers }: Pick<ClarifyRequestInput, 'answers'>,
  now: Date,
): AnsweredAmbiguity[] {
  const open = new Map(request.ambiguities.map((ambiguity) => [ambiguity.id, ambiguity]))
  const issues: InputIssue[] = []
  const answered = answers.flatMap(({ ambiguityId, answer }, index): AnsweredAmbiguity[] => {
    const ambiguity = open.get(ambiguityId)
    const literal = ambiguity && secretLiteral(catalog, request, ambiguity, answer)
    if (literal) {
      issues.push({ path: `answers.${index}.answer`, ...literal })
      return []
    }
    if (ambiguity) return [{ ambiguity, answer: redactSecrets(answer), by: userId, at: now.toISOString() }]
    const message = `No open question has this id. Open are: ${[...open.keys()].slice(0, 20).join(', ')}.`
    issues.push({ path: `answers.${index}.ambiguityId`, rule: 'known', message })
    return []
  })
  if (request.answers.length + answered.length > mostAnswers) {
    issues.push({ path: 'answers', rule: 'count', message: `A request takes at most ${mostAnswers} answers. Submit a new one in clearer words.` })
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
  return answered
}

/** What the log says about answers. */
export const clarifiedEntry = (stream: string, { userId }: Pick<Principal, 'userId'>, answered: readonly AnsweredAmbiguity[]): LogDraft => ({
  stream,
  streamKind: 'REQUEST',
  kind: 'REQUEST_CLARIFIED',
  actor: `user:${userId}`,
  message: answered.length === 1 ? 'One question was answered.' : `${answered.length} questions were answered.`,
  detail: { answers: answered.map(({ ambiguity, answer }) => ({ ambiguityId: ambiguity.id, question: ambiguity.question, answer })) },
})

function clarified(
  { catalog, leaseSeconds }: ClarifyRequestDeps,
  request: Request,
  { userId }: Principal,
  { answers }: ClarifyRequestInput,
  now: Date,
): RequestStep {
  if (request.status !== 'REQUIRES_CLARIFICATION') {
    throw new InvalidStateError(`The request is in state ${request.status} and has no open question.`, request.status)
  }
  const answered = answersTo({ catalog }, request, { userId }, { answers }, now)
  return {
    request: {
      ...request,
      status: 'PARSING',
      answers: [...request.answers, ...answered],
      parsingTries: 1,
      parsingLeaseUntil: new Date(now.getTime() + leaseSeconds * 1_000),
    },
    log: [clarifiedEntry(request.id, { userId }, answered)],
  }
}

/** What is wrong with an answer that gives a secret itself where its name is asked for; it is stored nowhere. */
function secretLiteral(
  catalog: Pick<Catalog, 'byId'>,
  { subtasks }: Request,
  { subtaskOrder, parameter, feedback }: Ambiguity,
  answer: string,
): Pick<InputIssue, 'rule' | 'message'> | null {
  const intent = feedback?.add?.intent ?? subtasks.find(({ order }) => order === subtaskOrder)?.intent
  const spec = intent === undefined ? undefined : catalog.byId.get(intent)?.parameters.find(({ name }) => name === parameter)
  if (spec?.type !== 'secret') return null
  const parsed = parseParameterValue(spec, answer)
  return parsed.ok ? null : { rule: parsed.rule, message: parsed.message }
}
