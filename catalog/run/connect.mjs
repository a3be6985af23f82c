/** Opens TCP connections to a port of hosts and measures how long each takes; fails where one cannot be opened. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { listOf, runTask, TaskError } from './task.mjs'

await runTask(['hosts', 'port', 'count'], async ({ hosts, port: givenPort, count: givenCount }) => {
  const [port, count] = [Number(givenPort || 443), Number(givenCount || 1)]
  if (!(port >= 1 && port <= 65_535)) throw new TaskError('refused', `${givenPort} is not a port.`)
  const results = []
  for (const host of listOf(hosts)) {
    const times = []
    for (let turn = 0; turn < count; turn++) times.push(await connectTime(host, port))
    const sorted = times.toSorted((one, other) => one - other)
    results.push({ host, minMs: sorted[0], medianMs: sorted[Math.floor((sorted.length - 1) / 2)], maxMs: sorted.at(-1) })
  }
  return { port, connections: count, results }
})

/** Milliseconds until the connection is open, to a hundredth. */
async function connectTime(host, port) {
  const began = performance.now()
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(5_000) })
    return Math.round((performance.now() - began) * 100) / 100
  } catch (error) {
    throw new TaskError('failed', `${host}:${port} cannot be reached: ${error.name === 'AbortError' ? 'no answer within 5 seconds' : error.code ?? error.message}`)
  } finally {
    socket.destroy()
  }
}
