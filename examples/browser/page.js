/** From a sentence to the end of its plan in a page without a build step. `?api=` names the service. */
import { createPlanwrightClient } from 'planwright/client'

const api = new URLSearchParams(location.search).get('api') ?? 'http://127.0.0.1:4000/graphql'
const client = createPlanwrightClient({ url: api })
const element = (id) => document.getElementById(id)
const show = (text) => (element('state').textContent = text)

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const text = new FormData(event.target).get('text')
  try {
    await planAndWatch(text)
  } catch (error) {
    show(`${error.code ?? error.name}: ${error.message}`)
  }
})

async function planAndWatch(text) {
  show('…')
  element('log').replaceChildren()
  const request = await client.submitAndWait({ text })
  if (request.status !== 'PARSING_COMPLETE') {
    return show(request.failureReason ?? request.ambiguities.map(({ question }) => question).join(' '))
  }
  const plan = await client.plan(request.id)
  element('summary').textContent = plan.summary
  element('approve').hidden = false
  element('approve').onclick = () => client.approve(plan).then(() => (element('approve').hidden = true), (error) => show(error.message))
  const onInterruption = ({ retryInMs }) => show(`Connection lost, again in ${Math.round(retryInMs)} ms`)
  for await (const { sequence, plan: { status }, entry } of client.watchPlan(plan.id, { afterSequence: 0, onInterruption })) {
    show(status)
    const line = document.createElement('li')
    line.value = sequence
    line.textContent = entry.message
    element('log').append(line)
  }
  element('approve').hidden = true
  show(`${element('state').textContent}: the plan is over.`)
}
