import type { IncomingMessage } from 'node:http'

const eventTypes = ['text/event-stream']
const answerTypes = ['application/graphql-response+json', 'application/json', ...eventTypes]

/** Whether the client takes any answer that GraphQL is given in. What it asks for is done before its answer is made. */
export const acceptsAnswers = (request: Pick<IncomingMessage, 'headers'>): boolean => accepts(request, answerTypes)

/** Whether the client takes an event stream, which stays open; one that names no media types takes all. */
export const acceptsEvents = (request: Pick<IncomingMessage, 'headers'>): boolean => accepts(request, eventTypes)

/** Read as the engine reads it, which ignores weights and knows UTF-8 only. */
const accepts = ({ headers }: Pick<IncomingMessage, 'headers'>, types: readonly string[]): boolean =>
  (headers.accept || '*/*').replaceAll(/\s/g, '').toLowerCase().split(',').some((item) => {
    const [type, ...parameters] = item.split(';')
    const charset = parameters.find((parameter) => parameter.includes('charset='))
    return (charset === undefined || charset === 'charset=utf-8') && types.some((offered) => isMatch(type!, offered))
  })

function isMatch(asked: string, offered: string): boolean {
  const [kind, subtype] = asked.split('/')
  const [offeredKind, offeredSubtype] = offered.split('/')
  return (kind === '*' || kind === offeredKind) && (subtype === '*' || subtype === offeredSubtype)
}
