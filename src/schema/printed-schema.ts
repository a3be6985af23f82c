import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './index.ts'

/** The schema as schema.graphql holds it and `/schema.graphql` serves it. */
export const printedSchema = `${printSchema(lexicographicSortSchema(schema))}\n`
