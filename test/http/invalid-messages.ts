/** Of no type of the document, or of another form than it gives. */
export const invalidMessages = [
  'no json', '', '[]', '"x"', 'null', '{}', '{"type":1}', '{"type":"unknown"}', '{"type":"connection_ack"}x',
  '{"type":"subscribe"}', '{"type":"subscribe","payload":{"query":"{ __typename }"}}', '{"id":"","type":"subscribe","payload":{"query":"{ __typename }"}}',
  '{"id":1,"type":"subscribe","payload":{"query":"{ __typename }"}}', '{"id":"1","type":"subscribe"}', '{"id":"1","type":"subscribe","payload":{}}',
  '{"id":"1","type":"subscribe","payload":{"query":1}}', '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","variables":"x"}}',
  '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","operationName":1}}', '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","extensions":1}}',
  '{"type":"complete"}', '{"id":1,"type":"complete"}', '{"type":"ping","payload":"x"}', '{"type":"pong","payload":1}', '{"type":"connection_init","payload":"x"}',
  // Those that only a server sends.
  '{"type":"connection_ack"}', '{"id":"1","type":"next","payload":{"data":null}}', '{"id":"1","type":"error","payload":[{"message":"x"}]}',
]
