/** What one operation may be, on every transport. */
export const operationLimits = {
  /** Lexical tokens of a document. */
  tokens: 2_000,
  /** Levels of fields below the root, fragments expanded; introspection has its own rule. */
  depth: 15,
  /** Aliases, root fields and directives of an operation, fragments expanded. */
  aliases: 50,
  rootFields: 20,
  directives: 50,
  /** Fields of an operation, fragments expanded. */
  fields: 2_000,
  /** Fields and fragments side by side in one set: validation compares each with each. */
  selections: 60,
  /** Rows and fields it could return, as the schema's costs estimate them. */
  cost: 50_000,
  /** Fields of all objects in an answer, more for those that wait for reads, and characters of its texts and JSON. */
  values: 100_000,
  characters: 16_000_000,
  /** Errors that are told about one document. */
  errors: 20,
} as const
