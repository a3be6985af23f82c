/** Graphs of tasks, as lists of what each task waits for (indexes from 0). Pure; sized for some thousand tasks. */

/** By task: indexes of the tasks it waits for. */
export type Graph = readonly (readonly number[])[]

/** A circle in what tasks wait for: indexes in order, the first again at the end. */
export class CircleError extends Error {
  override readonly name = 'CircleError'
  readonly circle: readonly number[]
  constructor(circle: readonly number[]) {
    super('tasks wait for each other in a circle')
    this.circle = circle
  }
}

/** An order in which every task comes after what it waits for, otherwise as given. Throws CircleError. */
export function executionOrder(graph: Graph): number[] {
  const done = new Set<number>()
  const order: number[] = []
  const trail: number[] = []
  const visit = (task: number): void => {
    if (done.has(task)) return
    const at = trail.indexOf(task)
    if (at >= 0) throw new CircleError([...trail.slice(at), task].reverse())
    trail.push(task)
    for (const before of graph[task]!.toSorted((a, b) => a - b)) visit(before)
    trail.pop()
    done.add(task)
    order.push(task)
  }
  graph.forEach((_, task) => visit(task))
  return order
}

/** Everything each task waits for, directly or not, as bits. */
export type Ancestors = {
  has(task: number, before: number): boolean
  /** Lets `task` wait for `before` and for everything `before` waits for; not passed on to those that wait for `task`. */
  add(task: number, before: number): void
  /** Lets `task` wait for everything `other` waits for. */
  merge(task: number, other: number): void
}

function emptyAncestors(size: number): Ancestors {
  const words = Math.ceil(size / 32)
  const bits = Array.from({ length: size }, () => new Uint32Array(words))
  const merge = (task: number, other: number): void => {
    const target = bits[task]!
    const source = bits[other]!
    for (let word = 0; word < words; word++) target[word]! |= source[word]!
  }
  return {
    has: (task, before) => (bits[task]![before >>> 5]! & (1 << (before & 31))) !== 0,
    add(task, before) {
      bits[task]![before >>> 5]! |= 1 << (before & 31)
      merge(task, before)
    },
    merge,
  }
}

/** Everything each task of a graph waits for. Throws CircleError. */
export function ancestorsOf(graph: Graph): Ancestors {
  const ancestors = emptyAncestors(graph.length)
  for (const task of executionOrder(graph)) for (const before of graph[task]!) ancestors.add(task, before)
  return ancestors
}

/** The same graph without edges that follow from others, each list ascending; the edges of `kept` stay. Throws CircleError. */
export function withoutDetours(graph: Graph, kept: Graph = []): number[][] {
  const order = executionOrder(graph)
  const rank = new Map(order.map((task, index) => [task, index]))
  const ancestors = emptyAncestors(graph.length)
  const reduced: number[][] = graph.map(() => [])
  for (const task of order) {
    // Latest first: whatever an earlier one of the list already implies is a detour.
    for (const before of [...new Set(graph[task])].sort((a, b) => rank.get(b)! - rank.get(a)!)) {
      if (ancestors.has(task, before) && !kept[task]?.includes(before)) continue
      reduced[task]!.push(before)
      ancestors.add(task, before)
    }
    reduced[task]!.sort((a, b) => a - b)
  }
  return reduced
}

/** The chain of tasks that takes longest, and its length; `weights` are per task. The graph has no circle. */
export function heaviestChain(graph: Graph, weights: readonly number[]): { readonly tasks: number[]; readonly weight: number } {
  const weightUpTo: number[] = weights.map(() => 0)
  const previous: (number | null)[] = weights.map(() => null)
  let last: number | null = null
  for (const task of executionOrder(graph)) {
    for (const before of graph[task]!) {
      const best = previous[task]
      if (best === null || best === undefined || weightUpTo[before]! > weightUpTo[best]!) previous[task] = before
    }
    const best = previous[task]
    weightUpTo[task] = weights[task]! + (best === null || best === undefined ? 0 : weightUpTo[best]!)
    if (last === null || weightUpTo[task]! > weightUpTo[last]!) last = task
  }
  const tasks: number[] = []
  for (let task: number | null = last; task !== null; task = previous[task] ?? null) tasks.unshift(task)
  return { tasks, weight: last === null ? 0 : weightUpTo[last]! }
}
