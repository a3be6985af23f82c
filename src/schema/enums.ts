import { effects, risks } from '../catalog/capability.ts'
import { errorCodes } from '../errors.ts'
import {
  attemptStatuses, complexities, decisions, executionLogKinds, planStatuses, requestStatuses, streamKinds, taskStatuses,
} from '../lifecycle/states.ts'
import { costGroups } from '../services/watching/cost-report.ts'
import { builder } from './builder.ts'
import { attemptWords, planWords, requestWords, taskWords } from './status-words.ts'
import { logKindWords } from './log-kind-words.ts'

/** An enum of these words, each with its description. */
const words = <Word extends string>(name: string, description: string, values: readonly Word[], meaning: Record<Word, string>) =>
  builder.enumType(name, {
    description,
    values: Object.fromEntries(values.map((value) => [value, { value, description: meaning[value] }])) as {
      [Key in Word]: { value: Key; description: string }
    },
  })

export const RequestStatus = words('RequestStatus', 'How far a request is understood.', requestStatuses, requestWords)
export const PlanStatus = words('PlanStatus', 'Where a plan stands.', planStatuses, planWords)
export const TaskStatus = words('TaskStatus', 'Where a task stands.', taskStatuses, taskWords)
export const AttemptStatus = words('AttemptStatus', 'Where one dispatch of a task stands.', attemptStatuses, attemptWords)

export const Complexity = words('Complexity', 'How demanding a plan is; decides whether external AI is worth its price.', complexities, {
  SIMPLE: 'Few tasks with few dependencies.',
  MEDIUM: 'Several tasks, or dependencies that matter.',
  COMPLEX: 'Many tasks, long chains or uncertain understanding.',
})

export const Decision = words('Decision', 'What was decided about a plan.', decisions, {
  APPROVED: 'It may run, as it was read.',
  REJECTED: 'It must not run.',
  CHANGES_REQUESTED: 'It went back with feedback.',
})

export const Risk = builder.enumType('Risk', {
  description: 'How much harm a wrong run can do, as the catalog says; decides who must approve.',
  values: {
    LOW: { value: risks[0], description: 'Harmless, or easily undone.' },
    MEDIUM: { value: risks[1], description: 'The usual care is enough.' },
    HIGH: { value: risks[2], description: 'Needs the strictest approval rule.' },
  },
})

export const Effect = builder.enumType('Effect', {
  description: 'What a lost attempt means for the world outside.',
  values: {
    RETRY_SAFE: { value: effects[0], description: 'May be repeated without a thought.' },
    IDEMPOTENT: { value: effects[1], description: 'May be repeated with the same idempotency key.' },
    IRREVERSIBLE: { value: effects[2], description: 'Never repeated: it starts only with a grant, and a lost one is settled by a person.' },
  },
})

export const StreamKind = words('StreamKind', 'What a stream of the log is about.', streamKinds, {
  REQUEST: 'One request.',
  PLAN: 'One plan at one revision.',
  AGENT: 'One agent.',
  INSTALLATION: 'This installation: tokens, quotas.',
})

export const ExecutionLogKind = words('ExecutionLogKind', 'What a log entry records.', executionLogKinds, logKindWords)

export const CostGroup = words('CostGroup', 'What costs are added up by.', costGroups, {
  DAY: 'Day, UTC.',
  USER: 'Who submitted the request.',
  MODEL: 'Model that was called.',
  PLAN: 'Plan, by id; decomposition belongs to none.',
  CAPABILITY: 'Intent of the task; decomposition has none.',
})

export const AgentStatus = words('AgentStatus', 'Whether an agent can take work.', ['ONLINE', 'UNRESPONSIVE', 'OFFLINE'] as const, {
  ONLINE: 'Its heartbeats arrive and it takes work.',
  UNRESPONSIVE: 'Its heartbeats arrive, but it takes no work it is sent; it is left out for a while.',
  OFFLINE: 'No heartbeat for longer than a lease.',
})

export const ListOrder = words('ListOrder', 'Order of a list, by creation.', ['NEWEST_FIRST', 'OLDEST_FIRST'] as const, {
  NEWEST_FIRST: 'Latest created first.',
  OLDEST_FIRST: 'Earliest created first.',
})

export const ErrorCode = words('ErrorCode', 'Stable codes of all typed errors, the same on every transport.', errorCodes, {
  INVALID_INPUT: 'The input breaks rules; `issues` says which.',
  NOT_FOUND: 'The id is unknown, malformed, of another type, or hidden from you.',
  INVALID_STATE: 'The object is in a state that does not allow this.',
  PLAN_CHANGED: 'The plan is not the one you read. Read it again, then decide.',
  INFEASIBLE_PLAN: 'Some tasks cannot be carried out now; `acceptInfeasible: true` goes on anyway.',
  UNAVAILABLE: 'Something needed is down or full. Try again after `retryAfterSeconds`.',
  UNAUTHENTICATED: 'Send valid credentials.',
  FORBIDDEN: 'Your roles do not allow this.',
  RATE_LIMITED: 'Too many operations. Try again after `retryAfterSeconds`.',
})
