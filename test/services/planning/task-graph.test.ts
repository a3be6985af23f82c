import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ancestorsOf, CircleError, executionOrder, heaviestChain, withoutDetours } from '../../../src/services/planning/task-graph.ts'

/** Graphs whose numbering hides that they have no circle: edges go from later to earlier in a random order. */
const graphs = fc.integer({ min: 1, max: 40 }).chain((size) => fc.tuple(
  fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 120 }),
)).map(([names, pairs]) => {
  const graph: number[][] = names.map(() => [])
  for (const [a, b] of pairs) if (a !== b) graph[names[Math.max(a, b)]!]!.push(names[Math.min(a, b)]!)
  return graph
})

const pairsOf = (graph: readonly (readonly number[])[]) => {
  const ancestors = ancestorsOf(graph)
  return graph.flatMap((_, task) => graph.flatMap((__, before) => (ancestors.has(task, before) ? [`${before}<${task}`] : [])))
}

test('leaving out detours keeps what waits for what, and no edge can go', () => {
  fc.assert(fc.property(graphs, (graph) => {
    const reduced = withoutDetours(graph)
    expect(pairsOf(reduced)).toEqual(pairsOf(graph))
    reduced.forEach((befores, task) => befores.forEach((before) => {
      const without = reduced.map((list, index) => (index === task ? list.filter((other) => other !== before) : list))
      expect(ancestorsOf(without).has(task, before)).toBe(false)
    }))
  }), { numRuns: 60 })
})

test('every task comes after what it waits for', () => {
  fc.assert(fc.property(graphs, (graph) => {
    const order = executionOrder(graph)
    expect(order.toSorted((a, b) => a - b)).toEqual(graph.map((_, task) => task))
    graph.forEach((befores, task) => befores.forEach((before) => expect(order.indexOf(before)).toBeLessThan(order.indexOf(task))))
  }))
})

test('tasks that need no other order keep the one given', () => {
  expect(executionOrder([[], [0], [], [1]])).toEqual([0, 1, 2, 3])
})

test('a circle is named', () => {
  expect(() => executionOrder([[2], [0], [1]])).toThrow(CircleError)
  expect(() => executionOrder([[], [2], [1]])).toThrow(expect.objectContaining({ circle: [1, 2, 1] }))
})

test('the heaviest chain counts time, not tasks', () => {
  expect(heaviestChain([[], [], [0], [2], [1]], [1, 9, 1, 1, 1])).toEqual({ tasks: [1, 4], weight: 10 })
  expect(heaviestChain([], [])).toEqual({ tasks: [], weight: 0 })
})

test('a thousand tasks that all wait for all before them take milliseconds', () => {
  // Processor time: what else the machine does is not measured.
  const started = process.cpuUsage()
  const reduced = withoutDetours(Array.from({ length: 1_000 }, (_, task) => [...Array(task).keys()]))
  expect(reduced.every((befores, task) => befores.length === Math.min(1, task))).toBe(true)
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(3_000)
})
