import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RunEnvironment } from '../../src/agent/run/run-environment.ts'
import { loadCatalog } from '../../src/catalog/load-catalog.ts'
import { renderTaskName } from '../../src/catalog/task-name.ts'
import { carryOut, makeEnvironment, writeScript } from '../agent/run/run-capability.ts'

const root = join(import.meta.dirname, '..', '..')
const catalog = await loadCatalog(join(root, 'catalog', 'infra.yaml'))

/** A state folder of its own; the docker of this machine is hidden behind one that fails as without a daemon. */
async function begin(docker = 'process.exit(1)') {
  const made = await makeEnvironment()
  await writeScript(made, 'bin/docker', docker)
  const environment: RunEnvironment = { ...made, projectRoot: root }
  const run = (id: string, parameters: Record<string, unknown> = {}, inputs: Record<string, unknown> = {}) => {
    const spec = catalog.byId.get(id)?.run
    if (!spec) throw new Error(`${id} has no run`)
    return carryOut(environment, spec, { parameters, inputs })
  }
  const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(environment.dataDir, path), 'utf8'))
  const write = async (path: string, content: string) => {
    await mkdir(join(environment.dataDir, path, '..'), { recursive: true })
    await writeFile(join(environment.dataDir, path), content)
  }
  return { environment, run, read, write }
}

async function startWebServer(): Promise<number> {
  const server = createServer((request, response) => response.writeHead(request.url === '/broken' ? 503 : 200).end('hello'))
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections() }))
  return (server.address() as AddressInfo).port
}

describe('the shipped catalog', () => {
  test('it loads and every capability can be carried out by the bundled agent', () => {
    expect(catalog.capabilities.length).toBeGreaterThanOrEqual(12)
    expect(catalog.capabilities.filter(({ run, agentType }) => !run || agentType !== 'infra')).toEqual([])
  })

  test('its first two capabilities have the promised names, kinds of work and estimates', () => {
    const [kuma, portals] = ['deploy_kuma', 'add_portals_to_config'].map((id) => catalog.byId.get(id)!)
    expect(kuma).toMatchObject({ name: 'Deploy Uptime Kuma', workType: 'deploy_service', estimatedMinutes: 3 })
    expect(portals).toMatchObject({ workType: 'run_playbook', estimatedMinutes: 1, after: ['deploy_kuma'] })
    expect(renderTaskName(portals!, { scope: 'existing' })).toBe('Add existing portals to config')
    expect(renderTaskName(portals!, {})).toBe('Add portals to config')
  })
})

describe('deployments', () => {
  test('without docker the compose file is rendered and nothing is claimed to run', async () => {
    const { run, environment } = await begin()
    const first = await run('deploy_kuma')
    expect(first).toMatchObject({ rendered: 'stacks/uptime-kuma/compose.yaml', started: false, reason: 'docker is not available' })
    expect(await run('deploy_kuma')).toEqual(first)
    expect(await readFile(join(environment.dataDir, 'stacks/uptime-kuma/compose.yaml'), 'utf8')).toContain('image: louislam/uptime-kuma:2\n')
  })

  test('where there is no docker at all that is known at once', async () => {
    const { environment } = await begin()
    const bin = join(environment.dataDir, 'bin')
    await mkdir(bin)
    await symlink(process.execPath, join(bin, 'node'))
    const began = performance.now()
    const output = await carryOut({ ...environment, path: bin }, catalog.byId.get('deploy_kuma')!.run!)
    expect(output).toMatchObject({ started: false, reason: 'docker is not available' })
    // Far from the 20 s that a docker may take to answer.
    expect(performance.now() - began).toBeLessThan(15_000)
  })

  test('with docker the stack is started on every host', async () => {
    const { run, environment } = await begin(`require('fs').appendFileSync(process.env.HOME + '/calls', process.argv.slice(2).join(' ') + '\\n')`)
    expect(await run('deploy_stack', { stack: 'gitea', hosts: ['localhost', 'alpha'], version: '1.24' })).toMatchObject({ started: true, hosts: ['localhost', 'alpha'] })
    const file = join(environment.dataDir, 'stacks/gitea/compose.yaml')
    const calls = (await readFile(join(environment.home, 'calls'), 'utf8')).trim().split('\n')
    expect(calls).toContain(`compose -p gitea -f ${file} up -d`)
    expect(calls).toContain(`-H ssh://alpha compose -p gitea -f ${file} up -d`)
    expect(await readFile(file, 'utf8')).toContain('image: gitea/gitea:1.24\n')
  })

  test('a stack that docker cannot start fails with what docker said', async () => {
    const { run } = await begin(`if (process.argv.includes('up')) { console.error('no space left on device'); process.exit(1) }`)
    await expect(run('deploy_kuma')).rejects.toMatchObject({ code: 'EXIT_1', retryable: true, message: expect.stringContaining('no space left on device') })
  })

  test('a version that would change the compose file otherwise is refused', async () => {
    const { run } = await begin()
    await expect(run('deploy_kuma', { version: '2\n    privileged: true' })).rejects.toMatchObject({ code: 'EXIT_65', retryable: false })
  })
})

describe('portals', () => {
  test('known ones are added once, those of deployed stacks included', async () => {
    const { run, read, write } = await begin()
    await write('portals.d/intranet.json', JSON.stringify({ name: 'Intranet', url: 'https://intranet.example.com' }))
    await run('deploy_kuma')
    expect(await run('add_portals_to_config', { scope: 'existing' })).toMatchObject({ added: ['Intranet', 'Uptime Kuma'], total: 2 })
    expect(await run('add_portals_to_config', { scope: 'existing' })).toMatchObject({ added: [], total: 2 })
    expect(await read('portals.json')).toEqual({
      portals: [{ name: 'Intranet', url: 'https://intranet.example.com' }, { name: 'Uptime Kuma', url: 'http://localhost:3001' }],
    })
  })

  test('new ones are those that earlier tasks of the plan deployed', async () => {
    const { run, write } = await begin()
    await write('portals.d/intranet.json', JSON.stringify({ name: 'Intranet', url: 'https://intranet.example.com' }))
    const inputs = { earlier: { portals: [{ name: 'Gitea', url: 'http://alpha:3082' }] } }
    expect(await run('add_portals_to_config', { scope: 'new' }, inputs)).toMatchObject({ added: ['Gitea'], total: 1 })
  })

  test('a named one is known or has an address; anything else fails and changes nothing', async () => {
    const { run, environment } = await begin()
    await expect(run('add_portals_to_config', { portals: ['wiki.example.com', 'shop'] })).rejects.toMatchObject({ code: 'EXIT_66' })
    expect(await readdir(environment.dataDir)).not.toContain('portals.json')
    expect(await run('add_portals_to_config', { portals: ['wiki.example.com'] })).toMatchObject({ added: ['wiki.example.com'], total: 1 })
  })

  test('edits at the same time lose nothing', async () => {
    const { run, read } = await begin()
    const sites = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.example.com`)
    await Promise.all(sites.map((site) => run('add_portals_to_config', { portals: [site] })))
    const config = await read('portals.json') as { portals: { name: string }[] }
    expect(config.portals.map(({ name }) => name).toSorted()).toEqual(sites)
  })
})

describe('checks', () => {
  test('an address that answers is told with its status; one that does not fails', async () => {
    const { run } = await begin()
    const port = await startWebServer()
    expect(await run('check_url', { url: `http://127.0.0.1:${port}/` })).toMatchObject({ status: 200, latencyMs: expect.any(Number) })
    expect(await run('check_url', { url: `http://127.0.0.1:${port}/broken`, status: 503 })).toMatchObject({ status: 503 })
    await expect(run('check_url', { url: `http://127.0.0.1:${port}/broken` })).rejects.toMatchObject({ code: 'EXIT_1' })
    await expect(run('check_url', { url: 'file:///etc/passwd' })).rejects.toMatchObject({ code: 'EXIT_65' })
  })

  test('an open port is measured; a closed one fails', async () => {
    const { run } = await begin()
    const port = await startWebServer()
    expect(await run('check_tcp_port', { hosts: ['127.0.0.1'], port })).toMatchObject({ port, connections: 1, results: [{ host: '127.0.0.1' }] })
    expect(await run('measure_latency', { hosts: ['127.0.0.1'], port })).toMatchObject({ connections: 5, results: [{ medianMs: expect.any(Number) }] })
    await expect(run('check_tcp_port', { hosts: ['127.0.0.1'], port: 1 })).rejects.toMatchObject({ code: 'EXIT_1', message: expect.stringContaining('ECONNREFUSED') })
  })

  test('disk usage counts what the state folder holds', async () => {
    const { run, write } = await begin()
    await write('cache/one', 'x'.repeat(100))
    expect(await run('disk_usage')).toMatchObject({ files: 1, usedBytes: 100, entries: { cache: 100 }, disk: { freeBytes: expect.any(Number) } })
  })
})

describe('records', () => {
  test('a backup brings the configuration back; a damaged one restores nothing', async () => {
    const { run, read, write } = await begin()
    await expect(run('create_backup')).rejects.toMatchObject({ code: 'EXIT_66' })
    await run('add_portals_to_config', { portals: ['wiki.example.com'] })
    const before = await read('portals.json')
    await run('deploy_kuma')
    const { backup } = await run('create_backup', { label: 'Before Upgrade' }) as { backup: string }
    expect(backup).toMatch(/Z-before-upgrade$/)
    await run('add_portals_to_config', { portals: ['shop.example.com'] })
    expect(await run('restore_backup', { backup: 'before-upgrade' })).toEqual({ backup, restored: ['portals.json', 'stacks/uptime-kuma/compose.yaml', 'stacks/uptime-kuma/portals.json'] })
    expect(await read('portals.json')).toEqual(before)
    await write(`backups/${backup}/portals.json`, '{}')
    await expect(run('restore_backup')).rejects.toMatchObject({ code: 'EXIT_65', message: expect.stringContaining('damaged') })
    expect(await read('portals.json')).toEqual(before)
  })

  test('only the cache of the named site is purged', async () => {
    const { run, write, environment } = await begin()
    await write('cache/shop.example.com/a/page.html', 'page')
    await write('cache/wiki.example.com/page.html', 'page')
    expect(await run('purge_cache', { site: 'shop.example.com' })).toEqual({ site: 'shop.example.com', removedFiles: 1, freedBytes: 4 })
    expect(await run('purge_cache', { site: 'shop.example.com' })).toMatchObject({ removedFiles: 0 })
    expect(await readdir(join(environment.dataDir, 'cache'))).toEqual(['wiki.example.com'])
    await expect(run('purge_cache', { site: '..' })).rejects.toMatchObject({ code: 'EXIT_65' })
  })

  test('a maintenance window and a note are entered once and appear in the report', async () => {
    const { run, environment } = await begin()
    const window = { hosts: ['beta', 'alpha'], schedule: 'every sunday at 03:00', duration: '2 hours' }
    expect(await run('schedule_maintenance', window)).toMatchObject({ added: true, total: 1 })
    expect(await run('schedule_maintenance', window)).toMatchObject({ added: false, total: 1 })
    expect(await run('write_note', { text: '-- fan of alpha, replaced' })).toMatchObject({ added: true, total: 1 })
    expect(await run('write_note', { text: '-- fan of alpha, replaced' })).toMatchObject({ added: false, total: 1 })
    const { report, counts } = await run('generate_report') as { report: string; counts: unknown }
    expect(counts).toEqual({ portals: 0, stacks: 0, maintenance: 1, notes: 1, backups: 0 })
    const text = await readFile(join(environment.dataDir, report), 'utf8')
    expect(text).toContain('- alpha, beta: every sunday at 03:00, for 2 hours\n')
    expect(text).toContain('-- fan of alpha, replaced\n')
  })
})
