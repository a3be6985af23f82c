/** Which tasks of a plan words are about, by the words of their names, values and catalog entries. Pure. */
import type { Catalog } from '../../catalog/capability.ts'
import type { DraftTask, PlanDraft } from './plan-draft.ts'

const fillers = new Set(`a an the this that to of in on at for with please must should has have needs need be is it run runs go come happen do done take put move make task step
  only not also too first last der die das den dem ein eine einen bitte soll muss le la les un une des du el los las una del por favor`.split(/\s+/))

/** Open tasks that every telling word of the text fits; none where the text has no telling word. */
export function tasksInWords(draft: PlanDraft, catalog: Pick<Catalog, 'byId'>, text: string): DraftTask[] {
  const telling = wordsOf(text).filter((word) => !fillers.has(word))
  if (telling.length === 0) return []
  return draft.filter(({ task }) => {
    if (task.carried) return false
    const capability = catalog.byId.get(task.intent)
    const vocabulary = new Set(wordsOf([
      task.name, task.intent, ...Object.values(task.parameters).flat().map(String), ...(capability?.examples ?? []), ...Object.values(capability?.words ?? {}).flat(),
    ].join(' ')))
    return telling.every((word) => vocabulary.has(word) || [...vocabulary].some((known) => isSame(word, known)))
  })
}

const wordsOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Inflected forms share their beginning: "backup" and "backups", "portal" and "portale". */
function isSame(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length)
  return shorter >= 4 && Math.abs(one.length - other.length) <= 2 && one.slice(0, shorter) === other.slice(0, shorter)
}
