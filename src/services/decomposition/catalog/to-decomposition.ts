/** From understood parts to the answer: ordered subtasks, questions and what is out of scope. */
import { renderTaskName } from '../../../catalog/task-name.ts'
import { askFor } from '../ask-for-parameter.ts'
import type { Ambiguity, Decomposition, OutOfScopeItem, Subtask } from '../request-decomposer.ts'
import { politeness } from './lexicon/function-words.ts'
import type { Part } from './part.ts'
import type { ReadRequest } from './read-request.ts'
import { orderOf, relationsOf } from './relations.ts'
import type { Segment } from './segment.ts'

export function toDecomposition({ parts, unread }: ReadRequest, text: string): Decomposition {
  const edges = relationsOf(parts)
  const calls = parts.flatMap((part, index) => (part.kind === 'call' ? part.calls.map((call) => ({ part, index, call })) : []))
  const byPart = Map.groupBy(calls.keys(), (at) => calls[at]!.index)
  const { order, kept } = orderOf(calls.length, edges.flatMap(([before, after]) => (byPart.get(before) ?? []).flatMap((one) => (byPart.get(after) ?? []).map((other) => [one, other] as const))))
  const place = new Map(order.map((at, position) => [at, position + 1]))
  const ambiguities: Ambiguity[] = []
  const subtasks = order.map((at): Subtask => {
    const { part, call } = calls[at]!
    const { capability } = part.profile!
    for (const spec of capability.parameters) {
      if (Object.hasOwn(call, spec.name)) continue
      const said = part.unknown.find((one) => one.parameter === spec.name)?.said ?? null
      if (spec.required || said !== null) ambiguities.push(askFor(capability, spec, place.get(at)!, call, said))
    }
    return {
      order: place.get(at)!, name: renderTaskName(capability, call), intent: capability.id, parameters: call, confidence: Math.round(part.confidence * 1000) / 1000,
      dependsOn: kept.filter(([, after]) => after === at).map(([before]) => place.get(before)!),
    }
  })
  for (const part of parts) if (part.kind === 'unclear') ambiguities.push(askWhich(part, text))
  const outOfScope: OutOfScopeItem[] = parts.flatMap((part) => (part.kind === 'outOfScope' ? [{ text: spanOf(part.segment, text), reason: 'No capability of this installation covers this.' }] : []))
  if (unread) outOfScope.push({ text: unread, reason: 'The request has too many parts to be read at once. Submit this part on its own.' })
  return { status: 'PARSING_COMPLETE', subtasks, ambiguities, outOfScope, failureReason: null, notice: null, usage: [] }
}

function askWhich(part: Part, text: string): Ambiguity {
  const said = spanOf(part.segment, text)
  return { id: `which.${part.segment.from}`, question: `What is meant by "${said.slice(0, 200)}"?`, choices: part.candidates.map((profile) => profile.capability.id), subtaskOrder: null, parameter: null }
}

/** The words of a part without what joins it to others and without politeness at its edges. */
export function spanOf({ words }: Segment, text: string): string {
  let [from, to] = [0, words.length]
  while (from < to - 1 && (words[from]!.kind === 'punct' || politeness.has(words[from]!.word))) from++
  while (to > from + 1 && (words[to - 1]!.kind === 'punct' || ['please', 'thanks', 'too', 'and'].includes(words[to - 1]!.word))) to--
  return text.slice(words[from]!.start, words[to - 1]!.end)
}
