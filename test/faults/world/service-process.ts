import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGraphqlClient, type GraphqlClient } from '../../harness/graphql-client.ts'
import { startChild } from './child-process.ts'

/** A replica of the service, in a process of its own. */
export type ServiceProcess = {
  readonly url: string
  readonly pid: number
  readonly client: GraphqlClient
  /** Its log so far. */
  output(): string
  /** SIGKILL, at whatever it is doing. */
  kill(): Promise<void>
  /** SIGTERM; answers how it ended and after how many milliseconds. */
  terminate(): Promise<{ code: number | null; tookMs: number }>
}

/** Starts a replica with these settings and waits until it is ready; `preload` is a module that Node loads first. */
export async function startServiceProcess(settings: Readonly<Record<string, string>>, preload?: string): Promise<ServiceProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'planwright-service-'))
  const child = startChild([...(preload ? ['--import', preload] : []), 'src/main.ts'], { PORT: '0', DATA_DIR: dataDir, ...settings })
  void child.ended.then(() => rm(dataDir, { recursive: true, force: true }))
  let url: string
  try {
    const [, address] = await child.prints(/Planwright is ready: open (http:\S+)/)
    url = address!
  } catch (error) {
    await child.kill()
    throw error
  }
  const client = createGraphqlClient(url)
  return {
    url,
    pid: child.pid,
    client,
    output: child.output,
    async kill() {
      await child.kill()
      await client.close()
    },
    async terminate() {
      const begun = performance.now()
      child.signal('SIGTERM')
      const { code } = await child.ended
      return { code, tookMs: performance.now() - begun }
    },
  }
}
