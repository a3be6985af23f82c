/** What differs between two revisions of a plan, in lines that a person reads before approving. */
import canonicalize from 'canonicalize'
import type { Catalog } from '../../catalog/capability.ts'
import type { PlannedTask } from './work-planner.ts'

/** Tasks of a revision with the number each had in the one before; added ones have a number that it did not have. */
export type NumberedTask = { readonly key: number; readonly task: PlannedTask }

const mostLines = 500

/** @param before tasks of the earlier revision, in order  @param after tasks of the new one, in order */
export function planChanges(catalog: Pick<Catalog, 'byId'>, before: readonly PlannedTask[], after: readonly NumberedTask[]): string[] {
  const kept = new Map(after.map((entry) => [entry.key, entry]))
  const numberOf = new Map(after.map(({ key, task }) => [key, task.order]))
  const lines = before.filter(({ order }) => !kept.has(order)).map(({ order, name }) => `Removed: ${order}. ${name}.`)
  // Only what moved against the tasks that stayed: a removal alone moves nobody.
  const moved = movedKeys(after.map(({ key }) => key).filter((key) => key <= before.length))
  for (const { key, task } of after) {
    const earlier = before[key - 1]
    const title = `${task.order}. ${task.name}`
    if (!earlier) {
      lines.push(`Added: ${title}${task.dependsOn.length > 0 ? `, after ${task.dependsOn.join(', ')}` : ''}.`)
      continue
    }
    if (task.carried && !earlier.carried) lines.push(`${title} is already done and is not run again.`)
    if (moved.has(key)) lines.push(`${title} moved from position ${key}.`)
    if (earlier.name !== task.name) lines.push(`${title} was named "${earlier.name}".`)
    lines.push(...parameterChanges(catalog, title, earlier, task), ...definitionChanges(title, earlier, task))
    const wanted = earlier.dependsOn.flatMap((order) => numberOf.get(order) ?? [])
    const gone = earlier.dependsOn.filter((order) => !numberOf.has(order)).map((order) => `the removed ${order}`)
    if (!sameNumbers(wanted, task.dependsOn)) lines.push(`${title} waits for ${listed(task.dependsOn)} (was: ${listed([...wanted, ...gone])}).`)
  }
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} more changes.`]
}

/** Keys outside a longest rising sequence: the fewest moves that explain the new order. */
function movedKeys(keys: readonly number[]): Set<number> {
  const tails: number[] = []
  const previous: (number | undefined)[] = []
  keys.forEach((key, index) => {
    let at = tails.findIndex((tail) => keys[tail]! > key)
    if (at < 0) at = tails.length
    previous[index] = tails[at - 1]
    tails[at] = index
  })
  const stayed = new Set<number>()
  for (let index = tails.at(-1); index !== undefined; index = previous[index]) stayed.add(keys[index]!)
  return new Set(keys.filter((key) => !stayed.has(key)))
}

function parameterChanges(catalog: Pick<Catalog, 'byId'>, title: string, before: PlannedTask, after: PlannedTask): string[] {
  const secret = new Set(catalog.byId.get(after.intent)?.parameters.filter(({ type }) => type === 'secret').map(({ name }) => name))
  const names = new Set([...Object.keys(before.parameters), ...Object.keys(after.parameters)])
  return [...names].sort().flatMap((name) => {
    const [was, is] = [before.parameters[name], after.parameters[name]]
    if (shown(was, Infinity) === shown(is, Infinity)) return []
    if (secret.has(name)) return [`${title}: ${name} was ${is === undefined ? 'removed' : was === undefined ? 'set' : 'changed'}.`]
    if (is === undefined) return [`${title}: ${name} is no longer set (was ${shown(was)}).`]
    return [`${title}: ${name} is ${shown(is)}${was === undefined ? '' : ` (was ${shown(was)})`}.`]
  })
}

const fields = {
  workType: 'work type', agentType: 'agent type', effect: 'effect', timeoutSeconds: 'time limit in seconds', maxAttempts: 'attempts at most',
  requires: 'required resources', sameAgent: 'same agent',
} as const satisfies Partial<Record<keyof PlannedTask, string>>

function definitionChanges(title: string, before: PlannedTask, after: PlannedTask): string[] {
  const changed = (Object.keys(fields) as (keyof typeof fields)[]).flatMap((field) => (
    shown(before[field]) === shown(after[field]) ? [] : [`${title}: ${fields[field]} is ${shown(after[field])} (was ${shown(before[field])}).`]
  ))
  return before.capabilityDigest === after.capabilityDigest ? changed : [...changed, `${title}: the catalog describes it anew.`]
}

function shown(value: unknown, most = 120): string {
  const text = canonicalize(value) ?? 'nothing'
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`
}

const listed = (orders: readonly (number | string)[]): string => (orders.length > 0 ? orders.join(', ') : 'nothing')
const sameNumbers = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.toSorted((x, y) => x - y).every((value, index) => value === b[index])
