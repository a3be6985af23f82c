import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { makeMutatedCopy } from '../../../chaos/mutations/mutated-copy.ts'

/** What the simulation says of a copy of the product with one patch. */
async function simulateCopy(patch: string | null, seeds: number, until: RegExp | null): Promise<{ code: number; told: string }> {
  const copy = await makeMutatedCopy(patch)
  try {
    await cp('simulation', join(copy.root, 'simulation'), { recursive: true })
    const child = spawn(process.execPath, ['simulation/run.ts', '--seeds', String(seeds), ...(until ? ['--until', until.source] : [])], { cwd: copy.root, stdio: ['ignore', 'pipe', 'inherit'] })
    const [told, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number]>])
    return { code, told }
  } finally {
    await copy.remove()
  }
}

test.each([
  ['skip-the-dedupe', /twice: \S+ ended \d+ times/],
  ['ignore-the-fence', /invented: task \S+ succeeded with what the holder/],
  ['publish-before-commit', /unapproved: (no (attempt|approval) is on record|it left before)/],
  ['ack-before-commit', /lost: agent\.\S+ about \S+ attempt \d+ was acknowledged and had left nothing/],
  ['drop-the-hash-check', /other hash: \S+ decided about what/],
])('seeds name an engine that is broken by %s', async (patch, words) => {
  const { code, told } = await simulateCopy(patch, 100, words)
  expect(told).toMatch(words)
  expect(code).toBe(1)
}, 600_000)

test('seeds find nothing in an unbroken copy', async () => {
  const { code, told } = await simulateCopy(null, 20, null)
  expect(told).toContain('20 seeds from 1: 0 failed')
  expect(code).toBe(0)
}, 600_000)
