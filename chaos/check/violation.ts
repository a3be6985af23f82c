/** A promise that was not kept, as the checker names it. */
export const categories = ['lost', 'applied twice', 'unapproved', 'out of order', 'stuck', 'log gap', 'unbalanced', 'unexplained'] as const
export type Category = (typeof categories)[number]

export type Violation = {
  readonly category: Category
  /** A stable word for what exactly is wrong. */
  readonly kind: string
  readonly message: string
}
