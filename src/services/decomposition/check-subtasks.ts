/** Subtasks that programs submit, checked against the catalog: all broken rules at once, each with its path. */
import type { Catalog } from '../../catalog/capability.ts'
import { nearest } from '../../catalog/edit-distance.ts'
import { renderTaskName } from '../../catalog/task-name.ts'
import type { Subtask } from '../../entities/decomposition.ts'
import type { InputIssue } from '../../errors.ts'
import { CircleError, executionOrder } from '../planning/task-graph.ts'
import { checkStorable, type ParameterCheck } from './parameter-check.ts'
import type { SubmittedSubtask } from './submit-request.ts'

type Report = (path: string, rule: string, message: string) => void

/** Answers the subtasks numbered from 1 in their order, or what is wrong with them. */
export function checkSubtasks(
  { catalog, checkParameters }: { readonly catalog: Pick<Catalog, 'byId'>; readonly checkParameters: ParameterCheck },
  submitted: readonly SubmittedSubtask[],
): { readonly subtasks: readonly Subtask[]; readonly issues: readonly InputIssue[] } {
  const issues: InputIssue[] = []
  const report: Report = (path, rule, message) => issues.push({ path: `subtasks.${path}`, rule, message })
  const positions = positionsOf(submitted, report)
  const positionOf = new Map(submitted.map(({ order }, index) => [order ?? index + 1, positions[index]!]))
  const subtasks = submitted.map((part, index): Subtask => {
    const order = positions[index]!
    const dependsOn = dependenciesOf(part, index, positionOf, report)
    const capability = catalog.byId.get(part.intent)
    if (!capability) {
      const near = nearest(part.intent.slice(0, 80), catalog.byId.keys())
      report(`${index}.intent`, 'known', `The catalog has no capability with this intent.${near ? ` Did you mean ${near}?` : ''}`)
      return { order, name: part.intent, intent: part.intent, confidence: 1, parameters: {}, dependsOn }
    }
    const unstorable = checkStorable(part.parameters)
    if (unstorable) {
      report(`${index}.parameters`, unstorable.rule, unstorable.message)
      return { order, name: capability.name, intent: capability.id, confidence: 1, parameters: {}, dependsOn }
    }
    const { parameters, faults } = checkParameters(capability, part.parameters)
    for (const { parameter, rule, message } of faults) report(`${index}.parameters.${parameter}`, rule, message)
    return { order, name: renderTaskName(capability, parameters), intent: capability.id, confidence: 1, parameters, dependsOn }
  })
  const sorted = subtasks.toSorted((a, b) => a.order - b.order)
  if (issues.length === 0) reportCircle(sorted, positions, report)
  return { subtasks: sorted, issues }
}

/** Positions from 1: as given by `order` where every subtask has one, else as listed. */
function positionsOf(submitted: readonly SubmittedSubtask[], report: Report): number[] {
  const given = submitted.map(({ order }) => order ?? null)
  if (given.every((order) => order === null)) return submitted.map((_, index) => index + 1)
  const seen = new Set<number>()
  given.forEach((order, index) => {
    if (order === null) report(`${index}.order`, 'all_or_none', 'Give every subtask an order, or none.')
    else if (!Number.isSafeInteger(order) || order < 1) report(`${index}.order`, 'positive', 'An order is a whole number from 1.')
    else if (seen.has(order)) report(`${index}.order`, 'unique', `Order ${order} is given twice.`)
    else seen.add(order)
  })
  const rank = new Map([...seen].sort((a, b) => a - b).map((order, index) => [order, index + 1]))
  return given.map((order) => rank.get(order ?? 0) ?? 0)
}

function dependenciesOf(part: SubmittedSubtask, index: number, positionOf: ReadonlyMap<number, number>, report: Report): number[] {
  const own = part.order ?? index + 1
  return [...new Set((part.dependsOn ?? []).flatMap((order, at) => {
    const position = positionOf.get(order)
    if (position !== undefined && order !== own) return [position]
    report(`${index}.dependsOn.${at}`, order === own ? 'not_itself' : 'known', order === own ? 'A subtask cannot wait for itself.' : `There is no subtask with order ${order}.`)
    return []
  }))]
}

function reportCircle(subtasks: readonly Subtask[], positions: readonly number[], report: Report): void {
  try {
    executionOrder(subtasks.map(({ dependsOn }) => dependsOn.map((order) => order - 1)))
  } catch (error) {
    if (!(error instanceof CircleError)) throw error
    const orders = error.circle.map((index) => subtasks[index]!.order)
    report(`${positions.indexOf(orders[0]!)}.dependsOn`, 'acyclic', `Subtasks wait for each other in a circle: ${orders.join(' before ')}. Remove one of these.`)
  }
}
