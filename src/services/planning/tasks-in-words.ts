/** Which tasks of a plan words are about, by the words of their names, values and catalog entries. Pure. */
import { renderTaskName } from '../../catalog/task-name.ts'
import type { Catalog } from '../../catalog/capability.ts'
import { isKnown, tellingWords, wordsOf } from './feedback-doubts.ts'
import type { DraftTask, PlanDraft } from './plan-draft.ts'

/** Open tasks that every telling word of the text fits; none where the text has no telling word. */
export function tasksInWords(draft: PlanDraft, catalog: Pick<Catalog, 'byId'>, text: string): DraftTask[] {
  const telling = tellingWords(text)
  if (telling.length === 0) return []
  // By intent: the words that its capability is not called by.
  const unnamed = new Map<string, readonly string[]>()
  return draft.filter((entry) => {
    const { intent, carried } = entry.task
    if (carried) return false
    if (!unnamed.has(intent)) {
      const named = new Set(wordingOf(intent, catalog).flatMap(wordsOf))
      unnamed.set(intent, telling.filter((word) => !isKnown(word, named)))
    }
    const others = unnamed.get(intent)!
    const [object, values] = [new Set(wordsOf(objectOf(entry, catalog))), new Set(valuesOf(entry).flatMap(wordsOf))]
    // Another value alone, such as one of several hosts, is no name for the task that has it.
    const isNamed = others.length < telling.length || telling.some((word) => isKnown(word, object))
    return isNamed && others.every((word) => isKnown(word, object) || isKnown(word, values))
  })
}

/** What a task may be called: by its capability and by its object. */
export const titleOf = (entry: DraftTask, catalog: Pick<Catalog, 'byId'>): string[] => [...wordingOf(entry.task.intent, catalog), objectOf(entry, catalog)]

function objectOf({ task }: DraftTask, catalog: Pick<Catalog, 'byId'>): string {
  const capability = catalog.byId.get(task.intent)
  if (!capability) return task.name
  const object = capability.parameters.find(({ required }) => required)?.name
  return String((object === undefined ? undefined : task.parameters[object]) ?? '')
}

/** Words of a capability without those that are likely values: of examples the verbs, and what several of them or the description say. */
function wordingOf(intent: string, catalog: Pick<Catalog, 'byId'>): string[] {
  const capability = catalog.byId.get(intent)
  if (!capability) return [intent]
  const { description, examples, words, parameters } = capability
  const values = new Set(parameters.flatMap((spec) => [...(spec.values ?? []), ...Object.keys(spec.aliases ?? {})]).flatMap(wordsOf))
  const said = examples.map(wordsOf)
  const about = new Set([intent, description, renderTaskName(capability, {})].flatMap(wordsOf))
  const counts = Map.groupBy(said.flatMap((example) => [...new Set(example)]), (word) => word)
  const telling = said.flatMap((example) => example.filter((word, at) => at === 0 || counts.get(word)!.length > 1))
  return [...about, ...telling, ...Object.values(words).flat().flatMap(wordsOf)].filter((word) => !values.has(word) && !/\d/.test(word))
}

/** The values of a task in words; of a list with several entries each is only a part. */
const valuesOf = ({ task }: DraftTask): string[] =>
  Object.values(task.parameters).flatMap((value) => (Array.isArray(value) && value.length > 1 ? [] : [value].flat().map(String)))
