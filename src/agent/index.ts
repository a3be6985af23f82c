/** The agent SDK: what is needed to write an agent. */
export { createAgent } from './agent.ts'
export type { Agent, AgentOptions } from './agent.ts'
export type { AgentLimits } from './agent-limits.ts'
export type { AgentResources } from './agent-resources.ts'
export type { TaskContext, TaskHandler, TaskHandlers } from './handler.ts'
export { TaskFailure } from './task-failure.ts'
export { createWorkVerifier, type WorkVerifierOptions } from './verify-work.ts'
export type { VerifyEvent, WorkEvent } from './work-intake.ts'
