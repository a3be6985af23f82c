/**
 * Rows of an entity by a key, as plain objects: one statement, prepared once on each connection, whose columns already
 * bear the names of the properties. Live events read this way; MikroORM's find builds its statement and an identity map
 * each time, which costs more than the rest of the event. What many operations ask for while a read is under way shares
 * the next one, so each sees rows that were read after it asked.
 */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { createNaturalBatch, type NaturalBatch } from '../recording/natural-batch.ts'
import type { Queryable } from '../recording/rows.ts'

type EntityName<Row> = Parameters<EntityManager['getMetadata']>[0] & (new () => Row)
type Property<Row> = keyof Row & string

/** Rows with any of the keys, in an order that suits each key. */
type ReadByKeys<Row> = (keys: readonly string[]) => Promise<Row[]>

export type RowReader = {
  /** Rows whose property `by` is one of the keys; those of one key in the order of the properties of `orderBy`. */
  read<Row extends object>(entity: EntityName<Row>, by: Property<Row>, keys: readonly string[], orderBy?: readonly Property<Row>[]): Promise<Row[]>
  /** The same for a statement of the caller's: reads of one name share it. */
  gather<Row extends object>(name: string, by: Property<Row>, keys: readonly string[], readAll: ReadByKeys<Row>): Promise<Row[]>
  readonly database: Queryable
  /** `alias.column as "property"` for each column of the entity. */
  columnsOf<Row extends object>(entity: EntityName<Row>, alias: string): string
}

type Shape = { readonly table: string; readonly columns: ReadonlyMap<string, string>; readonly selected: (alias: string) => string }

/** Keys that one statement asks for, and reads that wait, at the most. */
const mostItems = 256
const mostWaiting = 20_000

export function createRowReader({ orm, database }: { readonly orm: Pick<MikroORM, 'getMetadata'>; readonly database: Queryable }): RowReader {
  const shapes = new Map<unknown, Shape>()
  const batches = new Map<string, NaturalBatch<readonly string[], readonly object[]>>()

  function shapeOf(entity: EntityName<object>): Shape {
    const known = shapes.get(entity)
    if (known) return known
    const { tableName, props } = orm.getMetadata().get(entity)
    const columns = new Map(props.map(({ name, fieldNames }): [string, string] => [name, fieldNames[0]!]))
    const selected = (alias: string) => [...columns].map(([property, column]) => `${alias}."${column}" as "${property}"`).join(', ')
    const shape = { table: tableName, columns, selected }
    shapes.set(entity, shape)
    return shape
  }

  async function gather<Row extends object>(name: string, by: Property<Row>, keys: readonly string[], readAll: ReadByKeys<Row>): Promise<Row[]> {
    const batch = batches.get(name) ?? createNaturalBatch<readonly string[], readonly object[]>({ flush: sharing(by, readAll), maxItems: mostItems, maxQueued: mostWaiting })
    batches.set(name, batch)
    // A name belongs to one kind of row.
    return (await batch.submit(keys)) as Row[]
  }

  return {
    database,
    gather,
    columnsOf: (entity, alias) => shapeOf(entity).selected(alias),
    read<Row extends object>(entity: EntityName<Row>, by: Property<Row>, keys: readonly string[], orderBy: readonly Property<Row>[] = []) {
      const { table, columns, selected } = shapeOf(entity)
      const name = `rows_${table}_${by}`
      return gather<Row>(name, by, keys, async (all) => {
        const order = orderBy.map((property) => `r."${columns.get(property)}"`).join(', ')
        const text = `select ${selected('r')} from "${table}" r where r."${columns.get(by)}" = any($1)${order && ` order by ${order}`}`
        return (await database.query({ name, text, values: [all] })).rows as Row[]
      })
    },
  }
}

/** One read for all items; each gets the rows of its own keys. */
function sharing<Row extends object>(by: Property<Row>, readAll: ReadByKeys<Row>) {
  return async (items: readonly (readonly string[])[]): Promise<readonly Row[][]> => {
    const [only] = items
    if (items.length === 1) return [await readAll(only!)]
    const rows = Map.groupBy(await readAll([...new Set(items.flat())]), (row) => String(row[by]))
    return items.map((keys) => keys.flatMap((key) => rows.get(key) ?? []))
  }
}
