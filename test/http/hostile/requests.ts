/** Requests as bytes: what HTTP itself must refuse, and bodies that are no GraphQL. */

/** What is sent, and which status answers it; null: the connection may also be closed without an answer. */
export type HostileRequest = { readonly bytes: string | Buffer; readonly status: number | readonly (number | null)[] }

const head = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`
const host = 'Host: localhost'
const json = 'Content-Type: application/json'
/** With it, whatever is not executed is answered with 400. */
const accept = 'Accept: application/graphql-response+json'
const query = '{"query":"{ __typename }"}'

function post(body: string | Buffer, more: readonly string[] = []): Buffer {
  const content = Buffer.from(body)
  return Buffer.concat([Buffer.from(head(['POST /graphql HTTP/1.1', host, json, accept, 'Connection: close', `Content-Length: ${content.length}`, ...more])), content])
}
const get = (target: string, more: readonly string[] = []): string => head([`GET ${target} HTTP/1.1`, host, accept, 'Connection: close', ...more])
const bad = (...lines: string[]): HostileRequest => ({ bytes: head(lines), status: [400, null] })

export const hostileRequests: Readonly<Record<string, HostileRequest>> = {
  'no HTTP at all': { bytes: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'.repeat(10), status: [400, null] },
  'HTTP 0.9': { bytes: 'GET /graphql\r\n\r\n', status: [400, 421, null] },
  'a method that is none': bad('BREW /graphql HTTP/1.1', host),
  'no Host': { bytes: head(['GET /graphql?query=%7B__typename%7D HTTP/1.1', 'Connection: close']), status: [400, null] },
  'two Hosts': { bytes: head(['GET /graphql HTTP/1.1', host, 'Host: evil.example', 'Connection: close']), status: 400 },
  'a foreign Host': { bytes: head(['GET /graphql HTTP/1.1', 'Host: evil.example', 'Connection: close']), status: 421 },
  'a foreign absolute target': { bytes: head(['GET http://evil.example/graphql HTTP/1.1', 'Host: evil.example', 'Connection: close']), status: 421 },
  'length and chunks at once': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Content-Length: 6', 'Transfer-Encoding: chunked'])}0\r\n\r\nG`, status: [400, null] },
  'chunks and length at once, the other way round': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Transfer-Encoding: chunked', 'Content-Length: 4'])}5c\r\n`, status: [400, null] },
  'two lengths': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Content-Length: 26', 'Content-Length: 27'])}${query}`, status: [400, null] },
  'a length that is none': bad('POST /graphql HTTP/1.1', host, json, 'Content-Length: 1e3'),
  'a negative length': bad('POST /graphql HTTP/1.1', host, json, 'Content-Length: -1'),
  'a length beyond 64 bits': bad('POST /graphql HTTP/1.1', host, json, 'Content-Length: 99999999999999999999999'),
  'an unknown transfer encoding': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Connection: close', 'Transfer-Encoding: xchunked'])}${query}`, status: [400, 501, null] },
  'chunked twice': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Transfer-Encoding: chunked, chunked'])}0\r\n\r\n`, status: [400, null] },
  'an encoding hidden by a space': bad('POST /graphql HTTP/1.1', host, json, 'Transfer-Encoding : chunked'),
  'an encoding hidden by a tab': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Connection: close', 'Transfer-Encoding:\tx'])}`, status: [400, 501, null] },
  'a chunk size that is none': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Transfer-Encoding: chunked'])}zz\r\n`, status: [400, null] },
  'a chunk size beyond 64 bits': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Transfer-Encoding: chunked'])}fffffffffffffffff\r\n`, status: [400, null] },
  'a chunk extension of 40 KiB': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Transfer-Encoding: chunked'])}1;${'x'.repeat(40_000)}\r\n`, status: [400, 413, null] },
  'a folded header': bad('GET /graphql HTTP/1.1', host, 'X-A: b', ' c: d'),
  'a header with a bare line feed': { bytes: `GET /graphql HTTP/1.1\r\nHost: localhost\nX-A: b\r\nConnection: close\r\n\r\n`, status: [400, 406, null] },
  'a header with a NUL': bad('GET /graphql HTTP/1.1', host, 'X-A: \u0000'),
  'a header name with a space': bad('GET /graphql HTTP/1.1', host, 'X A: b'),
  'headers of 40 KiB': { bytes: get('/graphql', [`X-A: ${'a'.repeat(40_000)}`]), status: [431, null] },
  '5,000 headers': { bytes: get('/graphql', Array.from({ length: 5_000 }, (_, index) => `X-${index}: a`)), status: [431, null] },
  'a target of 40 KiB': { bytes: get(`/graphql?query=${'a'.repeat(40_000)}`), status: [431, 414, null] },
  'a target with a NUL': bad('GET /graphql\u0000 HTTP/1.1', host),
  'a path that climbs': { bytes: get('/../../../../etc/passwd'), status: 404 },
  'an encoded path that climbs': { bytes: get('/%2e%2e/%2e%2e/etc/passwd'), status: 404 },
  'a query string that is not encoded right': { bytes: get('/graphql?query=%'), status: 400 },
  'a mutation by GET': { bytes: get(`/graphql?query=${encodeURIComponent('mutation { cancelPlan(input: { planId: "x" }) { __typename } }')}`), status: 405 },
  'variables by GET that are no JSON': { bytes: get('/graphql?query=%7B__typename%7D&variables=%7B'), status: 400 },
  'TRACE': { bytes: head(['TRACE /graphql HTTP/1.1', host, 'Connection: close']), status: 405 },
  'CONNECT': { bytes: head(['CONNECT evil.example:443 HTTP/1.1', host]), status: [400, 405, null] },
  'an upgrade to another protocol': { bytes: get('/graphql', ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA']), status: [400, 405, 426, 501, null] },
  'an upgrade elsewhere': { bytes: get('/elsewhere', ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']), status: 404 },
  'a foreign upgrade': { bytes: head(['GET /graphql HTTP/1.1', host, 'Origin: https://evil.example', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']), status: 403 },
  'an upgrade with a wrong key': { bytes: head(['GET /graphql HTTP/1.1', host, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: x']), status: 400 },
  'an upgrade of another version': { bytes: head(['GET /graphql HTTP/1.1', host, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 99', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']), status: [400, 426] },
  'a body that declares 300 KB': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Content-Length: 300000'])}{`, status: 413 },
  'a body that declares 100 GB': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Content-Length: 107374182400'])}{`, status: 413 },
  'a body of 300 KB in chunks': { bytes: `${head(['POST /graphql HTTP/1.1', host, json, 'Transfer-Encoding: chunked'])}${`2000\r\n${'x'.repeat(8_192)}\r\n`.repeat(38)}0\r\n\r\n`, status: 413 },
  'a compressed body': { bytes: post('\u001f\u008b\b\u0000', ['Content-Encoding: gzip']), status: 415 },
  'a form': { bytes: post('query=%7B__typename%7D').toString().replace('application/json', 'application/x-www-form-urlencoded'), status: 415 },
  'a multipart form': { bytes: post('--x\r\n\r\n--x--').toString().replace('application/json', 'multipart/form-data; boundary=x'), status: 415 },
  'no content type': { bytes: post(query).toString().replace(`${json}\r\n`, ''), status: 415 },
  'two content types': { bytes: post(query, ['Content-Type: text/plain']).toString().replace(`${json}\r\n`, 'Content-Type: text/plain\r\n'), status: 415 },
  'an empty body': { bytes: post(''), status: 400 },
  'a body that is no JSON': { bytes: post('{"query": "{ __typename }"'), status: 400 },
  'a body that is not UTF-8': { bytes: post(Buffer.from([0x22, 0xff, 0xfe, 0x22])), status: 400 },
  'a text that is not UTF-8': { bytes: post(Buffer.from('{"query":"mutation { submitRequest(input: { text: \\"deploy \xff it\\" }) { __typename } }"}', 'latin1')), status: 400 },
  'a body in UTF-16': { bytes: post(Buffer.from(query, 'utf16le')), status: 400 },
  'brackets, 120,000 deep': { bytes: post('['.repeat(120_000)), status: 400 },
  'arrays, 100,000 deep': { bytes: post(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), status: 400 },
  'variables, 40,000 deep': { bytes: post(`{"query":"query ($a: JSON) { __typename }","variables":{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`), status: 400 },
  'parameters, 60,000 deep': {
    bytes: post(`{"query":"mutation ($p: JSON) { submitRequest(input: { subtasks: [{ intent: \\"x\\", parameters: $p }] }) { ... on Error { code } } }","variables":{"p":{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}}}`),
    status: 200,
  },
  'a batch': { bytes: post(`[${query},${query}]`), status: 400 },
  'a batch of a thousand': { bytes: post(`[${Array.from({ length: 1_000 }, () => query).join()}]`), status: 400 },
  'a number': { bytes: post('1'), status: 400 },
  'null': { bytes: post('null'), status: 400 },
  'a query that is a number': { bytes: post('{"query":1}'), status: 400 },
  'a query that is a list': { bytes: post('{"query":["{ __typename }"]}'), status: 400 },
  'variables that are a text': { bytes: post('{"query":"{ __typename }","variables":"{}"}'), status: 400 },
  'variables that are a list': { bytes: post('{"query":"{ __typename }","variables":[1]}'), status: 400 },
  'an operation name that is an object': { bytes: post('{"query":"{ __typename }","operationName":{}}'), status: 400 },
  'extensions that are a text': { bytes: post('{"query":"{ __typename }","extensions":"x"}'), status: 400 },
  'a parameter that is none': { bytes: post('{"query":"{ __typename }","__proto__":{"admin":true},"admin":true}'), status: 400 },
}
