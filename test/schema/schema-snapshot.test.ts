import { readFile } from 'node:fs/promises'
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, isSpecifiedScalarType } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/schema/index.ts'
import { printedSchema } from '../../src/schema/printed-schema.ts'

test('schema.graphql is what the schema prints', async () => {
  expect(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8')).toBe(printedSchema)
})

test('every type, field, argument, enum value and input field is described', () => {
  const bare: string[] = []
  const check = (name: string, { description }: { description?: string | null | undefined }): void => {
    if (!description || description.length < 5) bare.push(name)
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue
    check(type.name, type)
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value)
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field)
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of Object.values(type.getFields())) {
      check(`${type.name}.${field.name}`, field)
      for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name})`, argument)
    }
  }
  expect(bare).toEqual([])
})

test('every mutation answers with a union named after it that holds the errors anybody may meet', () => {
  for (const field of Object.values(schema.getMutationType()!.getFields())) {
    const name = `${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}Result`
    expect(String(field.type)).toBe(`${name}!`)
    const members = schema.getPossibleTypes(schema.getType(name) as never).map((type) => type.name)
    expect(members).toEqual(expect.arrayContaining(['InvalidInputError', 'ForbiddenError', 'UnauthenticatedError', 'UnavailableError', 'RateLimitedError']))
  }
})

test('every error type implements Error', () => {
  const errors = Object.values(schema.getTypeMap()).filter((type) => type.name.endsWith('Error') && isObjectType(type))
  const implementers = schema.getPossibleTypes(schema.getType('Error') as never)
  expect(implementers.map((type) => type.name).toSorted()).toEqual(errors.map((type) => type.name).toSorted())
})
