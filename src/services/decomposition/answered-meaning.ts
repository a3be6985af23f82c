/** What a part of a request means once a person has said which capability it is. */
import type { Capability, Catalog } from '../../catalog/capability.ts'
import { renderTaskName } from '../../catalog/task-name.ts'
import type { Ambiguity, DecompositionInput, RequestDecomposer, Subtask } from './request-decomposer.ts'

export type MeaningQuestion = {
  readonly catalog: Pick<Catalog, 'byId'>
  readonly decomposer: Pick<RequestDecomposer, 'decompose'>
  readonly input: DecompositionInput
  /** Subtasks that stand already. */
  readonly understood: readonly Subtask[]
  /** Asks what is meant by words of the request; its choices are intents. */
  readonly ambiguity: Ambiguity
  readonly answer: string
}

export type Meaning = {
  /** The words of the request that were asked about. */
  readonly said: string
  /** None where the answer leaves the part out. Orders and dependencies are among themselves. */
  readonly subtasks: readonly Subtask[]
  /** Order of the understood subtask that they come after; 0 for the beginning. */
  readonly after: number
  /** Orders of the understood subtasks that the first of them waits for. */
  readonly waitsFor: readonly number[]
}

/** Reads the answer as one of the choices, as none of them, or as a request in other words. */
export async function readMeaning(question: MeaningQuestion): Promise<Meaning | 'unclear'> {
  const { ambiguity, answer, catalog, input, decomposer, understood } = question
  const said = saidIn(ambiguity, input.text)
  const end = { after: understood.at(-1)?.order ?? 0, waitsFor: [] }
  if (noneOfThem.test(answer.trim())) return { said, subtasks: [], ...end }
  const chosen = ambiguity.choices.flatMap((intent) => catalog.byId.get(intent) ?? []).find((capability) => isNamedBy(capability, answer))
  if (chosen) return readAs(question, chosen, said)
  const { subtasks } = await decomposer.decompose({ ...input, text: answer, answers: [], previous: null })
  return subtasks.length > 0 ? { said, subtasks, ...end } : 'unclear'
}

const noneOfThem = /^(?:(?:none|neither)(?: of (?:them|these|those|the above))?|nothing|no|skip(?: it)?|leave (?:it )?out|forget it|keine[rns]?(?: davon)?|nichts|nein|ninguno|nada|aucune?(?: d['’]entre eux)?|rien|non|都不是|没有|不)[.!]?$/iu

/** The quoted words of the question, as far as they stand in the request. */
function saidIn({ question }: Ambiguity, text: string): string {
  const quoted = /"([^]*)"/u.exec(question)?.[1] ?? ''
  return quoted !== '' && text.includes(quoted) ? quoted : text
}

function isNamedBy(capability: Capability, answer: string): boolean {
  const words = plain(answer)
  return [capability.id, capability.id.replaceAll(/[_-]/g, ' '), renderTaskName(capability, {}), capability.description].some((name) => plain(name) === words)
}

const plain = (text: string): string => text.trim().replace(/^["']|["'.!]+$/g, '').toLowerCase()

/**
 * Reads the request once more with the words in question put after the name of the chosen capability. Where the rest
 * is understood as before, this gives the place; otherwise the part comes last. Its parameters are read in any case.
 */
async function readAs({ input, decomposer, understood }: MeaningQuestion, chosen: Capability, said: string): Promise<Meaning> {
  const end = { said, after: understood.at(-1)?.order ?? 0, waitsFor: [] }
  const read = async (text: string) => (await decomposer.decompose({ ...input, text, answers: [], previous: null })).subtasks
  for (const phrase of [said, `${renderTaskName(chosen, {})} ${said}`, `${renderTaskName(chosen, {})}: ${said}`, renderTaskName(chosen, {})]) {
    const alone = (await read(phrase)).filter(({ intent }) => intent === chosen.id)
    if (alone.length !== 1) continue
    const part = { ...alone[0]!, order: 1, dependsOn: [] }
    const whole = await read(input.text.replace(said, () => phrase))
    const at = whole.findIndex(({ intent }, index) => intent === chosen.id && sameIntents(whole.toSpliced(index, 1), understood))
    if (at < 0) return { ...end, subtasks: [part] }
    const orderAt = (order: number) => understood[whole.findIndex((one) => one.order === order)]?.order
    return { said, subtasks: [part], after: understood[at - 1]?.order ?? 0, waitsFor: whole[at]!.dependsOn.flatMap((order) => orderAt(order) ?? []) }
  }
  return { ...end, subtasks: [{ order: 1, name: renderTaskName(chosen, {}), intent: chosen.id, confidence: 1, parameters: {}, dependsOn: [] }] }
}

const sameIntents = (some: readonly Subtask[], others: readonly Subtask[]): boolean =>
  some.length === others.length && some.every(({ intent }, index) => intent === others[index]!.intent)
