/**
 * Serves the page: `npm run build`, then `npx node examples/browser/serve.ts`, beside a service that was started with
 * `ALLOWED_ORIGINS=http://127.0.0.1:8080 npm start`.
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const folders: Readonly<Record<string, string>> = {
  planwright: fileURLToPath(new URL('../../dist/', import.meta.url)),
  'graphql-ws': fileURLToPath(new URL('.', import.meta.resolve('graphql-ws/client'))),
}
const here = fileURLToPath(new URL('.', import.meta.url))
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

const server = createServer(async (request, response) => {
  // A parsed path has no `..` left that could lead out of the folders.
  const { pathname } = new URL(request.url ?? '/', 'http://page')
  const [, first = '', ...rest] = pathname.split('/')
  const file = folders[first] ? `${folders[first]}${rest.join('/')}` : `${here}${first || 'index.html'}`
  const type = types[extname(file)]
  const text = type ? await readFile(file).catch(() => null) : null
  response.writeHead(text ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(text ?? 'Not here.\n')
})

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
})
