/** Renders a stack's compose file and starts it where docker works; says so where it does not. */
import { spawn } from 'node:child_process'
import { hostname } from 'node:os'
import { statePath, writeWhole } from './state.mjs'
import { composeFile, stacks } from './stacks.mjs'
import { listOf, runTask, TaskError } from './task.mjs'

const probeMs = 20_000
const startMs = 8 * 60_000

await runTask(['stack', 'hosts', 'version'], async ({ stack: name, hosts, version }) => {
  const stack = Object.hasOwn(stacks, name) ? stacks[name] : undefined
  if (!stack) throw new TaskError('refused', `There is no stack ${name}; there are ${Object.keys(stacks).join(', ')}.`)
  const tag = version || stack.tag
  if (!/^\w[\w.-]{0,127}$/.test(tag)) throw new TaskError('refused', `${tag} cannot be the version of an image.`)
  const targets = listOf(hosts)
  const wrong = targets.find((host) => !/^[A-Za-z0-9_][\w.:-]*$/.test(host))
  if (wrong) throw new TaskError('refused', `${wrong} is not the name of a host.`)

  const folder = `stacks/${name}`
  const rendered = `${folder}/compose.yaml`
  const machines = targets.length ? targets : ['localhost']
  const portals = machines.map((host) => ({
    name: machines.length > 1 ? `${stack.title} on ${host}` : stack.title, url: `http://${host}:${stack.port}`,
  }))
  await writeWhole(statePath(rendered), composeFile(name, stack, tag))
  await writeWhole(statePath(folder, 'portals.json'), `${JSON.stringify(portals, null, 2)}\n`)
  const output = { rendered, image: `${stack.image}:${tag}`, portals }

  for (const host of machines) {
    if (!(await dockerWorks(host))) return { ...output, started: false, reason: `docker is not available${targets.length ? ` on ${host}` : ''}` }
  }
  for (const host of machines) {
    const { code, lastLine } = await docker(host, ['compose', '-p', name, '-f', statePath(rendered), 'up', '-d'], startMs)
    if (code !== 0) throw new TaskError('failed', `docker compose could not start ${name} on ${host}: ${lastLine || `exit code ${code}`}`)
  }
  return { ...output, started: true, hosts: machines }
})

/** The daemon answers and has the compose command. */
async function dockerWorks(host) {
  for (const args of [['compose', 'version'], ['info']]) {
    if ((await docker(host, args, probeMs)).code !== 0) return false
  }
  return true
}

/** Runs docker against this machine or, over SSH with the agent's keys, another one. */
function docker(host, args, timeout) {
  const isHere = ['localhost', '127.0.0.1', hostname()].includes(host)
  return new Promise((resolve) => {
    // With `timeout` in its place a docker that is missing would keep this program waiting until then.
    const signal = AbortSignal.timeout(timeout)
    const child = spawn('docker', isHere ? args : ['-H', `ssh://${host}`, ...args], { stdio: ['ignore', 'ignore', 'pipe'], signal })
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text) => { errors = (errors + text).slice(-4_000) })
    child.on('error', (error) => resolve({ code: null, lastLine: signal.aborted ? 'it took too long' : error.message }))
    child.on('close', (code) => resolve({ code, lastLine: errors.trim().split('\n').at(-1) ?? '' }))
  })
}
