import type { Capability, ParameterSpec } from '../../catalog/capability.ts'
import { renderTaskName } from '../../catalog/task-name.ts'
import type { Ambiguity } from './request-decomposer.ts'

const mostChoices = 20

/** Id of the question for a parameter of a subtask, the same in every round. */
export const parameterQuestionId = (order: number, parameter: string) => `${order}.${parameter}`

/** The question for a parameter that is missing, or whose value `said` the catalog does not know. */
export function askFor(
  capability: Pick<Capability, 'name' | 'parameters'>,
  spec: ParameterSpec,
  order: number,
  parameters: Readonly<Record<string, unknown>>,
  said: string | null = null,
): Ambiguity {
  const task = renderTaskName(capability, parameters)
  const what = spec.name.replaceAll('_', ' ')
  return {
    id: parameterQuestionId(order, spec.name),
    question: said === null ? `${task}: ${wording(spec, what)}` : `${task}: "${said.slice(0, 100)}" is not a known ${what}. Which one is meant?`,
    choices: spec.type === 'boolean' ? ['yes', 'no'] : (spec.values ?? []).slice(0, mostChoices),
    subtaskOrder: order,
    parameter: spec.name,
  }
}

/** True for a question about a value that was said and is not known or not allowed, false where a value is missing. */
export const isAboutUnknownValue = ({ question }: Pick<Ambiguity, 'question'>): boolean => /(?:" is not a known .+ Which one is meant\?|\? Give a whole number .+)$/su.test(question)

function wording(spec: ParameterSpec, what: string): string {
  const hint = spec.description ? ` (${spec.description.replace(/\.$/, '')})` : ''
  switch (spec.type) {
    case 'integer': return `which number for ${what}${hint}?`
    case 'boolean': return `${what}${hint}, yes or no?`
    case 'hosts': case 'list': return `which ${what}${hint}? Several are separated by commas.`
    case 'schedule': return `how often, or when${hint}?`
    case 'duration': return `for how long${hint}?`
    case 'secret': return `which stored secret for ${what}${hint}? Answer secret:NAME.`
    default: return `which ${what}${hint}?`
  }
}
