/** Whole replicas of each kind: with what comes with it or on a PostgreSQL and a RabbitMQ, for a trial or beyond loopback. */
import { provideBroker } from './broker.ts'
import { createTestDatabase } from './database.ts'
import { startReplica } from './planwright.ts'

const environments = {
  development: {},
  production: { HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true', GRAPHIQL: 'false', INTROSPECTION: 'false' },
} as const

export type ReplicaKind = { readonly mode: 'embedded' | 'full'; readonly settings: keyof typeof environments }

/** For `describe.each(replicaKinds)('$mode, with $settings settings', …)`. */
export const replicaKinds: readonly ReplicaKind[] =
  (['embedded', 'full'] as const).flatMap((mode) => (['development', 'production'] as const).map((settings) => ({ mode, settings })))

/** A replica of that kind, reached over loopback; `more` wins over its settings. */
export async function startReplicaOf({ mode, settings }: ReplicaKind, more: Readonly<Record<string, string>> = {}): Promise<{ url: string; stop(): Promise<void> }> {
  const [database, broker] = mode === 'full' ? await Promise.all([createTestDatabase(), provideBroker()]) : []
  const removeAll = async () => {
    await broker?.remove()
    await database?.drop()
  }
  try {
    const replica = await startReplica({
      ...environments[settings],
      ...(database && { DATABASE_URL: database.url }),
      ...(broker && { AMQP_URL: broker.url, AMQP_PREFIX: broker.prefix }),
      ...more,
    })
    return {
      url: replica.url.replace('0.0.0.0', '127.0.0.1'),
      async stop() {
        await replica.stop()
        await removeAll()
      },
    }
  } catch (error) {
    await removeAll()
    throw error
  }
}
