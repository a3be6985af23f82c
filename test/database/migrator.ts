/** A process that migrates the database given and says what it applied. */
import { migrate } from '../../src/database/migrate.ts'
import { silentLogger } from '../harness/silent-logger.ts'

process.stdout.write(JSON.stringify(await migrate({ url: process.argv[2] ?? '', logger: silentLogger })))
