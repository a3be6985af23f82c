import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConnectionLostError, createPlanwrightClient, type PlanwrightClient } from '../../src/client/index.ts'
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts'
import { planOfSteps, startLiveService, type LiveService } from './live-service.ts'

let service: LiveService
let network: TcpProxy
let client: PlanwrightClient
beforeAll(async () => {
  service = await startLiveService()
  network = await startTcpProxy(service.url)
  client = createPlanwrightClient({ url: new URL('/graphql', network.url).href, userId: 'ada' })
})
afterAll(async () => {
  client?.close()
  await network?.stop()
  await service?.stop()
})

test('a submission that has to be sent again is one request', async () => {
  const text = `take a step ${randomBytes(4).toString('hex')}`
  // The first answer is lost after the service has acted.
  const hold = network.hold(({ direction }) => direction === 'toClient')
  const submitting = client.submitAndWait({ text })
  await hold.reached
  network.cut()
  hold.release()
  const request = await submitting
  expect(request).toMatchObject({ text, submittedBy: 'ada', status: 'PARSING_COMPLETE' })
  const { requests } = await client.run<{ requests: { nodes: { text: string }[] } }, object>('{ requests(first: 100) { nodes { text } } }')
  expect(requests.nodes.filter((one) => one.text === text)).toHaveLength(1)
})

test('approving another plan than the one that was read throws PLAN_CHANGED with the present hash', async () => {
  const plan = await planOfSteps(client, 2)
  await expect(client.approve({ id: plan.id, contentHash: 'f'.repeat(64) })).rejects.toMatchObject({
    code: 'PLAN_CHANGED', details: { contentHash: plan.contentHash, revision: 1 },
  })
  expect(await client.approve(plan)).toMatchObject({ contentHash: plan.contentHash })
  await expect(client.reject(plan)).rejects.toMatchObject({ code: 'INVALID_STATE', details: { approval: { decision: 'APPROVED', decidedBy: 'ada' } } })
})

test('refused input throws with each broken rule and its path', async () => {
  await expect(client.submitAndWait({ text: ' ' })).rejects.toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: 'text' }] })
  await expect(client.readPlan('Plan_none')).rejects.toMatchObject({ code: 'NOT_FOUND', path: ['plan'] })
})

test('a service that stays away is reported as such, within the time allowed', async () => {
  network.refuse()
  network.cut()
  try {
    await expect(client.submitAndWait({ text: 'take a step' }, { retryForMs: 500 })).rejects.toThrow(ConnectionLostError)
  } finally {
    network.accept()
  }
})

test('a page in place of the service is told from a service', async () => {
  const wrong = createPlanwrightClient({ url: `${service.url}/elsewhere` })
  await expect(wrong.readPlan('Plan_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const page = createPlanwrightClient({ url: service.url, fetch: async () => new Response('<html>', { status: 200 }) })
  await expect(page.readPlan('Plan_none')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})
