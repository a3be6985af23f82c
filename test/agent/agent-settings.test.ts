import { describe, expect, test } from 'vitest'
import { defaultAgentName, readAgentSettings } from '../../src/agent/agent-settings.ts'

describe('agent settings', () => {
  test('have defaults for everything but the broker', () => {
    expect(readAgentSettings({ AMQP_URL: 'amqp://localhost', AGENT_SLOTS: '' })).toMatchObject({
      AMQP_PREFIX: 'planwright',
      CATALOG: 'catalog',
      AGENT_SLOTS: 4,
      DATA_DIR: '.planwright',
      LOG_LEVEL: 'info',
      AGENT_NAME: expect.stringMatching(/^infra-[a-z0-9-]+$/),
    })
  })

  test('report all faults together', () => {
    const reading = () => readAgentSettings({ AGENT_NAME: 'Not OK', AGENT_SLOTS: '0', LOG_LEVEL: 'loud' })
    for (const name of ['AMQP_URL', 'AGENT_NAME', 'AGENT_SLOTS', 'LOG_LEVEL'])
      expect(reading).toThrow(new RegExp(`^${name}: `, 'm'))
  })

  test('make an allowed name of any host name', () => {
    expect(defaultAgentName('Build_Host.example.')).toBe('infra-build-host-example')
    expect(defaultAgentName('x'.repeat(300))).toHaveLength(64)
  })
})
