/** A process that starts the embedded server on the data folder given, says where it is, and waits to be killed. */
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import { silentLogger } from '../harness/silent-logger.ts'

const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', logger: silentLogger, fsync: false })
process.stdout.write(`${server.url}\n`)
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
setInterval(() => {}, 60_000)
