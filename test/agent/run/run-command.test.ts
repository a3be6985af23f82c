import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { until } from '../service-side.ts'
import { carryOut, makeEnvironment, writeScript } from './run-capability.ts'

const echo = `console.log(JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() }))`

describe('a command', () => {
  test('gets its arguments unread by any shell, absent ones dropped and lists joined', async () => {
    const environment = await makeEnvironment()
    await writeScript(environment, 'echo.cjs', echo)
    const argv = [
      'node',
      'echo.cjs',
      '--service',
      '{{service}}',
      '{{absent}}',
      '--port={{port}}',
      '{{hosts}}',
      '{{flag}}',
    ]
    const parameters = { service: '$(touch x); `id` && "q"', port: 3001, hosts: ['a', 'b'], flag: false }
    expect(await carryOut(environment, { kind: 'command', argv }, { parameters })).toMatchObject({
      args: ['--service', '$(touch x); `id` && "q"', '--port=3001', 'a,b', 'false'],
      cwd: environment.projectRoot,
    })
  })

  test('inherits nothing but PATH and HOME, and gets inputs, key and attempt', async () => {
    const environment = await makeEnvironment()
    await writeScript(environment, 'echo.cjs', echo)
    const result = await carryOut(
      environment,
      { kind: 'command', argv: ['node', 'echo.cjs'] },
      { inputs: { Task_1: { a: 1 } } },
    )
    const { env } = result as { env: Record<string, string> }
    expect(
      Object.keys(env)
        .filter((name) => !name.startsWith('__'))
        .sort(),
    ).toEqual(['HOME', 'LANG', 'PATH', 'PLANWRIGHT_DATA_DIR', 'PLANWRIGHT_INPUTS'])
    expect(JSON.parse(env.PLANWRIGHT_INPUTS ?? '')).toEqual({
      inputs: { Task_1: { a: 1 } },
      idempotencyKey: 'key-1',
      attempt: 1,
    })
    expect(env.PLANWRIGHT_DATA_DIR).toBe(environment.dataDir)
  })

  test('gets inputs too large for a variable on standard input', async () => {
    const environment = await makeEnvironment()
    await writeScript(
      environment,
      'size.cjs',
      `
      const given = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
      console.log(JSON.stringify({ variable: process.env.PLANWRIGHT_INPUTS, length: given.inputs.Task_1.length }))`,
    )
    const inputs = { Task_1: 'x'.repeat(200_000) }
    expect(await carryOut(environment, { kind: 'command', argv: ['node', 'size.cjs'] }, { inputs })).toEqual({
      variable: '-',
      length: 200_000,
    })
  })

  test('reports progress by lines, and its output is the last JSON line', async () => {
    const environment = await makeEnvironment()
    await writeScript(
      environment,
      'steps.cjs',
      `
      console.log('progress 0.25 pulling'); console.log('{"first":true}'); console.log('progress 80%')
      console.log('{"last":true}'); console.log('{not json'); console.log('bye')`,
    )
    const seen: unknown[] = []
    const progress = (fraction: number, message?: string) => seen.push([fraction, message])
    expect(await carryOut(environment, { kind: 'command', argv: ['node', 'steps.cjs'] }, { progress })).toEqual({
      last: true,
    })
    expect(seen).toEqual([
      [0.25, 'pulling'],
      [0.8, undefined],
    ])
  })

  test('that prints no JSON has its last text as output, bounded however much it prints', async () => {
    const environment = await makeEnvironment()
    await writeScript(
      environment,
      'flood.cjs',
      `
      process.stdout.write('x'.repeat(3_000_000) + '\\n')
      for (let line = 0; line < 100_000; line++) process.stdout.write('line ' + line + '\\n')`,
    )
    const result = await carryOut(environment, { kind: 'command', argv: ['node', 'flood.cjs'] })
    const { text } = result as { text: string }
    expect(text.endsWith('line 99999')).toBe(true)
    expect(text.length).toBeLessThan(17_000)
  })

  test('that fails is reported with its exit code and last line of standard error', async () => {
    const environment = await makeEnvironment()
    await writeScript(
      environment,
      'fail.cjs',
      `console.error('first'); console.error('disk is full'); process.exit(Number(process.argv[2]))`,
    )
    const failing = (code: number) =>
      carryOut(environment, { kind: 'command', argv: ['node', 'fail.cjs', String(code)] })
    await expect(failing(3)).rejects.toMatchObject({ code: 'EXIT_3', message: 'disk is full', retryable: true })
    await expect(failing(65)).rejects.toMatchObject({ code: 'EXIT_65', retryable: false })
    await expect(failing(75)).rejects.toMatchObject({ code: 'EXIT_75', retryable: true })
  })

  test('whose program is missing fails as TOOL_MISSING', async () => {
    const environment = await makeEnvironment()
    const run = { kind: 'command', argv: ['no-such-tool-here', 'x'] } as const
    await expect(carryOut(environment, run)).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      retryable: false,
      message: 'no-such-tool-here is not installed on this agent, or not on its PATH.',
    })
  })

  test('is refused a value that would be read as an option, and one that is too long', async () => {
    const environment = await makeEnvironment()
    await writeScript(environment, 'echo.cjs', echo)
    const run = { kind: 'command', argv: ['node', 'echo.cjs', '{{name}}'] } as const
    await expect(carryOut(environment, run, { parameters: { name: '--force' } })).rejects.toMatchObject({
      code: 'PARAMETER_REFUSED',
    })
    await expect(carryOut(environment, run, { parameters: { name: 'x'.repeat(3_000_000) } })).rejects.toMatchObject({
      code: 'PARAMETER_REFUSED',
    })
    expect(await carryOut(environment, run, { parameters: { name: '-5' } })).toMatchObject({ args: ['-5'] })
  })

  test('cannot run outside its project, by path or by link', async () => {
    const environment = await makeEnvironment()
    await symlink('/usr', join(environment.projectRoot, 'link'))
    const from = (cwd: string) => carryOut(environment, { kind: 'command', argv: ['pwd'], cwd })
    await expect(from('../..')).rejects.toMatchObject({ code: 'FILE_OUTSIDE', retryable: false })
    await expect(from('link')).rejects.toMatchObject({ code: 'FILE_OUTSIDE' })
    await expect(from('missing')).rejects.toMatchObject({ code: 'FILE_MISSING' })
    expect(await from('bin')).toEqual({ text: join(environment.projectRoot, 'bin') })
  })

  test.each(['ends when told to', 'must be killed'])(
    'that %s takes its whole process group with it on a cancel',
    async (how) => {
      const environment = await makeEnvironment()
      await writeScript(environment, 'child.cjs', `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`)
      await writeScript(
        environment,
        'parent.cjs',
        `
      const child = require('node:child_process').spawn(process.execPath, ['child.cjs'], { stdio: 'inherit' })
      ${how === 'must be killed' ? `process.on('SIGTERM', () => {})` : ''}
      require('node:fs').writeFileSync('pids', process.pid + ' ' + child.pid)
      setInterval(() => {}, 1000)`,
      )
      const controller = new AbortController()
      const running = carryOut(
        environment,
        { kind: 'command', argv: ['node', 'parent.cjs'] },
        { signal: controller.signal },
      )
      const ended = Promise.resolve(running).then(
        () => 'finished',
        (error: Error) => error.message,
      )
      let pids: number[] = []
      await until('the pids', () => {
        void readFile(join(environment.projectRoot, 'pids'), 'utf8').then(
          (text) => (pids = text.split(' ').map(Number)),
          () => {},
        )
        return pids.length === 2
      })
      controller.abort(new Error('cancelled'))
      expect(await ended).toBe('cancelled')
      await until('both processes to be gone', () => pids.every((pid) => !isAlive(pid)))
      expect(pids.every((pid) => pid > 1)).toBe(true)
    },
  )

  test('that leaves a process behind ends with its own exit', async () => {
    const environment = await makeEnvironment()
    await writeScript(
      environment,
      'leave.cjs',
      `
      const child = require('node:child_process').spawn('sleep', ['30'], { stdio: 'inherit', detached: true })
      child.unref(); console.log(JSON.stringify({ pid: child.pid }))`,
    )
    const result = await carryOut(environment, { kind: 'command', argv: ['node', 'leave.cjs'] })
    const { pid } = result as { pid: number }
    expect(isAlive(pid)).toBe(true)
    process.kill(pid)
  })
})

describe('a secret', () => {
  const run = { kind: 'command', argv: ['node', 'tell.cjs'] } as const
  const tell = `
    const secret = process.env.PLANWRIGHT_SECRET_PASSWORD
    console.log('progress 0.5 using ' + secret)
    if (process.argv[2]) { console.error('wrong password ' + secret); process.exit(1) }
    console.log(JSON.stringify({ nested: ['pw=' + secret, { [secret]: Buffer.from(secret).toString('base64') }], 
      args: process.argv.slice(2), length: secret.length }))`

  test('comes from the environment or a file and reaches the program, but never what it reports', async () => {
    const environment = await makeEnvironment({ PLANWRIGHT_SECRET_DB_PASSWORD: 'hunter"22' })
    await writeFile(join(environment.dataDir, 'secrets', 'from-file'), 'file-secret-1\n')
    await writeScript(environment, 'tell.cjs', tell)
    const messages: unknown[] = []
    const given = (password: string) => ({
      parameters: { password },
      progress: (_: number, message?: string) => messages.push(message),
    })
    expect(await carryOut(environment, run, given('secret:db-password'))).toEqual({
      nested: ['pw=[secret]', { '[secret]': '[secret]' }],
      args: [],
      length: 9,
    })
    expect(await carryOut(environment, run, given('secret:from-file'))).toMatchObject({ length: 13 })
    const failing = { ...run, argv: [...run.argv, 'fail'] }
    await expect(carryOut(environment, failing, given('secret:db-password'))).rejects.toMatchObject({
      code: 'EXIT_1',
      message: 'wrong password [secret]',
    })
    expect(messages).toEqual(['using [secret]', 'using [secret]', 'using [secret]'])
  })

  test('that the agent does not have fails the attempt and says how to give it', async () => {
    const environment = await makeEnvironment()
    const trying = (password: string) => carryOut(environment, run, { parameters: { password } })
    await expect(trying('secret:missing')).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('PLANWRIGHT_SECRET_MISSING'),
    })
    await expect(trying('secret:../data')).rejects.toMatchObject({ code: 'SECRET_MISSING', retryable: false })
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
