/** HTTP by hand. */
import { connect } from 'node:net'

export type RawAnswer = { readonly status: number | null; readonly text: string; readonly ms: number; readonly closed: boolean }

/**
 * Sends bytes and reads until the answer is whole, the connection ends, or `deadlineMs` are over. Parts are sent one
 * after the other, `pauseMs` apart.
 */
export function sendRaw(port: number, parts: readonly (string | Buffer)[], { deadlineMs = 30_000, pauseMs = 0 } = {}): Promise<RawAnswer> {
  const started = performance.now()
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    let sent = 0
    const send = () => {
      if (sent < parts.length && !socket.destroyed) socket.write(parts[sent++]!)
      if (sent < parts.length) setTimeout(send, pauseMs)
    }
    const done = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]
      resolve({ status: status ? Number(status) : null, text, ms: performance.now() - started, closed })
    }
    const timer = setTimeout(() => done(false), deadlineMs)
    socket.on('connect', send)
    socket.on('data', (data) => {
      text += data.toString('latin1')
      const [head, body] = text.split('\r\n\r\n', 2)
      const length = /\r\ncontent-length: (\d+)/i.exec(head!)?.[1]
      if (body !== undefined && length !== undefined && body.length >= Number(length)) done(false)
    })
    socket.on('error', () => {})
    socket.on('close', () => done(true))
  })
}

/** What no answer may show: stacks, paths, SQL, names of libraries and errors nobody expected. */
export const leaks = /node_modules|\/src\/|\.ts:\d|\bat [\w.<>]+ \(|\bselect\s.{1,200}\sfrom\s|\binsert into\b|postgres|mikro|ECONN|(?<!Syntax )Error: |Unexpected error|INTERNAL_SERVER_ERROR/i
