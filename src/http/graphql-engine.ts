/** Yoga with our parser, validation, execution and masking; both transports run operations through its envelop. */
import { LRUCache } from 'lru-cache'
import { createYoga, type GraphiQLOptions, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import { GraphQLError, NoSchemaIntrospectionCustomRule, parse, validate, type DocumentNode, type ExecutionArgs, type GraphQLSchema } from 'graphql'
import { checkDocument } from '../schema/limits/document-limits.ts'
import { operationLimits } from '../schema/limits/limits.ts'
import { unexpectedMessage, type ErrorMask } from './client-error.ts'
import type { Execution } from './execution.ts'
import { serverLimits } from './server-limits.ts'
import { withExtensions } from './with-extensions.ts'

export type EngineSettings<Server extends Record<string, unknown>, Context extends object> = {
  readonly schema: GraphQLSchema
  readonly execution: Execution
  /** For errors before the operation has a context. */
  readonly mask: ErrorMask
  /** Makes the context of an operation from what the transport knows; its errors are answered typed. */
  readonly context: (server: Server) => Promise<Context>
  /** Called before a subscription over HTTP begins; its errors are answered typed. */
  readonly beforeStream: (server: Server) => void
  readonly introspection: boolean
  /** The page and its options, or null to serve none. */
  readonly graphiql: { readonly render: (options?: GraphiQLOptions) => string; readonly options: GraphiQLOptions } | null
}

export type GraphqlEngine<Server extends Record<string, unknown>> = YogaServerInstance<Server, object>

export function createGraphqlEngine<Server extends Record<string, unknown>, Context extends object>(
  settings: EngineSettings<Server, Context>,
): GraphqlEngine<Server> {
  const { schema, mask, graphiql } = settings
  return createYoga<Server, object>({
    schema,
    graphqlEndpoint: '/graphql',
    context: async (server) => ({ operation: await settings.context(server as unknown as Server) }),
    logging: false,
    maskedErrors: { errorMessage: unexpectedMessage, isDev: false, maskError: mask },
    batching: false,
    multipart: false,
    cors: false,
    landingPage: false,
    graphiql: graphiql?.options ?? false,
    ...(graphiql && { renderGraphiQL: graphiql.render }),
    // Bodies arrive whole, within the limit.
    maxRequestBodySize: false,
    parserAndValidationCache: {
      documentCache: createDocumentCache<DocumentNode>(),
      errorCache: createDocumentCache<Error>(),
      validationCache: true,
    },
    plugins: [operationPlugin(settings), statusPlugin],
  })
}

/**
 * The operation with the context that was made for it, out of the engine's own: that one copies what it is given, which
 * would make everything that is made where it is used.
 */
export const withOwnContext = (args: ExecutionArgs): ExecutionArgs =>
  ({ ...args, contextValue: (args.contextValue as { readonly operation: unknown }).operation })

/** Fails with a code of its own, which the engine would give it over HTTP only. */
function parseDocument(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: operationLimits.tokens })
  } catch (error) {
    throw error instanceof GraphQLError ? withExtensions(error, { code: 'GRAPHQL_PARSE_FAILED' }) : error
  }
}

/** Documents by their text; large ones count for more. */
const createDocumentCache = <Value extends object>() =>
  new LRUCache<string, Value>({
    max: 1_000,
    maxSize: serverLimits.documentCacheCharacters,
    sizeCalculation: (_, text) => text.length + 1,
  })

function operationPlugin<Server extends Record<string, unknown>>(
  { execution, introspection, mask, beforeStream }: Pick<EngineSettings<Server, never>, 'execution' | 'introspection' | 'mask' | 'beforeStream'>,
): Plugin {
  const limits = { hideSuggestions: !introspection, maxErrors: operationLimits.errors }
  return {
    onParse: ({ setParseFn }) => setParseFn(parseDocument),
    onValidate: ({ setValidationFn, addValidationRule }) => {
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule)
      setValidationFn((schema: GraphQLSchema, document: DocumentNode, rules) => {
        const tooLarge = checkDocument(document)
        return tooLarge.length > 0 ? tooLarge : validate(schema, document, rules, limits)
      })
    },
    onExecute: ({ setExecuteFn }) => setExecuteFn((args: ExecutionArgs) => execution.execute(withOwnContext(args))),
    // Over HTTP: WebSockets bring a function of their own.
    onSubscribe: ({ setSubscribeFn }) =>
      setSubscribeFn(async (args: ExecutionArgs) => {
        try {
          beforeStream(args.contextValue as Server)
        } catch (error) {
          return { errors: [mask(error)] }
        }
        return execution.subscribe(withOwnContext(args))
      }),
  }
}

/** A request that was not executed at all answers 400 to clients of the GraphQL media type, as its standard says. */
const statusPlugin: Plugin = {
  onExecutionResult({ result, setResult }) {
    if (!result || Array.isArray(result) || Symbol.asyncIterator in result || 'data' in result || !result.errors) return
    setResult({
      ...result,
      errors: result.errors.map((error) =>
        error.extensions['http'] ? error : withExtensions(error, { ...error.extensions, http: { spec: true, status: 400 } })),
    })
  },
}
