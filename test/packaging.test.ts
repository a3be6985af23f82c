import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { agentSettingsSchema } from '../src/agent/agent-settings.ts'
import { isLoopback, readSettings, settingsSchema } from '../src/settings.ts'

const root = join(import.meta.dirname, '..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')

type Service = {
  image: string
  command?: string[]
  environment: Record<string, string>
  ports?: string[]
  volumes?: string[]
  healthcheck?: { disable?: boolean; test?: string[] }
  depends_on?: Record<string, { condition: string }>
  read_only?: boolean
}
type Compose = { services: Record<string, Service>; volumes: Record<string, null> }

describe('Dockerfile', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n')
  const copied = lines
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(/\s+/).slice(1, -1))

  test('everything it copies exists and reaches the builder', () => {
    const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path)
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(new Set(copied)).toEqual(new Set(allowed))
  })

  test('it runs as another user than root and starts a program it has', () => {
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node'])
    const command = JSON.parse(lines.findLast((line) => line.startsWith('CMD '))?.slice(4) ?? '[]') as string[]
    expect(missingFrom(command)).toEqual([])
  })

  test('its health check is a program that Node understands', () => {
    const check = JSON.parse(/HEALTHCHECK.*?CMD (\[.*\])/.exec(lines.join('\n'))?.[1] ?? '[]') as string[]
    expect(check.slice(0, 2)).toEqual(['node', '-e'])
    execFileSync(process.execPath, ['--check', '-'], { input: check[2] })
    expect(check[2]).toContain('/health/live')
  })

  /** The files a command names that the image lacks; a command that starts no file of ours counts as one. */
  function missingFrom(command: readonly string[]): string[] {
    const files = command.filter((word) => /\.m?[jt]s$/.test(word)).map((word) => word.replace(/^\.\//, ''))
    if (command[0] !== 'node' || files.length === 0) return [command.join(' ')]
    const isCopied = (file: string) => copied.some((path) => file === path || file.startsWith(`${path}/`))
    return files.filter((file) => !existsSync(join(root, file)) || !isCopied(file))
  }

  test('the programs of the compose file are in the image', () => {
    const commands = Object.values(compose().services).flatMap(({ command }) => (command ? [command] : []))
    expect(commands).toHaveLength(1)
    expect(commands.flatMap(missingFrom)).toEqual([])
  })
})

/** With the values that stand in the file for variables that are not set. */
function compose(): Compose {
  return parse(read('docker-compose.yml').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'), { merge: true }) as Compose
}

describe('docker-compose.yml', () => {
  const { services, volumes } = compose()

  test('it has the database, the broker, the service and an agent', () => {
    expect(Object.keys(services)).toEqual(['postgres', 'rabbitmq', 'service', 'agent'])
  })

  test('the settings of the service exist and are accepted', () => {
    const environment = services['service']?.environment ?? {}
    expect(Object.keys(environment).filter((name) => !(name in settingsSchema.shape))).toEqual([])
    const settings = readSettings(environment)
    expect(isLoopback(settings)).toBe(false)
    expect(settings.ALLOW_ANONYMOUS).toBe(true)
    expect(settings.AGENTS).toContain(services['agent']?.environment['AGENT_NAME'])
  })

  test('nothing is published beyond this machine', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? [])
    expect(ports.length).toBeGreaterThan(0)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  test('services wait for others that tell whether they are healthy', () => {
    const awaited = Object.values(services).flatMap((service) => Object.entries(service.depends_on ?? {}))
    expect(awaited.length).toBeGreaterThan(0)
    const tells = ({ image, healthcheck }: Service) =>
      healthcheck?.disable !== true && (healthcheck?.test !== undefined || image === 'planwright')
    for (const [name, { condition }] of awaited) {
      expect(condition).toBe('service_healthy')
      expect(services[name] && tells(services[name])).toBe(true)
    }
  })

  test('the data of version 18 of PostgreSQL is kept where its image expects the volume', () => {
    expect(services['postgres']?.image).toBe('postgres:18')
    expect(services['postgres']?.volumes).toEqual(['postgres:/var/lib/postgresql'])
  })

  test('its volumes are declared, and what is ours writes nowhere else', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes ?? [])
    expect(new Set(mounts.map((mount) => mount.split(':')[0]))).toEqual(new Set(Object.keys(volumes)))
    const ours = Object.values(services).filter(({ image }) => image === 'planwright')
    expect(ours.map(({ read_only }) => read_only)).toEqual([true, true])
    expect(ours.filter(({ volumes: own }) => !own?.some((mount) => mount.endsWith(':/data')))).toEqual([])
  })
})

test('.ci/run can be executed, is sound shell, and runs scripts that exist', () => {
  expect(statSync(join(root, '.ci/run')).mode & 0o111).toBeGreaterThan(0)
  execFileSync('bash', ['-n', join(root, '.ci/run')])
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['check', 'test', 'start', 'agent', 'migrate']))
  const files = [...Object.values(scripts).join('\n').matchAll(/[\w./-]+\.m?[jt]s\b/g)].map(([file]) => file)
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

test('.env.example says what the settings are', () => {
  execFileSync(process.execPath, [join(root, 'scripts/print-settings.ts'), '--check'], { stdio: 'pipe' })
  const named = [...read('.env.example').matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name)
  const ofPrograms = ['PATH', 'HOME']
  const all = [...Object.keys(settingsSchema.shape), ...Object.keys(agentSettingsSchema.shape)]
  expect(named).toEqual([...new Set(all)].filter((name) => !ofPrograms.includes(name)))
})
