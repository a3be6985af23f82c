import { expect, test } from 'vitest'
import { agentTopology, serviceTopology } from '../../src/messaging/topology.ts'

test('every lasting queue is replicated in a cluster and bounded in length and redeliveries', () => {
  const queues = [...serviceTopology('p').queues, ...agentTopology('p', 'infra-1').queues]
  expect(queues.length).toBeGreaterThan(4)
  for (const { arguments: args } of queues) {
    expect(args).toMatchObject({ 'x-queue-type': 'quorum', 'x-max-length': expect.any(Number), 'x-delivery-limit': expect.any(Number) })
  }
})
