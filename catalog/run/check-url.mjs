/** Asks a web address and fails unless it answers as expected. */
import { runTask, TaskError } from './task.mjs'

await runTask(['url', 'status'], async ({ url: given, status: expected }) => {
  const url = /^[a-z]+:\/\//i.test(given) ? given : `https://${given}`
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new TaskError('refused', `${given} is not a web address.`)
  const began = performance.now()
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) }).catch((error) => {
    throw new TaskError('failed', `${url} did not answer: ${error.cause?.code ?? error.cause?.message ?? error.message}`)
  })
  const latencyMs = Math.round(performance.now() - began)
  await response.body?.cancel()
  const isExpected = expected ? response.status === Number(expected) : response.status < 400
  if (!isExpected) throw new TaskError('failed', `${url} answered with status ${response.status}${expected ? ` instead of ${expected}` : ''}.`)
  return { url, status: response.status, latencyMs }
})
