/** Adds known portals to portals.json: those described in portals.d and those of stacks that were deployed. */
import { editJson, filesBelow, readJson, statePath } from './state.mjs'
import { listOf, readHandover, runTask, TaskError } from './task.mjs'

await runTask(['scope', 'portals'], async ({ scope, portals: names }) => {
  const deployed = Object.values((await readHandover()).inputs).flatMap((output) => output?.portals ?? []).filter(isPortal)
  const chosen = names
    ? choose(listOf(names), [...(await knownPortals()), ...deployed])
    : scope === 'new' ? deployed : scope === 'existing' ? await knownPortals() : [...(await knownPortals()), ...deployed]
  return editJson(statePath('portals.json'), { portals: [] }, (config) => {
    if (!Array.isArray(config.portals)) throw new TaskError('refused', 'portals.json has no list of portals.')
    const added = []
    for (const { name, url } of chosen) {
      if (config.portals.some((portal) => portal.name === name && portal.url === url)) continue
      const same = config.portals.find((portal) => portal.name === name)
      if (same) same.url = url
      else config.portals.push({ name, url })
      added.push(name)
    }
    return { config: 'portals.json', added, total: config.portals.length }
  })
})

async function knownPortals() {
  const described = (await filesBelow(statePath('portals.d'))).filter(({ path }) => path.endsWith('.json')).map(({ path }) => statePath('portals.d', path))
  const deployed = (await filesBelow(statePath('stacks'))).filter(({ path }) => path.endsWith('portals.json')).map(({ path }) => statePath('stacks', path))
  const known = []
  for (const path of [...described, ...deployed]) {
    const entries = [await readJson(path, [])].flat()
    if (!entries.every(isPortal)) throw new TaskError('refused', `${path.slice(statePath().length + 1)} must hold portals with a name and an http(s) url.`)
    known.push(...entries)
  }
  return known
}

/** Portals by name, in any spelling; a domain or an address that is not known becomes a portal of its own. */
function choose(names, known) {
  return names.map((name) => {
    const found = known.find((portal) => portal.name.toLowerCase() === name.toLowerCase())
    if (found) return found
    const url = /^https?:\/\//.test(name) ? name : /^[\w-]+(\.[\w-]+)+(:\d+)?$/.test(name) ? `https://${name}` : ''
    if (URL.canParse(url)) return { name: new URL(url).host, url }
    throw new TaskError('missing', `No portal "${name}" is known: describe it in portals.d/, or give its address.`)
  })
}

function isPortal(entry) {
  return typeof entry?.name === 'string' && entry.name !== '' && typeof entry.url === 'string' && /^https?:\/\//.test(entry.url) && URL.canParse(entry.url)
}
