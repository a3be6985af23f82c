import type { RunSpec } from '../../catalog/capability.ts'
import { fillArguments, fillText } from './fill-template.ts'
import type { RunJob } from './run-environment.ts'
import { runProgram } from './run-program.ts'

/** Runs a program; the output is the last JSON line of its standard output, else its text. */
export async function runCommand(job: RunJob, spec: Extract<RunSpec, { kind: 'command' }>): Promise<unknown> {
  const output = await runProgram(job, {
    argv: fillArguments(spec.argv, job.values),
    ...(spec.cwd !== undefined && { cwd: fillText(spec.cwd, job.values) }),
  })
  return output.json() ?? { text: output.text() }
}
