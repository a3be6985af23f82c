export type RetryTaskInput = { readonly taskId: string }
