export type CancelPlanInput = { readonly planId: string; readonly reason: string | null }
