import type { InputIssue } from '../errors.ts'

/** What a validation library says about one broken rule. */
type Issue = {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
  readonly code?: string
  readonly params?: { readonly rule?: unknown }
}

const rules: Readonly<Record<string, string>> = {
  too_small: 'range',
  too_big: 'range',
  invalid_type: 'type',
  invalid_format: 'format',
}

/** The path starts inside the `input` argument; rules that no library knows carry their own word. */
export function asInputIssue(issue: Issue): InputIssue {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
  if (path[0] === 'input') path.shift()
  const named = issue.params?.rule
  const rule = typeof named === 'string' ? named : (rules[issue.code ?? ''] ?? 'invalid')
  return { path: path.join('.'), rule, message: issue.message }
}
