/** Records of a chaos run: files of JSON lines, one writer each, read again by the checker. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'

export type Journal = {
  /** Appends one line; where the journal is synced it is on the disk when this returns. */
  write(record: Readonly<Record<string, unknown>>): void
  close(): void
}

/** Opens a journal for appending; each line gets the time (milliseconds since 1970) as `t`. */
export function openJournal(path: string, { synced = false } = {}): Journal {
  const file = openSync(path, 'a')
  return {
    write(record) {
      writeSync(file, `${JSON.stringify({ t: Date.now(), ...record })}\n`)
      if (synced) fdatasyncSync(file)
    },
    close: () => closeSync(file),
  }
}
