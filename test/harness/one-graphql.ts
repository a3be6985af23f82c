import { fileURLToPath } from 'node:url'

/** Aliases that lead to one build of graphql: its ESM and CJS builds do not recognise each other's types. */
export const oneGraphql = [
  { find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) },
  { find: /^graphql\/(.*)\.js$/, replacement: fileURLToPath(new URL('$1.mjs', import.meta.resolve('graphql'))) },
]
