/** Submits a request, approves the plan that was read, and watches it to its end: `npm run example`, with the service running. */
import { createPlanwrightClient } from '../src/client/index.ts' // elsewhere: 'planwright/client'

const [url = 'http://127.0.0.1:4000/graphql', text = 'Deploy Kuma and add existing portals to config'] = process.argv.slice(2)
const client = createPlanwrightClient({ url })

const request = await client.submitAndWait({ text })
if (request.status !== 'PARSING_COMPLETE') throw new Error(request.failureReason ?? JSON.stringify(request.ambiguities))

const plan = await client.plan(request.id)
console.log(plan.summary)
await client.approve(plan)

for await (const { sequence, plan: { status }, entry } of client.watchPlan(plan.id, { afterSequence: 0 })) {
  console.log(`${sequence} ${status} ${entry?.kind}: ${entry?.message}`)
}
client.close()
