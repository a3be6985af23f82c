/** What orchestrators and monitoring ask. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { respondJson, respondText } from './respond.ts'

/** Whether the service can work, and what each of its dependencies says. */
export type Health = {
  readonly ready: boolean
  readonly dependencies: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>
}

/** What readiness asks. */
export type HealthSources = {
  readonly database: { query(text: string): Promise<unknown> }
  readonly broker: () => { readonly connected: boolean; readonly blocked: boolean }
  /** Milliseconds in which the database has to answer (2,000). */
  readonly answerMs?: number
}

/** A database that hangs keeps one question waiting, however many probes come meanwhile. */
export function createHealthCheck({ database, broker, answerMs = 2_000 }: HealthSources): () => Promise<Health> {
  let asking: Promise<boolean> | null = null

  async function databaseAnswers(): Promise<boolean> {
    asking ??= database.query('select 1').then(() => true, () => false).finally(() => {
      asking = null
    })
    const { promise: late, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), answerMs)
    return Promise.race([asking, late]).finally(() => clearTimeout(timer))
  }

  return async () => {
    const answers = await databaseAnswers()
    const { connected, blocked } = broker()
    return {
      ready: answers && connected && !blocked,
      dependencies: {
        database: { ok: answers, detail: answers ? 'answers' : 'does not answer' },
        broker: { ok: connected && !blocked, detail: !connected ? 'not connected' : blocked ? 'refuses messages' : 'connected' },
      },
    }
  }
}

/** Figures as text of the given content type. */
export type RenderMetrics = () => Promise<{ readonly type: string; readonly text: string }>

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD'

/** Answers `/health/live` and `/health/ready`, whatever name the caller knows this machine by; false: another path. */
export async function answerHealth(path: string, health: () => Promise<Health>, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (!isRead(request) || (path !== '/health/live' && path !== '/health/ready')) return false
  if (path === '/health/live') respondJson(response, 200, { live: true })
  else {
    const state = await health()
    respondJson(response, state.ready ? 200 : 503, state)
  }
  return true
}

/** Answers `/metrics`; false: another path, or metrics are not for whoever reaches this port. */
export async function answerMetrics(path: string, metrics: RenderMetrics | null, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (!metrics || !isRead(request) || path !== '/metrics') return false
  const { type, text } = await metrics()
  respondText(response, 200, type, text)
  return true
}
