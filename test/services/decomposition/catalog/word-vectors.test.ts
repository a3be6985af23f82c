import { expect, test } from 'vitest'
import { stem } from '../../../../src/services/decomposition/catalog/stem.ts'
import { loadWordVectors } from '../../../../src/services/decomposition/catalog/word-vectors.ts'

const vectors = loadWordVectors()
const alike = (one: string, other: string) => vectors.similarity(vectors.find(stem(one)), vectors.find(stem(other)))

test('words that are used alike are nearer to each other than words that are not', () => {
  for (const [word, near, far] of [['postbox', 'mailbox', 'holiday'], ['padlock', 'lock', 'salary'], ['permit', 'allow', 'paint'], ['physician', 'doctor', 'printer']] as const) {
    expect(alike(word, near)).toBeGreaterThan(0.5)
    expect(alike(word, near)).toBeGreaterThan(alike(word, far) + 0.3)
  }
})

test('a word is as near to itself as can be', () => {
  expect(alike('certificate', 'certificates')).toBeCloseTo(1, 5)
})

test('a word that is not in the table has no place', () => {
  expect(vectors.find('qzxv')).toBe(-1)
})
