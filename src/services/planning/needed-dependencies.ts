/**
 * Which tasks must wait for which, and no others: what the request orders, what the catalog declares (`after`), and
 * what the same object demands. Everything else may run side by side.
 */
import type { Capability } from '../../catalog/capability.ts'
import { ancestorsOf, withoutDetours, type Graph } from './task-graph.ts'

export type Step = {
  readonly capability: Capability
  readonly parameters: Readonly<Record<string, unknown>>
  /** Indexes of the steps that the request puts before this one. */
  readonly dependsOn: readonly number[]
}

/**
 * What the request orders, as it says it: a task gets the outputs of what it directly depends on. Of the rest only what
 * does not follow from others. Where the catalog's order contradicts the request's, the
 * request's stands: a person asked for it and will read it in the plan. Throws CircleError if the request's own
 * order is a circle.
 */
export function neededDependencies(steps: readonly Step[]): number[][] {
  const asked = steps.map(({ dependsOn }) => [...dependsOn])
  return withoutDetours(withSharedObjects(steps, withCatalogOrder(steps, asked)), steps.map(({ dependsOn }) => dependsOn))
}

/** What a capability acts on: its first required parameter, where that is a name. */
const naming = new Set(['string', 'fqdn', 'username', 'enum'])

function objectOf({ capability, parameters }: Step): string | null {
  const first = capability.parameters.find((parameter) => parameter.required)
  const value = first && naming.has(first.type) ? parameters[first.name] : undefined
  return first && typeof value === 'string' ? `${first.name}\n${value.toLowerCase()}` : null
}

/**
 * Different operations on one named object keep the order of the request: a snapshot is taken before the rollback of
 * the same machine, however they are joined. On different hosts the same name means different objects. What the
 * request or the catalog orders stands: this is only a guess about the rest.
 */
function withSharedObjects(steps: readonly Step[], graph: number[][]): Graph {
  const byObject = Map.groupBy(steps.keys(), (index) => objectOf(steps[index]!))
  byObject.delete(null)
  const shared = [...byObject.values()].filter((group) => group.length > 1)
  if (shared.length === 0) return graph
  const ancestors = ancestorsOf(graph)
  for (const group of shared) {
    for (const [at, later] of group.entries()) {
      // Nearest first: what it already waits for needs no edge of its own.
      for (const earlier of group.slice(0, at).reverse()) {
        const differ = steps[earlier]!.capability.id !== steps[later]!.capability.id
        if (!differ || ancestors.has(later, earlier) || ancestors.has(earlier, later)) continue
        if (onOtherHosts(steps[earlier]!, steps[later]!)) continue
        graph[later]!.push(earlier)
        ancestors.add(later, earlier)
      }
      passOn(ancestors, later, steps.length)
    }
  }
  return graph
}

function onOtherHosts(a: Step, b: Step): boolean {
  const [hostsOfA, hostsOfB] = [hostsOf(a), hostsOf(b)]
  return hostsOfA !== null && hostsOfB !== null && ![...hostsOfA].some((host) => hostsOfB.has(host))
}

function hostsOf({ capability, parameters }: Step): Set<unknown> | null {
  const values = capability.parameters.filter(({ type }) => type === 'hosts').map(({ name }) => parameters[name])
  const hosts = values.flatMap((value) => (Array.isArray(value) ? value : []))
  return hosts.length > 0 ? new Set(hosts) : null
}

function withCatalogOrder(steps: readonly Step[], graph: number[][]): number[][] {
  const byIntent = Map.groupBy(steps.keys(), (index) => steps[index]!.capability.id)
  const declared = steps.map(({ capability }) => capability.after.flatMap((intent) => byIntent.get(intent) ?? []))
  if (declared.every((before) => before.length === 0)) return graph
  const ancestors = ancestorsOf(graph)
  declared.forEach((befores, step) => {
    const allowed = befores.filter((before) => before !== step && !ancestors.has(before, step))
    for (const before of allowed) {
      graph[step]!.push(before)
      ancestors.add(step, before)
    }
    if (allowed.length > 0) passOn(ancestors, step, steps.length)
  })
  return graph
}

/** What a step has come to wait for, everything that waits for the step waits for too. */
function passOn(ancestors: ReturnType<typeof ancestorsOf>, step: number, size: number): void {
  for (let other = 0; other < size; other++) if (other !== step && ancestors.has(other, step)) ancestors.merge(other, step)
}
