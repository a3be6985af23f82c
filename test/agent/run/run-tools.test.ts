import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RunEnvironment } from '../../../src/agent/run/run-environment.ts'
import { carryOut, makeEnvironment, writeScript } from './run-capability.ts'

/** A program that writes down how it was called. */
const recorder = (says: string) => `
  const { writeFileSync, existsSync, readFileSync } = require('node:fs')
  const args = process.argv.slice(2)
  const file = args.find((arg) => arg.startsWith('@'))?.slice(1)
  writeFileSync('calls.json', JSON.stringify({ args, vars: file && readFileSync(file, 'utf8') }))
  console.log(${JSON.stringify(says)})`
const callOf = async (environment: RunEnvironment) =>
  JSON.parse(await readFile(join(environment.projectRoot, 'calls.json'), 'utf8'))

describe('a playbook', () => {
  const recap = 'TASK [x]\nPLAY RECAP *****\nweb1   : ok=3    changed=1    unreachable=0    failed=0'

  test('is played with its variables as JSON, and its recap is the output', async () => {
    const environment = await makeEnvironment()
    await writeScript(environment, 'bin/ansible-playbook', recorder(recap))
    await writeFile(join(environment.projectRoot, 'site.yml'), '')
    const run = {
      kind: 'ansible',
      playbook: '{{book}}.yml',
      inventory: '{{hosts}},',
      extraVars: { port: '{{port}}', name: 'x-{{port}}', no: '{{no}}' },
    } as const
    const output = await carryOut(environment, run, { parameters: { book: 'site', hosts: ['web1', 'web2'], port: 80 } })
    expect(output).toMatchObject({ recap: { web1: { ok: 3, changed: 1, unreachable: 0, failed: 0 } } })
    const { args } = await callOf(environment)
    expect(args.slice(0, 3)).toEqual([
      join(environment.projectRoot, 'site.yml'),
      '--inventory=web1,web2,',
      '--extra-vars',
    ])
    expect(JSON.parse(args[3])).toEqual({ port: 80, name: 'x-80' })
  })

  test('gets secrets by a private file that is removed, never as an argument', async () => {
    const environment = await makeEnvironment({ PLANWRIGHT_SECRET_KEY: 'top-secret-1' })
    await writeScript(environment, 'bin/ansible-playbook', recorder(recap))
    await writeFile(join(environment.projectRoot, 'site.yml'), '')
    await carryOut(
      environment,
      { kind: 'ansible', playbook: 'site.yml', extraVars: { key: '{{key}}' } },
      { parameters: { key: 'secret:KEY' } },
    )
    const { args, vars } = await callOf(environment)
    expect(args.join(' ')).not.toContain('top-secret')
    expect(JSON.parse(vars)).toEqual({ key: 'top-secret-1' })
    expect(await readdir(environment.dataDir)).toEqual(['secrets'])
  })

  test('that is missing, or without Ansible, fails with a clear reason', async () => {
    const environment = await makeEnvironment()
    const run = { kind: 'ansible', playbook: 'site.yml' } as const
    await expect(carryOut(environment, run)).rejects.toMatchObject({
      code: 'FILE_MISSING',
      message: expect.stringContaining('site.yml'),
    })
    await writeFile(join(environment.projectRoot, 'site.yml'), '')
    const bare = { ...environment, path: join(environment.projectRoot, 'bin') }
    await expect(carryOut(bare, run)).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringContaining('ansible-playbook'),
      retryable: false,
    })
  })
})

describe('a compose project', () => {
  test.each([
    ['up', ['up', '-d']],
    ['down', ['down']],
    ['restart', ['restart']],
  ] as const)('is taken %s by docker', async (action, words) => {
    const environment = await makeEnvironment()
    await writeScript(environment, 'bin/docker', recorder('Started'))
    await mkdir(join(environment.dataDir, 'kuma'))
    const file = join(environment.dataDir, 'kuma', 'compose.yaml')
    await writeFile(file, '')
    const run = { kind: 'compose', project: 'pw-{{service}}', file: '{{service}}/compose.yaml', action } as const
    expect(await carryOut(environment, run, { parameters: { service: 'kuma' } })).toEqual({
      project: 'pw-kuma',
      action,
      text: 'Started',
    })
    expect((await callOf(environment)).args).toEqual(['compose', '-p', 'pw-kuma', '-f', file, ...words])
  })

  test('is refused a name that docker would not take and a file outside', async () => {
    const environment = await makeEnvironment()
    const run = (project: string, file: string) =>
      carryOut(environment, { kind: 'compose', project, file, action: 'up' })
    await expect(run('--help', 'x')).rejects.toMatchObject({ code: 'PARAMETER_REFUSED' })
    await expect(run('ok', '/etc/passwd')).rejects.toMatchObject({ code: 'FILE_OUTSIDE' })
  })
})

describe('an HTTP call', () => {
  async function serve(
    answer: (request: IncomingMessage & { text: string }, response: ServerResponse) => void,
  ): Promise<string> {
    const server = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += String(chunk)
      answer(Object.assign(request, { text }), response)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test('fills its templates, encoded in the URL and typed in the body, and sends the idempotency key', async () => {
    const environment = await makeEnvironment({ PLANWRIGHT_SECRET_TOKEN: 't0ken-value' })
    const url = await serve((request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          url: request.url,
          text: request.text,
          key: request.headers['idempotency-key'],
          echo: request.headers.authorization,
          right: request.headers.authorization === 'Bearer t0ken-value',
        }),
      )
    })
    const output = await carryOut(
      environment,
      {
        kind: 'http',
        method: 'POST',
        url: `${url}/items/{{name}}?q={{name}}`,
        headers: { authorization: 'Bearer {{token}}' },
        body: { count: '{{count}}', list: '{{list}}', text: 'n={{count}}', gone: '{{gone}}' },
      },
      { parameters: { name: 'a/b?&c', count: 3, list: [1, 'x'], token: 'secret:TOKEN' } },
    )
    expect(output).toEqual({
      status: 200,
      body: {
        url: '/items/a%2Fb%3F%26c?q=a%2Fb%3F%26c',
        text: JSON.stringify({ count: 3, list: [1, 'x'], text: 'n=3' }),
        key: 'key-1',
        echo: 'Bearer [secret]',
        right: true,
      },
    })
  })

  test.each([
    [404, false],
    [408, true],
    [429, true],
    [503, true],
    [302, false],
  ])('answered with %i fails, retryable: %s', async (status, retryable) => {
    const environment = await makeEnvironment()
    const url = await serve((_, response) => response.writeHead(status, { location: '/elsewhere' }).end('because'))
    await expect(carryOut(environment, { kind: 'http', method: 'GET', url })).rejects.toMatchObject({
      code: `HTTP_${status}`,
      message: 'because',
      retryable,
    })
  })

  test('to nobody is retryable, with a huge answer is cut, and ends on a cancel', async () => {
    const environment = await makeEnvironment()
    const get = (url: string, signal?: AbortSignal) =>
      carryOut(environment, { kind: 'http', method: 'GET', url }, { ...(signal && { signal }) })
    const closed = createServer()
    await once(closed.listen(0, '127.0.0.1'), 'listening')
    const { port } = closed.address() as AddressInfo
    await once(closed.close(), 'close')
    await expect(get(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE', retryable: true })
    const huge = await serve((_, response) => response.end('x'.repeat(5_000_000)))
    expect(await get(huge)).toMatchObject({ status: 200, truncated: true, body: 'x'.repeat(200_000) })
    const controller = new AbortController()
    const silent = await serve(() => controller.abort(new Error('cancelled')))
    await expect(get(silent, controller.signal)).rejects.toThrow('cancelled')
  })
})
