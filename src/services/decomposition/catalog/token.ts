/** What a token is beyond a plain word; typed parameters are filled from these. */
export type EntityKind =
  | 'url' | 'email' | 'fqdn' | 'file' | 'path' | 'ip' | 'time' | 'date' | 'number' | 'measure' | 'quoted' | 'name'

/** A word, number, entity or punctuation mark of a request, with its place in the text. */
export type Token = {
  /** As written. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** English, lower case, after translation and typo repair. */
  readonly word: string
  readonly stem: string
  readonly kind: 'word' | 'entity' | 'punct'
  readonly entity: EntityKind | null
  /** Value of a number, or the inner text of a quotation. */
  readonly value: string | number | null
  /** Unit of a measure such as 20ms. */
  readonly unit: string | null
  /** Written with a capital although no sentence begins here. */
  readonly capital: boolean
}
