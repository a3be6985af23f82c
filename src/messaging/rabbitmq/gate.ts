/** Something that comes and goes, and that others wait for. */
export type Gate<T> = {
  /** What is there now. */
  value(): T | null
  /** What is there now, or comes next; null: it will not come any more. */
  next(): Promise<T | null>
  open(value: T): void
  close(): void
  /** Nothing comes any more. */
  end(): void
}

export function createGate<T>(): Gate<T> {
  let present: T | null = null
  let coming = Promise.withResolvers<T | null>()
  let ended = false
  return {
    value: () => present,
    next: () => coming.promise,
    open(value) {
      if (ended) return
      present = value
      coming.resolve(value)
    },
    close() {
      if (present === null) return
      present = null
      if (!ended) coming = Promise.withResolvers()
    },
    end() {
      ended = true
      present = null
      // Whoever asks from now on must not get what was there before.
      coming.resolve(null)
      coming = Promise.withResolvers()
      coming.resolve(null)
    },
  }
}
