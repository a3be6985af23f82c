/** Operations that cost more to look at than to refuse, or that aim at what lies behind. */

export type HostileOperation = {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
}

const times = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ')
const nested = (levels: number, open: string, inner: string, close = '}'): string => open.repeat(levels) + inner + close.repeat(levels)
const deepJson = (levels: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = [value]
  return value
}
const submit = 'mutation ($input: SubmitRequestInput!) { submitRequest(input: $input) { __typename ... on Request { id } ... on Error { code message } } }'
const submitting = (input: Readonly<Record<string, unknown>>): HostileOperation => ({ query: submit, variables: { input } })
const planById = 'query ($id: ID!) { plan(id: $id) { id } }'
const nowhere = 'Plan_00000000-0000-4000-8000-000000000000'

export const hostileOperations: Readonly<Record<string, HostileOperation>> = {
  'selections nested 300 deep': { query: `{ plans { nodes ${nested(300, '{ request { plans { nodes ', '{ id }', '} } }')} } }` },
  'selections nested 16 deep': { query: `{ plan(id: "${nowhere}") { ${nested(15, 'tasks { plan { ', 'id', '} }')} } }` },
  'nesting hidden in fragments': { query: `{ plans { nodes { ...a0 } } } ${times(20, (i) => `fragment a${i} on Plan { tasks { plan { ...a${i + 1} } } }`)} fragment a20 on Plan { id }` },
  'nesting hidden in inline fragments': { query: `{ plan(id: "${nowhere}") { ${nested(20, '... on Plan { tasks { plan { ', 'id', '} } }')} } }` },
  'a list value nested 1,400 deep': { query: `{ plans(status: ${'['.repeat(1_400)}${']'.repeat(1_400)}) { nodes { id } } }` },
  'an object value nested 900 deep': { query: `mutation { submitRequest(input: ${nested(900, '{a: ', '1')}) { __typename } }` },
  'a type nested 1,400 deep': { query: `query ($a: ${'['.repeat(1_400)}Int${']'.repeat(1_400)}) { __typename }` },
  'a type that is not closed': { query: `query ($a: ${'['.repeat(2_000)}Int) { __typename }` },
  'a thousand aliases': { query: `{ ${times(700, (i) => `a${i}: __typename`)} }` },
  '51 aliases': { query: `{ plans { nodes { ${times(51, (i) => `a${i}: id`)} } } }` },
  'aliases through fragments': { query: `{ plans { nodes { ...a ...a ...a ...a ...a ...a } } } fragment a on Plan { ${times(10, (i) => `b${i}: id`)} }` },
  'one mutation 50 times': { query: `mutation { ${times(50, (i) => `a${i}: cancelPlan(input: { planId: "${nowhere}" }) { __typename }`)} }` },
  '21 root fields': { query: `{ ${times(21, () => '__typename')} }` },
  '60 directives': { query: `{ plans { nodes { id ${times(60, () => '@include(if: true)')} } } }` },
  'an unknown directive 900 times': { query: `{ __typename ${times(900, () => '@x')} }` },
  'one field 1,990 times': { query: `{ plans { nodes { ${times(1_990, () => 'id')} } } }` },
  'a field with selections 580 times': { query: `{ plans { nodes { ${times(580, () => 'request { id }')} } } }` },
  'fields that no merge can settle': { query: `{ plans { nodes { ${times(300, (i) => `a: log(first: ${i}) { nodes { at } }`)} } } }` },
  '200 fragments side by side': { query: `{ plans { nodes { ${times(220, (i) => `...f${i}`)} } } } ${times(220, (i) => `fragment f${i} on Plan { request { id } nope }`)}` },
  'fragments that fan out': { query: `{ plans { nodes { ...f0 } } } ${times(40, (i) => `fragment f${i} on Plan { ...f${i + 1} ...f${i + 1} ...f${i + 1} }`)} fragment f40 on Plan { id }` },
  'a fragment that contains itself': { query: '{ plans { nodes { ...a } } } fragment a on Plan { id ...a }' },
  'a cycle of 200 fragments': { query: `{ ...a0 } ${times(200, (i) => `fragment a${i} on Query { ...a${(i + 1) % 200} ...a${(i + 7) % 200} }`)}` },
  'a cycle through objects': { query: '{ plans { nodes { ...a } } } fragment a on Plan { request { latestPlan { ...a } } }' },
  'fragments that nobody uses': { query: `{ __typename } ${times(300, (i) => `fragment f${i} on Plan { id }`)}` },
  'fragments on unknown types': { query: `{ __typename } ${times(300, (i) => `fragment f${i} on T${i} { id }`)}` },
  '10,000 tokens': { query: `{ ${'a '.repeat(10_000)} }` },
  '60,000 characters of punctuation': { query: '{'.repeat(60_000) },
  '50,000 characters of a name': { query: `{ ${'a'.repeat(50_000)} }` },
  'a string that is not closed': { query: `{ plan(id: "${'x'.repeat(50_000)}) { id } }` },
  'a block string that is not closed': { query: `{ plan(id: """${'x'.repeat(50_000)}) { id } }` },
  'a comment and nothing else': { query: `#${'x'.repeat(50_000)}` },
  '700 variables': { query: `query (${times(700, (i) => `$a${i}: Int`)}) { __typename }` },
  'variables of unknown types': { query: `query (${times(500, (i) => `$a${i}: T${i}`)}) { __typename }` },
  'variables that nobody declared': { query: `{ plans(first: $a, after: $b) { nodes { id } } }` },
  '200 operations in one document': { query: times(200, (i) => `query q${i} { __typename }`) },
  'an operation that does not exist': { query: 'query a { __typename }', operationName: 'b' },
  'an argument 700 times': { query: `{ plans(${times(700, () => 'first: 1')}) { nodes { id } } }` },
  'an input field 700 times': { query: `mutation { submitRequest(input: { ${times(700, () => 'text: "x"')} }) { __typename } }` },
  'pages within pages within pages': { query: '{ requests(first: 100) { nodes { plans(first: 100) { nodes { log(first: 500) { nodes { message } } } } } } }' },
  'pages by variables': { query: 'query ($n: Int) { requests(first: $n) { nodes { plans(first: $n) { nodes { log(first: $n) { nodes { plan { tasks { id } } } } } } } } }', variables: { n: 100 } },
  'a page of a million': { query: '{ plans(first: 1000000) { nodes { id } } }' },
  'a page of minus one': { query: '{ plans(first: -1) { nodes { id } } }' },
  'a page beyond 32 bits': { query: '{ plans(first: 99999999999999999999) { nodes { id } } }' },
  'a cursor of somebody else': { query: 'query ($c: String) { plans(after: $c) { nodes { id } } }', variables: { c: Buffer.from('["x"]').toString('base64url') } },
  'a cursor of 50,000 characters': { query: 'query ($c: String) { plans(after: $c) { nodes { id } } }', variables: { c: 'a'.repeat(50_000) } },
  'a cursor with SQL': { query: 'query ($c: String) { plans(after: $c) { nodes { id } } }', variables: { c: Buffer.from(`[1,"' or 1=1 --"]`).toString('base64url') } },
  'an id with SQL': { query: planById, variables: { id: `Plan_' or 1=1; drop table plan; --` } },
  'an id with a NUL': { query: planById, variables: { id: 'Plan_\u0000' } },
  'an id of 50,000 characters': { query: planById, variables: { id: 'P'.repeat(50_000) } },
  'an id that is an object': { query: planById, variables: { id: { $ne: null } } },
  '101 ids': { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: Array.from({ length: 101 }, () => nowhere) } },
  'introspection in circles': { query: `{ __schema { types ${nested(14, '{ fields { type ', '{ name }', '} }')} } }` },
  'JSON nested 500 deep': submitting({ subtasks: [{ intent: 'x', parameters: { a: deepJson(500) } }] }),
  'JSON nested 21 deep': submitting({ subtasks: [{ intent: 'x', parameters: { a: deepJson(21) } }] }),
  'JSON with a NUL': submitting({ subtasks: [{ intent: 'x', parameters: { a: '\u0000' } }] }),
  'JSON that names a prototype': submitting({ subtasks: [{ intent: '__proto__', parameters: JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{}}}') }] }),
  'an intent that is a property of every object': submitting({ subtasks: [{ intent: 'constructor' }] }),
  'subtasks that wait for each other': submitting({ subtasks: [{ intent: 'x', order: 1, dependsOn: [2] }, { intent: 'x', order: 2, dependsOn: [1] }] }),
  '1,001 subtasks': submitting({ subtasks: Array.from({ length: 1_001 }, () => ({ intent: 'x' })) }),
  'a text of 40,000 characters': submitting({ text: 'x'.repeat(40_000) }),
  'a text of half a surrogate pair': submitting({ text: 'deploy \ud83d' }),
  'a text of spaces no eye can see': submitting({ text: '\u200b\u2060\ufeff'.repeat(1_000) }),
  'an expression that backtracks': submitting({ text: `${'a'.repeat(9_000)}!`, userId: ' ' }),
  'text and subtasks at once': submitting({ text: 'x', subtasks: [{ intent: 'x' }] }),
  'a list in place of an input': { query: submit, variables: { input: [[[]]] } },
  'variables that are not asked for, and none that is': { query: planById, variables: { __proto__: null, constructor: 'x', toString: 'y' } },
  'a subscription with two root fields': { query: `subscription { planStatus(planId: "${nowhere}") { sequence } plansChanged { id } }` },
  'a subscription to nothing': { query: `subscription { planStatus(planId: "${nowhere}") { sequence } }` },
  'a subscription from beyond': { query: `subscription { planStatus(planId: "${nowhere}", afterSequence: 2147483647) { sequence } }` },
}
