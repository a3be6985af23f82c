/**
 * Many watchers of one plan in a process of their own: `node bench/subscriber-clients.ts URL PLAN COUNT`. They speak the
 * protocol by hand, so that what is measured is the service. Each checks that no number is missing or comes twice.
 */
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'

const [url = '', planId = '', count = '1'] = process.argv.slice(2)
const query = `subscription ($id: ID!) { planStatus(planId: $id) {
  sequence plan { status } entry { at kind message } changedTasks { order status }
} }`
/** Of every so many watchers one reads the time of each entry. */
const sampled = 25

type Totals = { deliveries: number; faults: number; latenciesMs: number[] }
const totals: Totals = { deliveries: 0, faults: 0, latenciesMs: [] }

/** Resolves with the first event; the returned promise of `ended` with the completion. */
function watch(index: number): Promise<{ ended: Promise<void> }> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false, skipUTF8Validation: true })
  const id = randomUUID()
  const head = Buffer.from(`{"id":"${id}","type":"next","payload":{"data":{"planStatus":{"sequence":`)
  const ended = Promise.withResolvers<void>()
  let last = 0
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('message', (message: Buffer) => {
      if (message.length > head.length && message[head.length - 1] === head.at(-1)) {
        const sequence = numberAt(message, head.length)
        totals.deliveries++
        if (last > 0 && sequence !== last + 1) totals.faults++
        if (last === 0) resolve({ ended: ended.promise })
        else if (index % sampled === 0) totals.latenciesMs.push(Date.now() - Date.parse(/"at":"([^"]+)"/.exec(message.toString())![1]!))
        last = sequence
      } else if (message.includes('connection_ack')) {
        socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables: { id: planId } } }))
      } else if (message.includes('"complete"')) {
        socket.close()
        ended.resolve()
      }
    })
    socket.on('close', (code) => {
      if (code !== 1005 && code !== 1000) totals.faults++
      reject(new Error(`The service closed the connection with ${code}.`))
      ended.resolve()
    })
  })
}

function numberAt(message: Buffer, offset: number): number {
  let value = 0
  for (let at = offset; message[at]! >= 48 && message[at]! <= 57; at++) value = value * 10 + message[at]! - 48
  return value
}

const watchers: { ended: Promise<void> }[] = []
const together = 50
for (let index = 0; index < Number(count); index += together) {
  const size = Math.min(together, Number(count) - index)
  watchers.push(...(await Promise.all(Array.from({ length: size }, (_, offset) => watch(index + offset)))))
}
totals.deliveries = 0
console.log('ready')
await Promise.all(watchers.map(({ ended }) => ended))
process.stdout.write(`totals ${JSON.stringify(totals)}\n`)
