/** Wishes about the order of tasks, as edits of what each waits for. */
import type { PlanEdit } from './revise-plan.ts'
import type { PlanDraft } from './plan-draft.ts'

/** Everything else waits for the task, and it for nothing. */
export function putFirst(draft: PlanDraft, key: number): PlanEdit[] {
  const others = draft.filter((entry) => entry.key !== key && !entry.task.carried)
  const roots = others.filter(({ waitsFor }) => waitsFor.every((before) => before === key) && !waitsFor.includes(key))
  return [...setWaits(draft, key, []), ...roots.flatMap((root) => setWaits(draft, root.key, [key]))]
}

/** The task waits for everything else; what waited for it goes on without. */
export function putLast(draft: PlanDraft, key: number): PlanEdit[] {
  const own = draft.find((entry) => entry.key === key)?.waitsFor ?? []
  const others = draft.filter((entry) => entry.key !== key)
  const freed = others.filter(({ waitsFor, task }) => waitsFor.includes(key) && !task.carried)
  const waitedFor = new Set(others.flatMap(({ waitsFor }) => waitsFor))
  const ends = others.filter((entry) => !waitedFor.has(entry.key)).map((entry) => entry.key)
  return [
    ...freed.flatMap(({ key: other, waitsFor }) => setWaits(draft, other, [...waitsFor.filter((before) => before !== key), ...own])),
    ...setWaits(draft, key, ends),
  ]
}

/** The second waits for the first; where it was the other way round, the first no longer waits for the second. */
export function putBefore(draft: PlanDraft, first: number, second: number): PlanEdit[] {
  const waits = (key: number) => draft.find((entry) => entry.key === key)?.waitsFor ?? []
  return [
    ...(waits(first).includes(second) ? setWaits(draft, first, waits(first).filter((key) => key !== second)) : []),
    ...(waits(second).includes(first) ? [] : setWaits(draft, second, [...waits(second), first])),
  ]
}

function setWaits(draft: PlanDraft, task: number, waits: readonly number[]): PlanEdit[] {
  const present = draft.find((entry) => entry.key === task)?.waitsFor ?? []
  const dependsOn = [...new Set(waits)]
  const same = dependsOn.length === present.length && dependsOn.every((key) => present.includes(key))
  return same ? [] : [{ setDependencies: { task, dependsOn } }]
}
