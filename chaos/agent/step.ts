/** What a step is told to do, and how it takes its time. */
import { setTimeout as sleep } from 'node:timers/promises'

export type Step = {
  readonly token: string
  readonly ending: 'succeed' | 'fail' | 'fail_once'
  readonly milliseconds: number
  readonly stubborn: boolean
}

/** The approved parameters of a step; the service has checked their types. */
export function readStep(parameters: Readonly<Record<string, unknown>>): Step {
  return {
    token: String(parameters.token),
    ending: parameters.ending === 'fail' || parameters.ending === 'fail_once' ? parameters.ending : 'succeed',
    milliseconds: Number(parameters.milliseconds),
    stubborn: parameters.stubborn === true,
  }
}

/** Waits as long as the step takes, telling its progress; ends early when it is stopped, unless it is stubborn. */
export async function takeTime(step: Step, signal: AbortSignal, progress: (fraction: number) => void): Promise<void> {
  const parts = Math.max(1, Math.ceil(step.milliseconds / 1_000))
  for (let part = 1; part <= parts; part++) {
    await sleep(step.milliseconds / parts, undefined, step.stubborn ? {} : { signal })
    if (part < parts) progress(part / parts)
  }
}
