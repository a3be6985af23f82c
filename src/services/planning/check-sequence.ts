/** What only the whole of edits shows: circles, and tasks placed before what they wait for, each with the edit that made it so. */
import { graphOf, type DraftTask } from './plan-draft.ts'
import type { PlanEdit } from './revise-plan.ts'
import { CircleError, executionOrder } from './task-graph.ts'

export type EditedSequence = {
  readonly draft: readonly DraftTask[]
  /** Highest key before the edits: added tasks go on counting. */
  readonly known: number
  /** Index of the edit that put the tasks in their order; -1 where none did. */
  readonly reorderedBy: number
  readonly report: (path: string, rule: string, message: string) => void
}

/** More circles than these are not looked for: each is found in a turn of its own. */
const mostCircles = 20

export function checkSequence(sequence: EditedSequence, edits: readonly PlanEdit[]): void {
  const graph = graphOf(sequence.draft)
  const whoSets = makersOf(sequence, edits)
  for (let found = 0; found < mostCircles; found++) {
    const circle = circleIn(graph)
    if (!circle) return checkPlaces(sequence, edits, graph, whoSets)
    cutCircle(sequence, edits, graph, circle, whoSets)
  }
}

/** By key: indexes of the edits that last set what a task waits for, and that added it. */
type Makers = { readonly waits: ReadonlyMap<number, number>; readonly added: ReadonlyMap<number, number> }

function makersOf({ known }: EditedSequence, edits: readonly PlanEdit[]): Makers {
  const [waits, added] = [new Map<number, number>(), new Map<number, number>()]
  for (const [index, { addTask, setDependencies }] of edits.entries()) {
    if (setDependencies) waits.set(setDependencies.task, index)
    if (!addTask) continue
    const key = known + added.size + 1
    added.set(key, index)
    waits.set(key, index)
  }
  return { waits, added }
}

function circleIn(graph: readonly (readonly number[])[]): readonly number[] | null {
  try {
    executionOrder(graph)
    return null
  } catch (error) {
    if (error instanceof CircleError) return error.circle
    throw error
  }
}

/** Reports a circle with the latest edit that closed it, and opens it there to find the next. */
function cutCircle({ draft, report }: EditedSequence, edits: readonly PlanEdit[], graph: number[][], circle: readonly number[], { waits }: Makers): void {
  const editOf = (at: number): number => waits.get(draft[circle[at]!]!.key) ?? -1
  // The first of a circle is named again at its end: it has one edge for each after the first.
  const closing = [...circle.keys()].slice(1).reduce((best, at) => (editOf(at) > editOf(best) ? at : best))
  const blamed = editOf(closing)
  const keys = circle.map((index) => draft[index]!.key)
  report(blamed < 0 ? '' : waitsPath(edits, blamed), 'acyclic', `Tasks would wait for each other in a circle: ${keys.join(' before ')}. Leave one of these out.`)
  graph[circle[closing]!] = graph[circle[closing]!]!.filter((before) => before !== circle[closing - 1])
}

const waitsPath = (edits: readonly PlanEdit[], index: number): string => `${index}.${edits[index]!.setDependencies ? 'setDependencies' : 'addTask'}.dependsOn`

/**
 * A task that is put in a place cannot wait for what comes later: numbering would move it without a word. Tasks in a
 * place of their own are those of a reorder, and those added before another.
 */
function checkPlaces({ draft, reorderedBy, report }: EditedSequence, edits: readonly PlanEdit[], graph: readonly (readonly number[])[], { waits, added }: Makers): void {
  for (const [position, befores] of graph.entries()) {
    const { key } = draft[position]!
    const addedBy = added.get(key) ?? -1
    const isPlaced = reorderedBy >= 0 || typeof edits[addedBy]?.addTask?.before === 'number'
    for (const before of befores.filter((other) => isPlaced && other > position)) {
      const later = draft[before]!.key
      const blamed = Math.max(reorderedBy, addedBy, waits.get(key) ?? -1)
      const path = blamed === reorderedBy ? `${blamed}.reorder.tasks` : blamed === addedBy && edits[blamed]!.addTask!.before ? `${blamed}.addTask.before` : waitsPath(edits, blamed)
      report(path, 'order', `Task ${key} waits for task ${later}, which comes later. Place it after that, or change what it waits for.`)
    }
  }
}
