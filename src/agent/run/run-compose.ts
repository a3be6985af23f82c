import type { RunSpec } from '../../catalog/capability.ts'
import { TaskFailure } from '../task-failure.ts'
import { fillText } from './fill-template.ts'
import { findInside } from './jail.ts'
import type { RunJob } from './run-environment.ts'
import { runProgram } from './run-program.ts'

const actions = { up: ['up', '-d'], down: ['down'], restart: ['restart'] } as const

/** Brings a compose project up or down, or restarts it; the file lies in the project or in the agent's data folder. */
export async function runCompose(job: RunJob, spec: Extract<RunSpec, { kind: 'compose' }>): Promise<unknown> {
  const project = fillText(spec.project, job.values)
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(project)) {
    throw new TaskFailure(
      'PARAMETER_REFUSED',
      'A compose project is named with lower-case letters, digits, dashes and underscores.',
    )
  }
  const file = await findInside([job.environment.projectRoot, job.environment.dataDir], fillText(spec.file, job.values))
  const output = await runProgram(job, {
    argv: ['docker', 'compose', '-p', project, '-f', file, ...actions[spec.action]],
  })
  return { project, action: spec.action, text: output.text() }
}
