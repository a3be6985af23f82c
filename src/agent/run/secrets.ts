import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ParameterSpec } from '../../catalog/capability.ts'
import { TaskFailure } from '../task-failure.ts'

/** The secret of this name, or null where the agent has none. */
export type ReadSecret = (name: string) => Promise<string | null>

const maxSecretBytes = 65_536
const reference = /^secret:([A-Za-z0-9][A-Za-z0-9_.-]{0,127})$/

/** The environment variable that carries a secret: `db-password` → PLANWRIGHT_SECRET_DB_PASSWORD. */
export const secretVariable = (name: string): string =>
  `PLANWRIGHT_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`

/** Secrets from the agent's environment or else from files, one each, in a folder. */
export function createSecretReader(
  variables: Readonly<Record<string, string | undefined>>,
  folder: string,
): ReadSecret {
  return async (name) => {
    const given = variables[secretVariable(name)]
    if (given) return given
    const file = join(folder, name)
    try {
      if ((await stat(file)).size > maxSecretBytes) return null
      return (await readFile(file, 'utf8')).replace(/\r?\n$/, '') || null
    } catch {
      return null
    }
  }
}

/** The secrets that the parameters refer to (`secret:NAME`), by parameter. Throws TaskFailure SECRET_MISSING. */
export async function resolveSecrets(
  specs: readonly ParameterSpec[],
  parameters: Readonly<Record<string, unknown>>,
  readSecret: ReadSecret,
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  for (const spec of specs) {
    const value = parameters[spec.name]
    if (spec.type !== 'secret' || value === undefined || value === null) continue
    const name = typeof value === 'string' ? reference.exec(value)?.[1] : undefined
    if (!name) throw new TaskFailure('SECRET_MISSING', `The parameter ${spec.name} must name a secret: secret:NAME.`)
    const secret = await readSecret(name)
    if (secret === null) {
      throw new TaskFailure(
        'SECRET_MISSING',
        `This agent has no secret ${name}: set ${secretVariable(name)} or write secrets/${name} in its data folder.`,
      )
    }
    secrets.set(spec.name, secret)
  }
  return secrets
}
