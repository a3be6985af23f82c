/** Enters a maintenance window into schedules.json; the same window is entered once. */
import { createHash } from 'node:crypto'
import { editJson, statePath } from './state.mjs'
import { listOf, runTask, TaskError } from './task.mjs'

await runTask(['hosts', 'schedule', 'duration'], async ({ hosts: given, schedule, duration }) => {
  const hosts = listOf(given).sort()
  if (!hosts.length || !schedule) throw new TaskError('refused', 'A maintenance window needs hosts and a time.')
  const id = createHash('sha256').update(JSON.stringify([hosts, schedule.toLowerCase()])).digest('hex').slice(0, 12)
  return editJson(statePath('schedules.json'), { windows: [] }, (file) => {
    if (!Array.isArray(file.windows)) throw new TaskError('refused', 'schedules.json has no list of windows.')
    const known = file.windows.find((window) => window.id === id)
    const window = { id, hosts, schedule, ...(duration && { duration }) }
    if (known) Object.assign(known, window)
    else file.windows.push(window)
    return { id, added: !known, total: file.windows.length }
  })
})
