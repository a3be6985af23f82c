/** A real Chromium: the one on PATH, else the distribution's package, else one clear message. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Starts a browser without a window. */
export function launchChromium(): Promise<Browser> {
  const executablePath = find() ?? install()
  // Chromium's own sandbox refuses to run as root, as containers do.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}

function find(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return candidates.find(isExecutable) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function install(): string {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const steps: readonly (readonly string[])[] = [['update', '-qq'], ['install', '-y', '-qq', '--no-install-recommends', 'chromium']]
  try {
    if (process.getuid?.() === 0) for (const step of steps) execFileSync('apt-get', step, { env, stdio: 'pipe', timeout: 300_000 })
  } catch (error) {
    throw new Error('The browser tests need Chromium: none is on PATH, and the package chromium could not be installed.', { cause: error })
  }
  const installed = find()
  if (!installed) throw new Error('The browser tests need Chromium: put chromium or google-chrome on PATH, or run them as root on Debian or Ubuntu.')
  return installed
}
