import { storableText } from './storable-text.ts'

export type Progress = { readonly progress: number; readonly message?: string }

/** Sends the first progress at once, later ones at most once an interval, always the newest. */
export type ProgressReporter = {
  report(fraction: number, message?: string): void
  /** Nothing is sent from now on. */
  stop(): void
}

export function createProgressReporter(send: (progress: Progress) => void, intervalMs: number): ProgressReporter {
  let next: Progress | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  function sendNext(): void {
    timer = null
    if (next === null || stopped) return
    const progress = next
    next = null
    timer = setTimeout(sendNext, intervalMs)
    timer.unref()
    send(progress)
  }

  return {
    report(fraction, message) {
      if (stopped || Number.isNaN(Number(fraction))) return
      const progress = Math.min(1, Math.max(0, Number(fraction)))
      next = { progress, ...(message !== undefined && { message: storableText(String(message).slice(0, 1_900)) }) }
      if (timer === null) sendNext()
    },
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}
