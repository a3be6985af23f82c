import { Socket } from 'node:net'

/**
 * Sends what is written in one turn of the event loop with one system call. pg corks its socket for each statement
 * by itself; on a pipelined connection a transaction sends ten of them together.
 */
export class CoalescingSocket extends Socket {
  override uncork(): void {
    // Corks are counted: the last of the turn lets all of it go.
    process.nextTick(() => super.uncork())
  }
}
