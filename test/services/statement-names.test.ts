import { expect, test } from 'vitest'
import { readSources } from '../harness/source-files.ts'

/** PostgreSQL keeps one statement under a name for each connection, and the connections are shared by all services. */
test('each prepared statement has a name of its own', () => {
  const named = /^\s*name: .*$(?=\s*text:)|\{ name: .*, text: /gm
  const names = readSources('src').flatMap(({ text }) => (text.match(named) ?? []).flatMap((line) => line.match(/(?<=['`])[a-z][a-z_]+(?=['`])/g) ?? []))
  expect(names.length).toBeGreaterThan(50)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
