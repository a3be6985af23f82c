import { expect, test } from 'vitest'
import { redactJson, redactSecrets } from '../src/redact-secrets.ts'

const key = ['-----BEGIN OPENSSH PRIVATE KEY-----', 'b3BlbnNzaC1rZXk', '-----END OPENSSH PRIVATE KEY-----'].join('\n')

test.each([
  ['an AWS key id', `use ${'AKIA'}IOSFODNN7EXAMPLE now`, 'use [redacted] now'],
  ['a GitHub token', `push with ${'ghp_'}${'a1B2'.repeat(9)} please`, 'push with [redacted] please'],
  ['a fine-grained GitHub token', `${'github_pat_'}${'x'.repeat(60)}`, '[redacted]'],
  ['an API key', `key ${'sk-'}proj-${'z9'.repeat(12)}`, 'key [redacted]'],
  ['a private key', `install ${key} on alpha`, 'install [redacted] on alpha'],
  ['a private key without its end', key.slice(0, 50), '[redacted]'],
  ['a bearer token', 'Authorization: Bearer abcdefghijklmnopqrst', 'Authorization: Bearer [redacted]'],
  ['a token of this service', `with ${'planwright_'}${'aB3-'.repeat(10)}xyz.`, 'with [redacted].'],
  ['a payment key', `charge by ${'sk_live_'}${'a1'.repeat(12)}`, 'charge by [redacted]'],
  ['a package registry token', `publish with ${'npm_'}${'a1B2'.repeat(9)}`, 'publish with [redacted]'],
  ['a model hub token', `${'hf_'}${'Ab'.repeat(17)}`, '[redacted]'],
  ['basic credentials', 'curl -H "Authorization: Basic dXNlcjpwYXNz" x', 'curl -H "Authorization: Basic [redacted]" x'],
  ['a password', 'password=hunter2, then go', 'password=[redacted], then go'],
  ['a password after a colon', 'password: hunter2xyz', 'password: [redacted]'],
  ['a quoted password', 'set DB_PASSWORD: "a b c" there', 'set DB_PASSWORD: [redacted] there'],
  ['an API key by name', "api_key='abc'", 'api_key=[redacted]'],
  ['a password for a program', 'run PGPASSWORD=hunter2 psql', 'run PGPASSWORD=[redacted] psql'],
  ['an option with a password', 'run it with --password hunter2 --verbose', 'run it with --password [redacted] --verbose'],
  ['an option with a token, first', '--token abc', '--token [redacted]'],
  ['a secret with a space', 'the secret: hunter2xyz', 'the secret: [redacted]'],
  ['a password in a URL', 'clone https://me:s3cret@git.example.com/x', 'clone https://me:[redacted]@git.example.com/x'],
])('%s is taken out', (_, text, cleaned) => {
  expect(redactSecrets(text)).toBe(cleaned)
  expect(redactSecrets(cleaned)).toBe(cleaned)
})

test.each(['reset the password of alice', 'about the token: create one for bob', 'create a token for bob', 'Deploy sk-8s to alpha', 'open https://example.com:8080/path', 'run task-list-of-many-things-today', 'use basic authentication', 'install npm_config_cache',
  'deploy it with secret:DB_2 there', 'the password: secret:GITEA_22', 'password=secret:GITEA_22', 'token: "secret:GITEA_22"', 'use the option --token secret:GITEA_22'])(
  '"%s" stays as it is', (text) => expect(redactSecrets(text)).toBe(text),
)

test('a hostile text of full length is cleaned in milliseconds', () => {
  const started = performance.now()
  for (const part of ['password', 'passworpassword ', ' --token ', 'a_', '-----BEGIN ', 'a-', 'eyJ', 'http://', 'bearer ']) redactSecrets(part.repeat(10_000 / part.length))
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('JSON loses the secrets in its texts and those under telling names, and nothing else', () => {
  const output = {
    url: 'postgres://app:hunter2@db/app', lines: ['ok', `key ${'AKIA'}IOSFODNN7EXAMPLE`], db_password: 'hunter2', apiKey: 'x', nextPageToken: 3,
    token: 'secret:gitea', tokens: 12, nothing: null, nested: { passphrase: '', client_secret: 's3cret', accessToken: 'x', dbPassword: 'x', clientSecret: 'x', nextPageToken: 'x' },
  }
  expect(redactJson(output)).toEqual({
    url: 'postgres://app:[redacted]@db/app', lines: ['ok', 'key [redacted]'], db_password: '[redacted]', apiKey: '[redacted]', nextPageToken: 3,
    token: 'secret:gitea', tokens: 12, nothing: null, nested: { passphrase: '', client_secret: '[redacted]', accessToken: '[redacted]', dbPassword: '[redacted]', clientSecret: '[redacted]', nextPageToken: 'x' },
  })
})

test('JSON without secrets is not copied', () => {
  const output = { copied: 3, files: ['a', 'b'] }
  expect(redactJson(output)).toBe(output)
  expect(redactJson(undefined)).toBeUndefined()
})
