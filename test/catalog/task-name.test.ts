import { expect, test } from 'vitest'
import { deriveTaskName, renderTaskName } from '../../src/catalog/task-name.ts'

test.each([
  ['Add {{scope}} portals to config', { scope: 'existing' }, 'Add existing portals to config'],
  ['Add {{scope}} portals to config', {}, 'Add portals to config'],
  ['Restart {{container}} on {{hosts}}', { container: 'caddy', hosts: ['a', 'b'] }, 'Restart caddy on a, b'],
  ['Deploy Uptime Kuma ({{version}})', {}, 'Deploy Uptime Kuma'],
  ['Renew a certificate: {{hostname}}', {}, 'Renew a certificate'],
])('%s with %j reads %s', (name, parameters, expected) => {
  expect(renderTaskName({ name, parameters: [] }, parameters)).toBe(expected)
})

test('a derived name is the first sentence and the required parameters', () => {
  const parameters = [
    { name: 'vm', type: 'string', required: true }, { name: 'label', type: 'string', required: false },
    { name: 'token', type: 'secret', required: true },
  ]
  expect(deriveTaskName('Take a snapshot. It is quick.', parameters)).toBe('Take a snapshot: {{vm}}')
})
