/** What a backup holds: copies of the configuration and a manifest with their checksums. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { filesBelow, statePath } from './state.mjs'

const configuration = { files: ['portals.json', 'schedules.json', 'notes.json'], folders: ['portals.d', 'stacks'] }

export const manifestName = 'manifest.json'

export const sha256 = (content) => createHash('sha256').update(content).digest('hex')

/** Paths of all configuration files, relative to the state folder. */
export async function configurationFiles() {
  const paths = configuration.files.filter((file) => existsSync(statePath(file)))
  for (const folder of configuration.folders) {
    const files = await filesBelow(statePath(folder))
    // A draft is what a script that was killed left behind.
    paths.push(...files.map(({ path }) => `${folder}/${path}`).filter((path) => !path.endsWith('.draft')))
  }
  return paths
}
