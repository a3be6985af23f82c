/** A client of either server: plans from the request to the end, as users make them. */
import { Agent, request } from 'node:http'
import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'

const submit = `mutation ($input: SubmitRequestInput!) { submitRequest(input: $input) { ... on Request { id status } ... on Error { code message } } }`
const generate = `mutation ($input: GeneratePlanInput!) { generatePlan(input: $input) { ... on Plan { id contentHash status } ... on Error { code message } } }`
const approve = `mutation ($input: ApprovePlanInput!) { approvePlan(input: $input) { ... on Plan { id status } ... on Error { code message } } }`
const watch = `subscription ($planId: ID!) { planStatus(planId: $planId) { sequence plan { status } entry { kind } changedTasks { id status } } }`

type Event = { plan: { status: string }; changedTasks: { status: string }[] }
/** Milliseconds from the sending of the approval; `startedMs` to the first task seen at work. */
export type PlanTimes = { readonly startedMs: number; readonly completedMs: number }

export type LoadClient = {
  /** One plan of so many tasks, side by side; rejects where it does not complete. */
  runPlan(tasks: number): Promise<PlanTimes>
  stop(): Promise<void>
}

export function createLoadClient(url: string): LoadClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const sockets: Client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })

  async function mutate(query: string, field: string, input: unknown): Promise<Record<string, string>> {
    const body = JSON.stringify({ query, variables: { input } })
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json', 'content-length': Buffer.byteLength(body) }
      request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString())).on('error', reject)
      }).on('error', reject).end(body)
    })
    const answer = (JSON.parse(text) as { data?: Record<string, Record<string, string>> }).data?.[field]
    if (!answer?.['id']) throw new Error(`${field} answered ${text}`)
    return answer
  }

  return {
    async runPlan(tasks) {
      const subtasks = Array.from({ length: tasks }, (_, index) => ({ intent: 'step', parameters: { number: index } }))
      const { id: requestId } = await mutate(submit, 'submitRequest', { userId: 'bench', subtasks })
      const plan = await mutate(generate, 'generatePlan', { requestId })
      let approvedAt = 0
      let startedMs = 0
      const completed = new Promise<PlanTimes>((resolve, reject) => {
        let status = ''
        sockets.subscribe<{ planStatus: Event }>({ query: watch, variables: { planId: plan['id'] } }, {
          next({ data }) {
            const event = data!.planStatus
            status = event.plan.status
            if (!startedMs && event.changedTasks.some((task) => task.status === 'RUNNING' || task.status === 'SUCCEEDED')) startedMs = performance.now() - approvedAt
            if (status === 'COMPLETED') resolve({ startedMs, completedMs: performance.now() - approvedAt })
          },
          error: reject,
          complete: () => (status === 'COMPLETED' ? undefined : reject(new Error(`the stream ended at ${status}`))),
        })
      })
      approvedAt = performance.now()
      const [times] = await Promise.all([completed, mutate(approve, 'approvePlan', { planId: plan['id'], contentHash: plan['contentHash'], userId: 'bench' })])
      return times
    },
    async stop() {
      await sockets.dispose()
      agent.destroy()
    },
  }
}

/** Runs `count` plans with so many in flight. */
export async function runPlans(client: LoadClient, { count, tasks, inFlight }: { count: number; tasks: number; inFlight: number }): Promise<PlanTimes[]> {
  const times: PlanTimes[] = []
  let next = 0
  const worker = async () => {
    while (next++ < count) times.push(await client.runPlan(tasks))
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return times
}
