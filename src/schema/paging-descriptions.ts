/** How connections are described and shaped, the same for all lists. */

const list = { list: false, items: false } as const

/** The field of the connection has counted the rows already. */
const complexity = { field: 0, multiplier: 1 } as const

export const pagingDescriptions = {
  idFieldOptions: { description: '`<Type>_<uuid>`, the same in API, messages, log and exports.' },
  nodeTypeOptions: { description: 'Anything with an id that `node` can find again.' },
  pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
  hasNextPageFieldOptions: { description: 'True when more follows: ask again with `after: endCursor`.' },
  hasPreviousPageFieldOptions: { description: 'True when more comes before: ask again with `before: startCursor`.' },
  startCursorFieldOptions: { description: 'Cursor of the first edge; null for an empty page.' },
  endCursorFieldOptions: { description: 'Cursor of the last edge, or of the last row looked at; null at the end of the list.' },
  firstArgOptions: { description: 'How many from the beginning (or after `after`): 20 unasked, at most 100; of a log 500.' },
  lastArgOptions: { description: 'How many from the end (or before `before`), in list order. Excludes `first`.' },
  afterArgOptions: { description: 'Only what follows this cursor. Cursors stay valid while rows are added.' },
  beforeArgOptions: { description: 'Only what comes before this cursor.' },
  edgesFieldOptions: { nullable: list, complexity, description: 'The rows of this page with their cursors, in list order.' },
  nodeFieldOptions: { nullable: false, description: 'The row.' },
  cursorFieldOptions: { description: 'Names this place in the list; opaque.' },
  pageInfoFieldOptions: { description: 'Whether more follows, and how to ask for it.' },
  nodesOnConnection: { complexity, description: 'The rows of this page, without cursors.' },
  defaultConnectionTypeOptions: { description: 'One page of a list; it stays correct while rows are added.' },
  defaultEdgeTypeOptions: { description: 'One row of a page and its place in the list.' },
} as const
