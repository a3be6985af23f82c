/** Cost of a page: its rows are as many as were asked for, at least one and at most the largest page of any list. */
export const pageCost = ({ first, last }: { first?: number | null | undefined; last?: number | null | undefined }) => ({
  field: 2,
  multiplier: Math.min(500, Math.max(1, first ?? last ?? 20)),
})
