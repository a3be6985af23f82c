/**
 * Rows of an entity by a key, as plain objects: one statement, prepared once on each connection, whose columns already
 * bear the names of the properties. Live events read this way; MikroORM's find builds its statement and an identity map
 * each time, which costs more than the rest of the event.
 */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Queryable } from '../recording/rows.ts'

type EntityName<Row> = Parameters<EntityManager['getMetadata']>[0] & (new () => Row)
type Property<Row> = keyof Row & string

export type RowReader = {
  /** Rows whose property `by` is one of the keys, in the order of the properties of `orderBy`, else in any order. */
  read<Row extends object>(entity: EntityName<Row>, by: Property<Row>, keys: readonly string[], orderBy?: readonly Property<Row>[]): Promise<Row[]>
  readonly database: Queryable
  /** `alias.column as "property"` for each column of the entity. */
  columnsOf<Row extends object>(entity: EntityName<Row>, alias: string): string
}

type Shape = { readonly table: string; readonly columns: ReadonlyMap<string, string> }

export function createRowReader({ orm, database }: { readonly orm: Pick<MikroORM, 'getMetadata'>; readonly database: Queryable }): RowReader {
  const shapes = new Map<unknown, Shape>()

  function shapeOf(entity: EntityName<object>): Shape {
    const known = shapes.get(entity)
    if (known) return known
    const { tableName, props } = orm.getMetadata().get(entity)
    const shape = { table: tableName, columns: new Map(props.map(({ name, fieldNames }): [string, string] => [name, fieldNames[0]!])) }
    shapes.set(entity, shape)
    return shape
  }

  const columnsOf = (entity: EntityName<object>, alias: string): string =>
    [...shapeOf(entity).columns].map(([property, column]) => `${alias}."${column}" as "${property}"`).join(', ')

  return {
    database,
    columnsOf,
    async read<Row extends object>(entity: EntityName<Row>, by: Property<Row>, keys: readonly string[], orderBy: readonly Property<Row>[] = []) {
      const { table, columns } = shapeOf(entity)
      const order = orderBy.map((property) => `r."${columns.get(property)}"`).join(', ')
      const { rows } = await database.query({
        name: `rows_${table}_${by}`,
        text: `select ${columnsOf(entity, 'r')} from "${table}" r where r."${columns.get(by)}" = any($1)${order && ` order by ${order}`}`,
        values: [keys],
      })
      return rows as Row[]
    },
  }
}
