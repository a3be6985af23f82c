/** Prepositions that usually lead to a parameter, by what it is called. */

/** Prepositions that lead to places and machines. */
export const places: ReadonlySet<string> = new Set(['on', 'in', 'at', 'to', 'for', 'into', 'from', 'inside'])

/** Classes of parameter names with the prepositions that usually lead to them. */
const usualPrepositions: readonly (readonly [RegExp, ReadonlySet<string>])[] = [
  [/(?:^|_)(?:via|detour|diversion|through)(?:_|$)/, new Set(['via', 'over', 'through', 'by', 'along', 'across', 'around', 'past'])],
  [/(?:^|_)(?:target|destination|dest|recipients?|to|receiver|payee|into|goal|assignee|new)(?:_|$)/, new Set(['to', 'into', 'towards', 'toward', 'onto', 'for', 'on'])],
  [/(?:^|_)(?:source|from|origin|sender|pickup|old|start)(?:_|$)/, new Set(['from', 'between', 'off'])],
  [/(?:^|_)(?:label|name|title|version|tag|format|alias|role)(?:_|$)/, new Set(['as', 'called', 'with', 'under', 'into', 'in'])],
  [/(?:^|_)(?:hosts?|servers?|nodes?|machine|location|room|ward|place|floor|building|site|zone|area|environment|env|station|warehouse|door|lane|department|address|city|country|shop|branch|store|platform|cluster)(?:_|$)/, places],
  [/(?:^|_)(?:topic|question|subject|about|theme|issue)(?:_|$)/, new Set(['about', 'on', 'regarding', 'concerning', 'of'])],
  [/(?:^|_)(?:reason|cause|purpose|justification|diagnosis)(?:_|$)/, new Set(['for', 'because', 'due', 'with'])],
  [/(?:^|_)(?:customer|client|patient|student|pupil|employee|user|person|guest|member|tenant|visitor|teacher|doctor|owner|parent|supplier|vendor|account|username|order|invoice)(?:_|$)/, new Set(['for', 'of', 'from', 'to', 'by', 'with', 'on'])],
  [/(?:^|_)(?:team|group|class|course|cost_center|project|repository|repo|service|subject|branch|queue|list|folder|channel)(?:_|$)/, new Set(['for', 'of', 'from', 'to', 'in', 'into', 'on', 'out'])],
  [/(?:^|_)(?:tags?|params?|options?|items?)(?:_|$)/, new Set(['with', 'of', ''])],
]

/** The prepositions of a parameter's class; undefined where its name is of none. */
export function usualPrepositionsOf(name: string): ReadonlySet<string> | undefined {
  const singular = name.replaceAll(/(?<=[a-z]{3})s(?=_|$)/g, '')
  return usualPrepositions.find(([pattern]) => pattern.test(name) || pattern.test(singular))?.[1]
}
