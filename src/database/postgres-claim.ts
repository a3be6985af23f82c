import { Client } from 'pg'

/** Says which process a running embedded server belongs to; given up when that process ends, however it ends. */
export type ServerClaim = { isHeld(): boolean; release(): void }

// Any constant will do as long as it stays the same: 'ownr' in ASCII.
const claimLock = 0x6f776e72

/** Claims the server for this process, unless a living process has claimed it before. Never throws. */
export async function claimServer(url: string): Promise<ServerClaim> {
  const client = new Client({
    connectionString: url,
    application_name: 'planwright-owner',
    connectionTimeoutMillis: 5_000,
  })
  let held = false
  const release = () => {
    held = false
    void client.end().catch(() => {})
  }
  client.on('error', release)
  client.on('end', () => (held = false))
  try {
    await client.connect()
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [claimLock])
    held = rows[0]?.held ?? false
  } catch {
    // A server that is down again by now belongs to nobody.
  }
  if (!held) release()
  return { isHeld: () => held, release }
}
