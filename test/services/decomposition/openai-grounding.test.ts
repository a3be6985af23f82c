import { expect, test } from 'vitest'
import { createGrounding } from '../../../src/services/decomposition/openai/grounding.ts'

const sources = ['Restart the service on web-01, and copy “Holliday Pictures” to user7.', '重启数据库服务']

test.each([
  { value: 'web-01', stands: true },
  { value: 'WEB-01', stands: true },
  { value: 'web-0', stands: false },
  { value: 'web-02', stands: false },
  { value: 'user8', stands: false },
  { value: 'holiday pictures', stands: true },
  { value: 'pictures holliday', stands: true },
  { value: 'picture', stands: true },
  { value: '数据库', stands: true },
  { value: '服务器', stands: false },
  { value: 'sk-test-0123456789', stands: false },
  { value: 'service.evil', stands: false },
  { value: '...', stands: false },
  { value: '', stands: false },
])('$value stands in the request: $stands', ({ value, stands }) => {
  expect(createGrounding(sources).covers(value)).toBe(stands)
})

test('a quotation is word by word', () => {
  const { quotes } = createGrounding(sources)
  expect(quotes('restart  the\nservice')).toBe(true)
  expect(quotes('service restart')).toBe(false)
  expect(quotes('estart the')).toBe(false)
})

test('an answer that is all invention is judged in bounded time', () => {
  const word = (seed: number) => `a${(seed * 7919).toString(36).replace(/\d/g, 'q')}b`
  const { covers } = createGrounding([Array.from({ length: 1_600 }, (_, index) => word(index)).join(' ')])
  // Processor time: what else the machine does is not measured.
  const started = process.cpuUsage()
  for (let index = 0; index < 15_000; index++) covers(`${word(index)}zz`)
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000)
})
