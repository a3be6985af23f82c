/** Typed parameter values: one reading of every type for requests, programs, edits and models. */
import type { Capability, ParameterSpec } from '../../catalog/capability.ts'
import { nearest } from '../../catalog/edit-distance.ts'
import { redactSecrets } from '../../redact-secrets.ts'
import type { CheckedParameters, ParameterFault } from './parameter-check.ts'
import { isDuration, isSchedule } from './time-values.ts'

/** The value in the catalog's type and spelling, or the broken rule with words that say how to mend it. */
export type ParsedValue = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly rule: string; readonly message: string }

const limits = { text: 4_000, phrase: 200, items: 1_000, name: 253 }

const good = (value: unknown): ParsedValue => ({ ok: true, value })
const bad = (rule: string, message: string): ParsedValue => ({ ok: false, rule, message })

/** Reads a raw value (JSON, or words of a person) as a value of the parameter's type. Never replaces an unknown enum value. */
export function parseParameterValue(spec: ParameterSpec, raw: unknown): ParsedValue {
  switch (spec.type) {
    case 'enum': return parseEnum(spec, raw)
    case 'string': return parseText(raw)
    case 'integer': return parseInteger(raw, spec.minimum ?? Number.MIN_SAFE_INTEGER, spec.maximum ?? Number.MAX_SAFE_INTEGER)
    case 'port': return parseInteger(raw, Math.max(1, spec.minimum ?? 1), Math.min(65_535, spec.maximum ?? 65_535))
    case 'boolean': return parseBoolean(raw)
    case 'hosts': return parseList(raw, (item) => parsePattern(item, hostName, 'host', 'Give host names or addresses, such as web-01.'))
    case 'list': return parseList(raw, parseText)
    case 'fqdn': return parsePattern(raw, domainName, 'fqdn', 'Give a full domain name, such as shop.example.com.')
    case 'username': return parsePattern(raw, userName, 'username', 'Give an account name without spaces, such as jane.doe.')
    case 'schedule': return parsePhrase(raw, isSchedule, 'schedule', 'Give a repetition or time such as "every friday at 22:00" or "tomorrow at 14:00", or a five-field cron expression.')
    case 'duration': return parsePhrase(raw, isDuration, 'duration', 'Give a length of time such as "7 days".')
    case 'secret': return parsePattern(raw, secretReference, 'secret_reference', 'Name a stored secret as secret:NAME; the secret itself is never accepted.')
  }
}

/** All parameters of a call against its capability: values in the catalog's types, and everything that does not fit. */
export function checkParameters(capability: Capability, parameters: Readonly<Record<string, unknown>>): CheckedParameters {
  const faults: ParameterFault[] = []
  const names = capability.parameters.map((spec) => spec.name)
  const checked: Record<string, unknown> = {}
  for (const name of Object.keys(parameters)) {
    if (names.includes(name)) continue
    const near = nearest(name.slice(0, 80), names)
    faults.push({ parameter: name, rule: 'known', message: `${capability.id} has no such parameter.${near ? ` Did you mean ${near}?` : ''}` })
  }
  for (const spec of capability.parameters) {
    const raw = Object.hasOwn(parameters, spec.name) ? parameters[spec.name] : undefined
    if (isAbsent(raw)) {
      if (spec.required) faults.push({ parameter: spec.name, rule: 'required', message: `${capability.id} needs ${spec.name}.` })
      continue
    }
    const parsed = parseParameterValue(spec, raw)
    if (parsed.ok) checked[spec.name] = parsed.value
    else faults.push({ parameter: spec.name, rule: parsed.rule, message: parsed.message })
  }
  return { parameters: checked, faults }
}

/** True for values that say nothing: a parameter given so counts as missing. */
export function isAbsent(raw: unknown): boolean {
  return raw === undefined || raw === null || raw === '' || (Array.isArray(raw) && raw.length === 0)
}

// A leading dash would be read as an option by many programs.
const hostName = /^(?!-)[\p{L}\p{N}_](?:[\p{L}\p{N}_.:-]*[\p{L}\p{N}])?$/u
const domainName = /^(?=.{1,253}$)(?:\*\.)?(?:(?!-)[\p{L}\p{N}_-]{1,63}(?<!-)\.)+(?!-)[\p{L}\p{N}-]{2,63}(?<!-)\.?$/u
const userName = /^(?!-)[\p{L}\p{N}_][\p{L}\p{N}._@+\\-]{0,127}$/u
/** As agents resolve it. */
const secretReference = /^secret:[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/
const controls = /[^\P{Cc}\t\n\r]/u

function parseEnum(spec: ParameterSpec, raw: unknown): ParsedValue {
  const said = typeof raw === 'string' ? raw.trim() : typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : null
  const values = spec.values ?? []
  if (said !== null) {
    const wanted = said.toLowerCase()
    const value = values.find((candidate) => candidate.toLowerCase() === wanted) ?? (Object.hasOwn(spec.aliases ?? {}, wanted) ? spec.aliases?.[wanted] : undefined)
    if (value !== undefined) return good(value)
  }
  const known = values.slice(0, 20).join(', ')
  return bad('enum', `Use one of ${known}${values.length > 20 ? ', …' : ''}.`)
}

function parseText(raw: unknown): ParsedValue {
  if (typeof raw !== 'string' && typeof raw !== 'number') return bad('string', 'Give a text.')
  const text = String(raw).trim()
  if (!text) return bad('required', 'Give a text that is not empty.')
  if (text.length > limits.text) return bad('max_length', `Give at most ${limits.text} characters.`)
  if (controls.test(text)) return bad('control_characters', 'Leave out control characters.')
  // Plans are stored, shown and sent: nothing in them is secret.
  if (redactSecrets(text) !== text) return bad('no_secret', 'This looks like a secret. Store it with the agent and name it where the capability takes secret:NAME.')
  return good(text)
}

function parseInteger(raw: unknown, minimum: number, maximum: number): ParsedValue {
  const value = typeof raw === 'string' && /^\s*[+-]?\d{1,16}\s*$/.test(raw) ? Number(raw) : raw
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return bad('integer', 'Give a whole number.')
  if (value < minimum || value > maximum) {
    const bounds = minimum === Number.MIN_SAFE_INTEGER ? `of at most ${maximum}` : maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`
    return bad('range', `Give a whole number ${bounds}.`)
  }
  return good(value)
}

function parseBoolean(raw: unknown): ParsedValue {
  if (typeof raw === 'boolean') return good(raw)
  const said = typeof raw === 'string' ? raw.trim().toLowerCase() : ''
  if (/^(?:true|yes|y|on|ja|si|sí|oui|是)$/.test(said)) return good(true)
  if (/^(?:false|no|n|off|nein|non|否|不)$/.test(said)) return good(false)
  return bad('boolean', 'Answer yes or no.')
}

function parseList(raw: unknown, parseItem: (item: unknown) => ParsedValue): ParsedValue {
  const items: unknown[] = Array.isArray(raw) ? raw : typeof raw === 'string' ? raw.split(/\s*[,;]\s*|\s+and\s+/).filter(Boolean) : [raw]
  if (!items.length) return bad('required', 'Give at least one entry.')
  if (items.length > limits.items) return bad('max_items', `Give at most ${limits.items} entries.`)
  const values: unknown[] = []
  for (const item of items) {
    const parsed = parseItem(item)
    if (!parsed.ok) return parsed
    if (!values.includes(parsed.value)) values.push(parsed.value)
  }
  return good(values)
}

function parsePattern(raw: unknown, pattern: RegExp, rule: string, message: string): ParsedValue {
  const text = typeof raw === 'string' ? raw.trim() : ''
  if (text.length > limits.name || !pattern.test(text)) return bad(rule, message)
  return good(text)
}

function parsePhrase(raw: unknown, isPhrase: (text: string) => boolean, rule: string, message: string): ParsedValue {
  const text = typeof raw === 'string' ? raw.trim().replace(/\s+/g, ' ') : ''
  if (!text || text.length > limits.phrase || controls.test(text) || !isPhrase(text)) return bad(rule, message)
  return good(text)
}
