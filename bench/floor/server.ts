/** The floor as a process: yoga and graphql-ws as the service has them, in front of createFloor. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { connect } from 'amqplib'
import { useServer } from 'graphql-ws/use/ws'
import { createYoga } from 'graphql-yoga'
import { WebSocketServer } from 'ws'
import { createPool } from '../../src/database/pool.ts'
import { createLogger } from '../../src/logger.ts'
import { createFloor, resultQueue, workQueue } from './floor.ts'
import { createFloorSchema } from './schema.ts'

const { DATABASE_URL = '', AMQP_URL = '' } = process.env
const pool = createPool({ url: DATABASE_URL, max: 16, logger: createLogger('warn') })
await pool.query(await readFile(new URL('tables.sql', import.meta.url), 'utf8'))
const connection = await connect(AMQP_URL, { noDelay: true })
const [confirm, channel] = [await connection.createConfirmChannel(), await connection.createChannel()]
for (const queue of [workQueue, resultQueue]) {
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
}
const floor = createFloor({ pool, confirm, channel })
await floor.start()
const schema = createFloorSchema(floor)
const yoga = createYoga({ schema, logging: false, graphiql: false })
const server = createServer((request, response) => void yoga(request, response))
useServer({ schema }, new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }))
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.once('SIGTERM', () => process.exit(0))
