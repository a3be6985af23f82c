import { describe, expect, test } from 'vitest'
import { readSources, type SourceFile } from './harness/source-files.ts'

const everything = readSources('src', 'test', 'scripts', 'examples', 'bench', 'chaos', 'simulation')
const source = everything.filter(({ path }) => path.startsWith('src/'))

/** What everything may know that stands between the wire and the services. */
const basics = ['errors', 'logger', 'settings', 'global-id', 'principal', 'redact-secrets', 'cause', 'span']

/** What each folder, or file beside them, may import besides itself. A new one finds its place in this table first. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  logger: ['redact-secrets', 'cause'],
  cause: [],
  span: [],
  tracing: ['span'],
  metrics: ['services', 'messaging', 'logger'],
  'redact-secrets': [],
  settings: [],
  shutdown: ['logger'],
  'global-id': ['errors'],
  'new-id': [],
  'coalesce-writes': [],
  scheduler: [],
  'signing-key': [],
  principal: ['errors'],
  catalog: ['errors', 'logger'],
  lifecycle: ['catalog'],
  messaging: ['errors', 'logger', 'coalesce-writes'],
  entities: ['lifecycle', 'catalog'],
  database: ['entities', 'logger', 'errors', 'scheduler', 'coalesce-writes'],
  services: ['lifecycle', 'entities', 'catalog', 'messaging', 'database', 'scheduler', ...basics],
  'operation-context': ['services', 'entities', 'catalog', 'database', ...basics],
  schema: ['services', 'entities', 'lifecycle', 'catalog', 'operation-context', ...basics],
  // Of the database, http knows only which of its errors pass by themselves.
  http: ['schema', 'services', 'operation-context', 'database', 'coalesce-writes', ...basics],
  'http-server': ['http', 'schema', 'services', 'operation-context', ...basics],
  agent: ['messaging', 'catalog', 'cause', 'errors', 'logger', 'redact-secrets', 'settings', 'span', 'signing-key'],
  client: [],
}

/** The composition roots, which may import anything. */
const roots = ['src/main.ts', 'src/app.ts', 'src/engine.ts', 'src/create-services.ts', 'src/start-servers.ts', 'src/agent/main.ts']

const adapters = [
  'src/messaging/rabbitmq-bus.ts',
  'src/messaging/in-process-bus.ts',
  'src/services/decomposition/openai-decomposer.ts',
]

const areaOf = (path: string) => path.split('/')[1]?.replace(/\.ts$/, '') ?? ''

type Rule = (file: SourceFile, to: string, typesOnly: boolean) => boolean

/** `from -> to` for each import that breaks the rule. */
function breaches(files: readonly SourceFile[], isBreach: Rule): string[] {
  return files.flatMap((file) =>
    file.imports.filter(({ to, typesOnly }) => isBreach(file, to, typesOnly)).map(({ to }) => `${file.path} -> ${to}`),
  )
}

const parts = source.filter(({ path }) => !roots.includes(path))

describe('imports go one way', () => {
  test('the files are found and their imports are read', () => {
    expect(source.length).toBeGreaterThan(30)
    const orm = source.find(({ path }) => path === 'src/database/orm.ts')
    const targets = orm?.imports.map(({ to }) => to)
    expect(targets).toEqual(expect.arrayContaining(['src/entities/index.ts', '@mikro-orm/postgresql']))
  })

  test('each part of the source imports only what its row in the table names', () => {
    const isBreach = ({ path }: SourceFile, to: string) =>
      to.startsWith('src/') && areaOf(to) !== areaOf(path) && !(allowed[areaOf(path)] ?? []).includes(areaOf(to))
    expect(breaches(parts, isBreach)).toEqual([])
  })

  test('each part of the source has a row in the table', () => {
    const areas = new Set(parts.map(({ path }) => areaOf(path)))
    expect([...areas].filter((area) => !(area in allowed))).toEqual([])
  })

  test('nothing imports a composition root, a test or a script', () => {
    const isOutside = (to: string) => roots.includes(to) || /^(test|scripts|bench|examples|chaos)\//.test(to)
    // One root may use the next: main starts the app, the app is put together from two halves.
    const isBreach = ({ path }: SourceFile, to: string) => isOutside(to) && !(roots.includes(path) && roots.includes(to))
    expect(breaches(source, isBreach)).toEqual([])
  })

  test('the rules import types only', () => {
    const isBreach = (_: SourceFile, to: string, typesOnly: boolean) => !to.startsWith('src/lifecycle/') && !typesOnly
    expect(breaches(parts.filter(({ path }) => areaOf(path) === 'lifecycle'), isBreach)).toEqual([])
  })

  test('the errors import nothing', () => {
    expect(source.find(({ path }) => path === 'src/errors.ts')?.imports).toEqual([])
  })

  test('services see the bus as a port and its messages, never an adapter', () => {
    const isBreach = (_: SourceFile, to: string) =>
      to.startsWith('src/messaging/') && !['port', 'messages', 'cloud-event'].some((name) => to === `src/messaging/${name}.ts`)
    expect(breaches(parts.filter(({ path }) => areaOf(path) === 'services'), isBreach)).toEqual([])
  })

  test('adapters are imported by the composition roots alone', () => {
    expect(breaches(parts, (_, to) => adapters.includes(to))).toEqual([])
    const agentMain = source.filter(({ path }) => path === 'src/agent/main.ts')
    expect(breaches(agentMain, (_, to) => adapters.includes(to) && to !== 'src/messaging/rabbitmq-bus.ts')).toEqual([])
  })

  test.each([
    ['amqplib', /^src\/messaging\/rabbitmq[-/]/],
    ['openai', /^src\/services\/decomposition\/openai-decomposer/],
    ['@pothos/core', /^src\/schema\//],
    ['prom-client', /^src\/metrics\.ts$/],
    ['@opentelemetry/sdk-trace', /^src\/tracing\.ts$/],
  ])('%s is imported by its adapter alone', (name, home) => {
    expect(breaches(source, ({ path }, to) => to === name && !home.test(path))).toEqual([])
  })
})

test('the checker of chaos runs shares no code with what it checks', () => {
  const checker = everything.filter(({ path }) => path.startsWith('chaos/check/'))
  expect(checker.length).toBeGreaterThan(5)
  const isBreach = (_: SourceFile, to: string) => !to.startsWith('chaos/check/') && !to.startsWith('node:') && to !== 'pg'
  expect(breaches(checker, isBreach)).toEqual([])
})

test('the environment is read by the settings and the entry files alone', () => {
  const read = /^(?!\s*(?:\/?\*|\/\/)).*\bprocess\.env\b/m
  const readers = source.filter(({ text }) => read.test(text)).map(({ path }) => path)
  expect(readers.filter((path) => !['src/settings.ts', 'src/main.ts', 'src/agent/main.ts'].includes(path))).toEqual([])
})

test('no hand-written file has more than 300 lines, but tables of words', () => {
  const isTable = (path: string) => path.startsWith('src/services/decomposition/catalog/lexicon/')
  const sizes = everything.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
  expect(sizes.filter(({ path, lines }) => lines > 300 && !isTable(path))).toEqual([])
})

test('files and folders are named for what they are', () => {
  const vague = /(^|[/.-])(utils?|helpers?|common|lib|misc)([/.-]|$)/
  expect(everything.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([])
})
