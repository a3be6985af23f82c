import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPlanwrightClient } from '../../src/client/index.ts'
import { launchChromium } from '../harness/chromium.ts'
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts'
import { planOfSteps, startLiveService, type LiveService } from './live-service.ts'
import { installConsumer, root, runNode } from './packed.ts'

let consumer: Awaited<ReturnType<typeof installConsumer>>
beforeAll(async () => {
  consumer = await installConsumer()
}, 300_000)
afterAll(() => consumer?.remove())

describe('in a project that installed the packed package', () => {
  let service: LiveService
  beforeAll(async () => {
    service = await startLiveService()
  })
  afterAll(() => service?.stop())

  test('documents of its own get types from the packed schema, the types hold what they promise, and the program runs', async () => {
    const { folder } = consumer
    await runNode(folder, 'node_modules/@graphql-codegen/cli/cjs/bin.js', '--config', 'codegen.yaml')
    await runNode(folder, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.')
    const client = createPlanwrightClient({ url: `${service.url}/graphql` })
    const plan = await planOfSteps(client, 2)
    client.close()
    const lines = (await runNode(folder, 'src/board.ts', `${service.url}/graphql`)).trim().split('\n')
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${plan.id} \\d+ COMPLETED PLAN_COMPLETED$`)), 'NOT_FOUND'])
  })

  test('the agent SDK is there as JavaScript', async () => {
    expect(await runNode(consumer.folder, 'src/agent.ts')).toBe('function\n')
  })

  test('the example for Node plans, approves and watches', async () => {
    const output = await runNode(root, 'examples/watch-a-plan.ts', `${service.url}/graphql`, 'take a step')
    expect(output).toContain('Total estimated time: 1 minute')
    expect(output.trim().split('\n').at(-1)).toMatch(/^\d+ COMPLETED PLAN_COMPLETED: /)
  })
})

describe('in a browser', () => {
  let pages: ChildProcess
  let pageUrl = ''
  let service: LiveService
  let network: TcpProxy
  let browser: Browser
  beforeAll(async () => {
    pages = spawn(process.execPath, [join(root, 'examples/browser/serve.ts'), '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(pages.stdout!, 'data')) as [Buffer]
    pageUrl = String(line).trim()
    service = await startLiveService({ ALLOWED_ORIGINS: new URL(pageUrl).origin })
    network = await startTcpProxy(service.url)
    browser = await launchChromium()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await network?.stop()
    await service?.stop()
    pages?.kill()
  })

  async function openPage(): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(`${pageUrl}?api=${encodeURIComponent(new URL('/graphql', network.url).href)}`)
    return { page, faults }
  }

  test('a page plans, approves what it shows, and watches to the end although its connection is cut', async () => {
    const { page, faults } = await openPage()
    await page.fill('input[name=text]', 'take a step, then take a step, then take a step')
    await page.click('text=Plan it')
    await expect.poll(() => page.textContent('#summary'), { timeout: 30_000 }).toContain('Take a step')
    await page.click('#approve')
    await expect.poll(() => page.textContent('#log'), { timeout: 30_000 }).toContain('is running')
    network.cut()
    await expect.poll(() => page.textContent('#state'), { timeout: 30_000 }).toBe('COMPLETED: the plan is over.')
    const numbers = await page.$$eval('#log li', (lines) => lines.map((line) => (line as unknown as { value: number }).value))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(faults).toEqual([])
    await page.close()
  })

  test('a page shows what the API says is wrong', async () => {
    const { page } = await openPage()
    await page.fill('input[name=text]', ' ')
    await page.click('text=Plan it')
    await expect.poll(() => page.textContent('#state'), { timeout: 30_000 }).toMatch(/^INVALID_INPUT: /)
    await page.close()
  })

  test('a page from an origin that was not allowed gets nothing', async () => {
    const page = await browser.newPage()
    await page.goto(pageUrl.replace('127.0.0.1', 'localhost'))
    const outcome = await page.evaluate(async (url) => {
      const post = fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' })
      const answer = await post.then(() => 'answered', () => 'refused')
      const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
      const opened = await new Promise((resolve) => {
        socket.addEventListener('open', () => resolve('opened'))
        socket.addEventListener('error', () => resolve('refused'))
      })
      return [answer, opened]
    }, new URL('/graphql', service.url).href)
    expect(outcome).toEqual(['refused', 'refused'])
    await page.close()
  })
})
