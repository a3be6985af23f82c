/** The two that are measured, each on a database of its own on the same PostgreSQL and the same RabbitMQ. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startProcess } from './processes.ts'

export type Place = { readonly databaseUrl: string; readonly amqpUrl: string; readonly dataDir: string }
export type Measured = { readonly name: string; readonly url: string; readonly databaseUrl: string; readonly pids: readonly number[]; stop(): Promise<void> }

export async function startFloorServer({ databaseUrl, amqpUrl }: Place): Promise<Measured> {
  const environment = { DATABASE_URL: databaseUrl, AMQP_URL: amqpUrl, NODE_ENV: 'production' }
  const server = await startProcess('bench/floor/server.ts', [], environment)
  const agent = await startProcess('bench/floor/agent.ts', [], environment)
  return measured('floor', server.ready.split(' ')[1]!, databaseUrl, [server, agent])
}

const environmentOf = ({ databaseUrl, amqpUrl, dataDir }: Place, settings: Readonly<Record<string, string>>) => ({
  DATABASE_URL: databaseUrl, AMQP_URL: amqpUrl, AMQP_PREFIX: 'bench', CATALOG: 'bench/catalog.yaml', DATA_DIR: dataDir, PORT: '0',
  NODE_ENV: 'production', LOG_LEVEL: 'info', ...settings,
})

const urlIn = (line: string): string => /http:\/\/[\w.:]+/.exec(line)![0]

/** Another replica beside a service that was started, without an agent of its own. */
export async function startReplica(place: Place, settings: Readonly<Record<string, string>> = {}): Promise<Measured> {
  const server = await startProcess('src/main.ts', [], environmentOf(place, settings))
  return measured('replica', urlIn(server.ready), place.databaseUrl, [server])
}

export async function startService(place: Place, settings: Readonly<Record<string, string>> = {}): Promise<Measured> {
  const { databaseUrl } = place
  const environment = environmentOf(place, settings)
  const server = await startProcess('src/main.ts', [], environment)
  const agent = await startProcess('bench/agent.ts', ['bench', '512'], environment)
  const url = urlIn(server.ready)
  await waitForAgent(databaseUrl, 'bench')
  return measured('service', url, databaseUrl, [server, agent])
}

function measured(name: string, url: string, databaseUrl: string, processes: readonly { pid: number; stop(): Promise<void> }[]): Measured {
  return {
    name, url, databaseUrl,
    pids: processes.map(({ pid }) => pid),
    async stop() {
      for (const process of processes.toReversed()) await process.stop()
    },
  }
}

/** Until this run of the agent was heard of; others, and its rows of earlier runs, may be there before. */
async function waitForAgent(databaseUrl: string, name: string): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    const { rows } = await database.query<{ begun: Date }>('select clock_timestamp() as begun')
    while ((await database.query('select 1 from agent where name = $1 and online and last_seen_at > $2', [name, rows[0]!.begun])).rowCount === 0) await sleep(100)
  } finally {
    await database.end()
  }
}
