/** The environment, parsed once; all faults are reported together. The only reader of process.env beside the agent's own main. */
import { z } from 'zod'

const boolean = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0', ''])
    .optional()
    .transform((value) => (value === undefined || value === '' ? fallback : value === 'true' || value === '1'))
const list = z
  .string()
  .optional()
  .transform((value) => (value ?? '').split(',').map((item) => item.trim()).filter(Boolean))
const integer = (fallback: number, minimum: number, maximum: number) =>
  z.coerce.number().int().min(minimum).max(maximum).default(fallback)
const optionalLimit = z.coerce.number().int().min(0).optional()

/** Each setting by its environment name; `.env.example` gives one line of meaning for each. */
export const settingsSchema = z.object({
  PORT: integer(4000, 0, 65_535).describe('Port of the HTTP server; 0 picks a free one.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; other than loopback needs AUTHENTICATION=true or ALLOW_ANONYMOUS=true.'),
  ALLOW_ANONYMOUS: boolean(false).describe('Serve beyond loopback without authentication; not needed with it.'),
  AUTHENTICATION: boolean(false).describe('Every caller needs an API token (npm run token) or, with JWT_JWKS_URL, one of the identity provider.'),
  JWT_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !url.startsWith('http:') || isLoopbackUrl(url), 'use https, or an address of this machine')
    .optional()
    .describe('Keys of the identity provider whose tokens are accepted too; needs JWT_ISSUER and JWT_AUDIENCE.'),
  JWT_ISSUER: z.string().max(1_000).optional().describe('Issuer (iss) of those tokens.'),
  JWT_AUDIENCE: z.string().max(1_000).optional().describe('Audience (aud) that those tokens must have.'),
  JWT_USER_CLAIM: z.string().max(200).default('sub').describe('Claim that names the user.'),
  JWT_ROLES_CLAIM: z.string().max(200).default('roles').describe('Claim that lists the roles; a path such as realm_access.roles leads into objects.'),
  VISIBILITY: z
    .enum(['everyone', 'restricted'])
    .default('everyone')
    .describe('Who sees a request and its plans, where it names nobody: everyone, or its submitter and administrators only.'),
  ALLOWED_HOSTS: list.describe('Host names, beside loopback ones, under which the service may be addressed.'),
  ALLOWED_ORIGINS: list.describe('Web origins, beside its own, that may call the service.'),
  RATE_LIMIT: optionalLimit.describe('GraphQL operations a second for each caller; 0: unlimited; absent: unlimited on loopback, else 200.'),
  CONNECTIONS_PER_CALLER: optionalLimit.describe('WebSockets and event streams that each caller may have open, by token, without one by address; 0: unlimited; absent: unlimited on loopback, else 1000.'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe('PostgreSQL; absent: the embedded one in DATA_DIR.'),
  AMQP_URL: z.url({ protocol: /^amqps?$/ }).optional().describe('RabbitMQ; absent: the in-process bus, one replica.'),
  AMQP_PREFIX: z.string().regex(/^[a-zA-Z0-9._-]{1,64}$/).default('planwright').describe('Begins every exchange and queue name.'),
  CATALOG: z.string().default('catalog').describe('Catalog file, or folder of *.yaml.'),
  DECOMPOSER: z.enum(['catalog', 'openai']).default('catalog').describe('Who understands requests.'),
  OPENAI_API_KEY: z.string().optional().describe('Key of the model endpoint.'),
  OPENAI_BASE_URL: z.url().optional().describe('Any OpenAI-compatible endpoint.'),
  OPENAI_MODEL: z.string().default('gpt-5-mini').describe('Model for decomposition.'),
  OPENAI_INPUT_MICRO_USD_PER_1K: integer(250, 0, 1e9).describe('Price of 1,000 input tokens in micro-dollars; 0 for local models.'),
  OPENAI_OUTPUT_MICRO_USD_PER_1K: integer(2_000, 0, 1e9).describe('Price of 1,000 output tokens in micro-dollars; 0 for local models.'),
  OPENAI_TIMEOUT_SECONDS: integer(30, 1, 40).describe('Longest wait for one answer of the model; then the catalog decomposer stands in.'),
  QUOTA_PERIOD: z.enum(['day', 'month']).default('month').describe('Period of the quotas below, UTC.'),
  QUOTA_TOKENS: optionalLimit.describe('External AI tokens for the installation; absent: unlimited.'),
  QUOTA_MICRO_USD: optionalLimit.describe('External AI money for the installation, in micro-dollars; absent: unlimited.'),
  USER_QUOTA_TOKENS: optionalLimit.describe('External AI tokens for each user; absent: unlimited.'),
  USER_QUOTA_MICRO_USD: optionalLimit.describe('External AI money for each user, in micro-dollars; absent: unlimited.'),
  EXTERNAL_AI: boolean(false).describe('Whether plans may use external AI at all; agents call it, the decision is made here.'),
  EXTERNAL_AI_MICRO_USD_PER_1K: integer(1_000, 0, 1e9).describe('Expected price of 1,000 tokens for agents, in micro-dollars.'),
  ROLES: z
    .string()
    .default('api,engine')
    .transform((value) => value.split(',').map((item) => item.trim()))
    .pipe(z.array(z.enum(['api', 'engine'])).min(1))
    .describe('Parts this replica runs: api, engine or both.'),
  AGENTS: list.describe('Names of agents that may register; empty: any, but none where AMQP_URL is set, HOST is beyond loopback and ALLOW_ANONYMOUS is not true.'),
  DATA_DIR: z.string().default('.planwright').describe('State of the embedded mode, and keys.'),
  LOG_KEY_FILE: z.string().optional().describe('Ed25519 private key (PEM) that signs checkpoints of the log; absent: DATA_DIR/keys/log.pem, made where missing.'),
  WORK_KEY_FILE: z.string().optional().describe('Ed25519 private key (PEM) that signs what agents are sent, the same for all replicas (npm run work-key); absent: unsigned.'),
  LEASE_SECONDS: integer(15, 2, 3_600).describe('How long an attempt stays valid without a heartbeat.'),
  AGENT_SILENCE_SECONDS: integer(10, 4, 3_600).describe('After so long without a heartbeat, of which there is one every 3 s, an agent gets no new work.'),
  PLAN_EXPIRES_HOURS: z.coerce.number().min(0).default(0).describe('A pending plan expires after so many hours; 0: never.'),
  GRAPHIQL: z.enum(['true', 'false']).optional().describe('Serve GraphiQL; default: on loopback without authentication.'),
  INTROSPECTION: z.enum(['true', 'false']).optional().describe('Answer introspection; default as for GRAPHIQL.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional().describe('OpenTelemetry collector (OTLP over HTTP) for traces; absent: none are made.'),
  OTEL_SERVICE_NAME: z.string().default('planwright').describe('Name of the service in traces.'),
  METRICS_PORT: integer(0, 0, 65_535).describe('Port, on HOST, of /metrics and /health alone, for within your own network; 0: on PORT, and on loopback only.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('Least severe level that is logged.'),
})
export type Settings = z.infer<typeof settingsSchema>

/** All faults of the environment at once, a line each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const loopbackHosts = ['127.0.0.1', '::1', '[::1]', 'localhost']

/** True when nobody but this machine can reach the service. */
export const isLoopback = (settings: Settings): boolean => loopbackHosts.includes(settings.HOST)

const isLoopbackUrl = (url: string): boolean => loopbackHosts.includes(URL.parse(url)?.hostname ?? '')

/** Reads the settings from an environment; throws SettingsError. Empty values count as absent. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = settingsSchema.safeParse(present)
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  if (parsed.data.DECOMPOSER === 'openai' && !parsed.data.OPENAI_API_KEY && !parsed.data.OPENAI_BASE_URL) {
    throw new SettingsError('DECOMPOSER=openai needs OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint without keys.')
  }
  const { AUTHENTICATION, JWT_JWKS_URL, JWT_ISSUER, JWT_AUDIENCE } = parsed.data
  const given = [JWT_JWKS_URL, JWT_ISSUER, JWT_AUDIENCE].filter((value) => value !== undefined)
  if (given.length > 0 && (given.length < 3 || !AUTHENTICATION)) {
    throw new SettingsError('JWT_JWKS_URL, JWT_ISSUER and JWT_AUDIENCE belong together, and need AUTHENTICATION=true.')
  }
  return parsed.data
}
