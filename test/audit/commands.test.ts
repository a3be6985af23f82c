import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEvidence, type Evidence } from './evidence-of-a-plan.ts'

type Run = { code: number | string | null | undefined; output: string }

describe('audit:export and audit:verify', () => {
  let evidence: Evidence
  let folder: string
  const file = (name: string) => join(folder, name)
  beforeAll(async () => {
    evidence = await createEvidence()
    folder = await mkdtemp(join(tmpdir(), 'planwright-audit-'))
    await writeFile(file('log.pem.pub'), evidence.publicPem)
  })
  afterAll(async () => {
    await evidence?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  function run(script: string, ...args: string[]): Promise<Run> {
    return new Promise((resolve) => {
      const env = { PATH: process.env.PATH, DATABASE_URL: evidence.url }
      execFile(process.execPath, [join('scripts', script), ...args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? error.code : 0, output: stdout + stderr })
      })
    })
  }

  test('what the one writes the other finds intact', async () => {
    expect(await run('audit-export.ts', '--out', file('evidence.jsonl'))).toEqual({ code: 0, output: '' })
    const { code, output } = await run('audit-verify.ts', file('evidence.jsonl'), '--key', file('log.pem.pub'))
    expect(output).toMatch(/Proven: \d+ entries, by checkpoints up to 2 of .*\nIntact/)
    expect(code).toBe(0)
    await writeFile(file('collected.log'), `planwright-1  | ${JSON.stringify({ checkpoint: 3, digest: 'ab'.repeat(32) })}\n`)
    const told = await run('audit-verify.ts', file('evidence.jsonl'), '--key', file('log.pem.pub'), '--log', file('collected.log'))
    expect(told).toMatchObject({ code: 1, output: expect.stringContaining('Checkpoint 3 is in the service log and not in the export') })
    await writeFile(file('broken.log'), '{"checkpoint": 3, "dig\n')
    const broken = await run('audit-verify.ts', file('evidence.jsonl'), '--key', file('log.pem.pub'), '--log', file('broken.log'))
    expect(broken).toMatchObject({ code: 2, output: expect.stringContaining('Give the log as the service wrote it.') })
  })

  test('the owner of the database, who can switch the trigger off, cannot hide what a checkpoint was over', async () => {
    const { pool } = evidence.service
    await pool.query('alter table execution_log_entry disable trigger user')
    await pool.query('delete from execution_log_entry where stream = $1 and sequence > 4', [evidence.plan.id])
    await pool.query('update log_stream set sequence = 4, head = (select hash from execution_log_entry where stream = id and sequence = 4) where id = $1', [evidence.plan.id])
    await run('audit-export.ts', '--out', file('cut.jsonl'))
    const { code, output } = await run('audit-verify.ts', file('cut.jsonl'), '--key', file('log.pem.pub'))
    expect(output).toMatch(new RegExp(`NOT intact: .*\\n {2}Plan_${evidence.plan.id} was cut: checkpoint 2 was signed over \\d+ entries, 4 are left\\.`))
    expect(code).toBe(1)
  })

  test('without a key, or with a file that is no export, it says what is wrong and ends with 2', async () => {
    expect(await run('audit-verify.ts', file('evidence.jsonl'))).toMatchObject({ code: 2, output: expect.stringContaining('Use: npm run') })
    await writeFile(file('other.jsonl'), '{"a":1}\n')
    const { code, output } = await run('audit-verify.ts', file('other.jsonl'), '--key', file('log.pem.pub'))
    expect([code, output]).toEqual([2, expect.stringContaining('Line 1 cannot be read: The file is no export')])
  })
})
