import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunSpec } from '../../catalog/capability.ts'
import { fillJson, fillText } from './fill-template.ts'
import { findInside } from './jail.ts'
import type { RunJob } from './run-environment.ts'
import { runProgram } from './run-program.ts'

/** Plays a playbook; the output is the recap, by host, and the last of what was printed. */
export async function runAnsible(job: RunJob, spec: Extract<RunSpec, { kind: 'ansible' }>): Promise<unknown> {
  const { projectRoot, dataDir } = job.environment
  const playbook = await findInside([projectRoot, dataDir], fillText(spec.playbook, job.values))
  const argv = ['ansible-playbook', playbook]
  if (spec.inventory !== undefined) argv.push(`--inventory=${await inventoryOf(job, spec.inventory)}`)
  const extraVars = JSON.stringify(fillJson(spec.extraVars ?? {}, job.values))
  // Others on the machine can read arguments, so variables with secrets go through a private file.
  const file = job.secrets.size > 0 ? join(dataDir, `extra-vars-${randomUUID()}.json`) : null
  if (file) await writeFile(file, extraVars, { mode: 0o600 })
  try {
    const output = await runProgram(job, {
      argv: [...argv, '--extra-vars', file ? `@${file}` : extraVars],
      variables: { ANSIBLE_NOCOLOR: '1', ANSIBLE_FORCE_COLOR: '0' },
    })
    return { recap: readRecap(output.text()), text: output.text() }
  } finally {
    if (file) await rm(file, { force: true })
  }
}

/** A list of hosts (with a comma, as Ansible wants it) or a file. */
async function inventoryOf(job: RunJob, template: string): Promise<string> {
  const filled = fillText(template, job.values)
  return filled.includes(',') ? filled : findInside([job.environment.projectRoot, job.environment.dataDir], filled)
}

/** `web1 : ok=2 changed=1 …` → `{web1: {ok: 2, changed: 1, …}}`. */
function readRecap(text: string): Record<string, Record<string, number>> {
  const after = text.split(/^PLAY RECAP.*$/m).at(1) ?? ''
  const hosts = [...after.matchAll(/^(\S+)\s*:\s*((?:\w+=\d+\s*)+)$/gm)]
  return Object.fromEntries(
    hosts.map(([, host = '', counts = '']): [string, Record<string, number>] => [
      host,
      Object.fromEntries(
        [...counts.matchAll(/(\w+)=(\d+)/g)].map(([, name = '', count]): [string, number] => [name, Number(count)]),
      ),
    ]),
  )
}
