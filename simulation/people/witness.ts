/** What people saw and were told: the checks compare it with what is stored. */

export type Told = { readonly planId: string; readonly userId: string; readonly decision: 'APPROVED' | 'REJECTED'; /** The hash they had read. */ readonly contentHash: string | null }
/** The numbers of the events that one watcher got, in order, across all its connections. */
export type Watched = { readonly planId: string; readonly name: string; readonly first: number; readonly sequences: number[]; ended: boolean }

export type Witness = { readonly told: Told[]; readonly watched: Watched[] }

export const createWitness = (): Witness => ({ told: [], watched: [] })
