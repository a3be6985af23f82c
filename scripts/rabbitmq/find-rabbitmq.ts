import { execFile } from 'node:child_process'
import { access, constants, readdir, realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Shown when there is no broker and none can be had. */
export const noRabbitMqMessage = [
  'No RabbitMQ found. Choose one:',
  '  - set AMQP_URL to a running broker, for example AMQP_URL=amqp://guest:guest@127.0.0.1:5672',
  '  - install it: apt-get install rabbitmq-server, or brew install rabbitmq (a private one is started when needed)',
  '  - docker run -p 5672:5672 rabbitmq:4, then set AMQP_URL=amqp://guest:guest@127.0.0.1:5672',
].join('\n')

/** The folder with RabbitMQ's own start scripts; installs the distribution's package where that is allowed. */
export async function findOrInstallRabbitMq(): Promise<string> {
  const found = await findRabbitMq()
  if (found) return found
  await installPackage()
  const installed = await findRabbitMq()
  if (!installed) throw new Error(noRabbitMqMessage)
  return installed
}

/**
 * Distributions put a wrapper on the PATH that insists on its own user and folders; the scripts behind it run as
 * anybody. Where there is no such folder the PATH leads to the scripts themselves.
 */
async function findRabbitMq(): Promise<string | null> {
  const versions = await readdir('/usr/lib/rabbitmq/lib').catch(() => [])
  const searchPath = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/opt/homebrew/sbin']
  const candidates = [
    '/usr/lib/rabbitmq/bin',
    ...versions.map((version) => join('/usr/lib/rabbitmq/lib', version, 'sbin')),
    ...searchPath,
  ]
  for (const folder of candidates) {
    const script = join(folder, 'rabbitmq-server')
    if (await isExecutable(script)) return dirname(await realpath(script))
  }
  return null
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** Installs Debian's package without letting it start the distribution's own broker. */
async function installPackage(): Promise<void> {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const may = (await isExecutable('/usr/bin/apt-get')) && (asRoot.length === 0 || (await sudoNeedsNoPassword()))
  if (!may) throw new Error(noRabbitMqMessage)
  console.error('RabbitMQ is not installed: installing the package rabbitmq-server')
  const apt = (...args: string[]) => {
    const [command = '', ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', ...args]
    return run(command, rest, { maxBuffer: 64 * 1024 * 1024, timeout: 10 * 60_000 })
  }
  const forbid = await forbidServiceStart(asRoot)
  try {
    await apt('update')
    await apt('install', '--no-install-recommends', 'rabbitmq-server')
  } catch (error) {
    throw new Error(`The package rabbitmq-server could not be installed.\n${noRabbitMqMessage}`, { cause: error })
  } finally {
    await forbid.lift()
  }
}

async function sudoNeedsNoPassword(): Promise<boolean> {
  return run('sudo', ['-n', 'true']).then(
    () => true,
    () => false,
  )
}

/** Debian asks this program whether a package may start its service. One that exists is the administrator's. */
async function forbidServiceStart(asRoot: readonly string[]): Promise<{ lift(): Promise<void> }> {
  const policy = '/usr/sbin/policy-rc.d'
  if (await isExecutable(policy)) return { async lift() {} }
  const script = '#!/bin/sh\nexit 101\n'
  const [command = 'sh', ...rest] = [...asRoot, 'sh']
  await run(command, [...rest, '-c', `printf '%s' "$1" > ${policy} && chmod 755 ${policy}`, 'sh', script])
  return {
    async lift() {
      await run(command, [...rest, '-c', `rm -f ${policy}`])
    },
  }
}
