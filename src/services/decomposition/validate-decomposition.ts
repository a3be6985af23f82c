/**
 * Checks any decomposer's answer against the catalog, with the same rules for all: what is not in the catalog does not
 * get through, and names, status and orders are our own.
 */
import type { Capability, Catalog } from '../../catalog/capability.ts'
import { renderTaskName } from '../../catalog/task-name.ts'
import { redactSecrets } from '../../redact-secrets.ts'
import type { Ambiguity, Decomposition, OutOfScopeItem, Subtask } from './request-decomposer.ts'
import { askFor } from './ask-for-parameter.ts'
import { checkStorable } from './parameter-check.ts'
import { isAbsent, parseParameterValue } from './parameter-values.ts'

const limits = { subtasks: 1_000, ambiguities: 200, outOfScope: 200, text: 1_000, choices: 50 }

/**
 * The answer with unknown intents and parameters dropped, values in the catalog's types, orders from 1 in execution
 * order, dependencies in range and without circles, and the status that follows: a missing or refused required
 * parameter becomes a question, and so does any number beyond the bounds of its parameter.
 */
export function validateDecomposition(catalog: Pick<Catalog, 'byId'>, answer: Decomposition): Decomposition {
  const known = answer.subtasks.slice(0, limits.subtasks).flatMap((subtask) => {
    const capability = catalog.byId.get(subtask.intent)
    return capability ? [{ subtask, capability }] : []
  })
  const sorted = inExecutionOrder(known)
  const orders = new Map(sorted.map(({ subtask }, index) => [subtask.order, index + 1]))
  const questions: Ambiguity[] = []
  const asked = answer.ambiguities.slice(0, limits.ambiguities).flatMap((ambiguity) => readAmbiguity(ambiguity, orders))
  const subtasks = sorted.map(({ subtask, capability }, index): Subtask => {
    const order = index + 1
    const { parameters, beyond } = keepValid(capability, subtask.parameters)
    for (const spec of capability.parameters) {
      if (!(spec.required || beyond.has(spec.name)) || spec.name in parameters) continue
      if (asked.some((ambiguity) => ambiguity.subtaskOrder === order && (ambiguity.parameter === spec.name || ambiguity.parameter === null))) continue
      const { question, ...asking } = askFor(capability, spec, order, parameters)
      questions.push({ ...asking, question: [question, beyond.get(spec.name)].filter(Boolean).join(' ') })
    }
    const dependsOn = subtask.dependsOn.flatMap((old) => orders.get(old) ?? []).filter((dependency) => dependency < order)
    return {
      order, name: renderTaskName(capability, parameters), intent: capability.id, parameters,
      confidence: Number.isFinite(subtask.confidence) ? Math.min(1, Math.max(0, subtask.confidence)) : 0,
      dependsOn: [...new Set(dependsOn)].sort((a, b) => a - b),
    }
  })
  const ambiguities = uniqueIds([...asked, ...questions]).slice(0, limits.ambiguities)
  const outOfScope = answer.outOfScope.slice(0, limits.outOfScope).flatMap(readOutOfScope)
  const status = ambiguities.length ? 'REQUIRES_CLARIFICATION' : subtasks.length ? 'PARSING_COMPLETE' : 'PARSING_FAILED'
  const failureReason = status === 'PARSING_FAILED' ? redactSecrets(answer.failureReason ?? 'Nothing in this request is covered by the catalog.') : null
  return { status, subtasks, ambiguities, outOfScope, failureReason, notice: answer.notice, usage: answer.usage }
}

type Known = { readonly subtask: Subtask; readonly capability: Capability }

/** Stated order, except that a subtask comes after what it depends on; a dependency that closes a circle does not count. */
function inExecutionOrder(known: readonly Known[]): Known[] {
  const byOrder = new Map(known.map((entry) => [entry.subtask.order, entry]))
  const done: Known[] = []
  const entered = new Set<number>()
  const stack: { readonly entry: Known; next: number }[] = []
  const enter = (entry: Known): void => {
    if (entered.has(entry.subtask.order)) return
    entered.add(entry.subtask.order)
    stack.push({ entry, next: 0 })
  }
  for (const entry of known.toSorted((a, b) => a.subtask.order - b.subtask.order)) {
    enter(entry)
    // An own stack: a chain of a thousand subtasks must not exhaust the call stack.
    while (stack.length) {
      const top = stack.at(-1)!
      const dependency = top.entry.subtask.dependsOn[top.next++]
      if (dependency === undefined) done.push(stack.pop()!.entry)
      else if (byOrder.has(dependency)) enter(byOrder.get(dependency)!)
    }
  }
  return done
}

/** The values that fit, and by parameter what is wrong with numbers beyond its bounds: somebody gave them, so they are asked about. */
function keepValid(capability: Capability, raw: Readonly<Record<string, unknown>>): { parameters: Record<string, unknown>; beyond: Map<string, string> } {
  const parameters: Record<string, unknown> = {}
  const beyond = new Map<string, string>()
  for (const spec of capability.parameters) {
    const value = Object.hasOwn(raw, spec.name) ? raw[spec.name] : undefined
    if (isAbsent(value) || checkStorable({ value })) continue
    const parsed = parseParameterValue(spec, value)
    if (parsed.ok) parameters[spec.name] = parsed.value
    else if (parsed.rule === 'range') beyond.set(spec.name, parsed.message)
  }
  return { parameters, beyond }
}

function readAmbiguity(ambiguity: Ambiguity, orders: ReadonlyMap<number, number>): Ambiguity[] {
  const subtaskOrder = ambiguity.subtaskOrder === null ? null : orders.get(ambiguity.subtaskOrder) ?? null
  if (ambiguity.subtaskOrder !== null && subtaskOrder === null) return []
  if (!ambiguity.question.trim()) return []
  return [{
    id: ambiguity.id.slice(0, 120), question: storable(ambiguity.question), subtaskOrder, parameter: ambiguity.parameter,
    choices: ambiguity.choices.slice(0, limits.choices).map(storable),
  }]
}

function readOutOfScope(item: OutOfScopeItem): OutOfScopeItem[] {
  return item.text.trim() ? [{ text: storable(item.text), reason: storable(item.reason) }] : []
}

/** Cut once before, so that a long text costs no more than a short one; a secret at the cut is beyond what is kept. */
const storable = (text: string) => redactSecrets(text.slice(0, 4 * limits.text).toWellFormed().replaceAll('\u0000', '')).slice(0, limits.text).toWellFormed()

function uniqueIds(ambiguities: readonly Ambiguity[]): Ambiguity[] {
  const seen = new Set<string>()
  return ambiguities.filter(({ id }) => !seen.has(id) && seen.add(id))
}
