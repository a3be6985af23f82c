/** The floor's agent: takes up to 512 messages at a time and answers each with a confirmed result before its ack. */
import { connect } from 'amqplib'
import { resultQueue, workQueue } from './floor.ts'

const connection = await connect(process.env.AMQP_URL ?? '', { noDelay: true })
const [confirm, channel] = [await connection.createConfirmChannel(), await connection.createChannel()]
await channel.prefetch(512)
await channel.consume(workQueue, (message) => {
  if (!message) return
  const { planId, id } = JSON.parse(message.content.toString()) as { planId: string; id: string }
  const body = Buffer.from(JSON.stringify({ planId, taskId: id, output: { ok: true } }))
  confirm.sendToQueue(resultQueue, body, { persistent: true }, (error) => (error ? channel.nack(message) : channel.ack(message)))
})
console.log('ready')
process.once('SIGTERM', () => process.exit(0))
