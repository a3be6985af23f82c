import { readdirSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import type { AgentHeartbeat } from '../messaging/messages.ts'

/** Capacity as heartbeats report it: free cores, free MiB of memory, GPUs. */
export type AgentResources = AgentHeartbeat['resources']

/** What this machine, or the container around the process, has free now. */
export function measureResources(): AgentResources {
  return {
    cpuFree: Math.max(0, Math.round((availableParallelism() - (loadavg()[0] ?? 0)) * 100) / 100),
    memoryFreeMb: Math.floor(process.availableMemory() / 1_048_576),
    gpus: countGpus(),
  }
}

/** NVIDIA devices, as the driver lists them. */
function countGpus(): number {
  try {
    return readdirSync('/dev').filter((name) => /^nvidia\d+$/.test(name)).length
  } catch {
    return 0
  }
}
