/** The agent's environment, parsed once; all faults are reported together. */
import { homedir, hostname } from 'node:os'
import { z } from 'zod'
import { logLevels } from '../logger.ts'
import { agentNamePattern } from '../messaging/port.ts'
import { SettingsError } from '../settings.ts'

/** Each setting by its environment name. */
export const agentSettingsSchema = z.object({
  AMQP_URL: z
    .url({ protocol: /^amqps?$/, error: 'give the address of the broker: amqp://user:password@host:5672' })
    .describe('RabbitMQ, with the credentials of this agent.'),
  AMQP_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,64}$/)
    .default('planwright')
    .describe('Begins every exchange and queue name.'),
  CATALOG: z.string().default('catalog').describe('Catalog file, or folder of *.yaml; the same as the service has.'),
  AGENT_NAME: z
    .string()
    .regex(agentNamePattern, 'use 1 to 64 of a-z, 0-9 and -')
    .default(() => defaultAgentName(hostname()))
    .describe('Unique among the agents; default: infra- and the name of the host.'),
  AGENT_TYPE: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Agent type to serve; default: infra, or the one with most to run where the catalog has nothing for infra.',
    ),
  AGENT_SLOTS: z.coerce.number().int().min(1).max(10_000).default(4).describe('Tasks carried out at once.'),
  DATA_DIR: z.string().default('.planwright').describe('What tasks make and keep; secrets/NAME in it holds a secret.'),
  SERVICE_KEYS: z
    .string()
    .optional()
    .describe('File with the public keys (PEM) of the service: nothing is taken that they do not verify; absent: not checked.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('OpenTelemetry collector (OTLP over HTTP) for traces; absent: none are made.'),
  OTEL_SERVICE_NAME: z.string().default('planwright-agent').describe('Name of the agent in traces.'),
  LOG_LEVEL: z.enum(logLevels).default('info').describe('Least severe level that is logged.'),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin').describe('Where programs are found.'),
  HOME: z.string().default(homedir).describe('Home folder of programs.'),
})
export type AgentSettings = z.infer<typeof agentSettingsSchema>

/** Reads the settings from an environment; throws SettingsError. Empty values count as absent. */
export function readAgentSettings(environment: Readonly<Record<string, string | undefined>>): AgentSettings {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = agentSettingsSchema.safeParse(present)
  if (parsed.success) return parsed.data
  throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
}

/** `Build_Host.example` → `infra-build-host-example`. */
export function defaultAgentName(host: string): string {
  return `infra-${host.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 64).replace(/-+$/, '')
}
