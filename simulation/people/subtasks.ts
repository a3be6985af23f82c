/** What is asked for, as programs submit it: a few subtasks that wait for each other in some way. */
import type { SubmittedSubtask } from '../../src/services/decomposition/submit-request.ts'
import { simulatedIntents } from '../catalog.ts'
import type { Random } from '../random.ts'

export function drawSubtasks(random: Random): SubmittedSubtask[] {
  const shape = random.pick(['chain', 'loose', 'mixed'] as const)
  return Array.from({ length: 1 + random.below(5) }, (_, index) => {
    const intent = random.pick(simulatedIntents)
    const before = index === 0 || shape === 'loose' ? [] : shape === 'chain' ? [index] : random.chance(0.6) ? [1 + random.below(index)] : []
    return { intent, parameters: intent === 'write' ? { place: `place-${index}` } : {}, dependsOn: before }
  })
}
