/** The GraphQL documents of the people in a chaos run. */
const errors = '... on Error { code message }'
const tasks = `tasks { id order name intent workType agentType parameters dependsOn { order } effect timeoutSeconds maxAttempts
  requires { cpu memoryMb gpus } sameAgent useExternalAi capabilityDigest status }`

export const submit = `mutation ($input: SubmitRequestInput!) { submitRequest(input: $input) { type: __typename ... on Request { id status } ${errors} } }`
export const generate = `mutation ($input: GeneratePlanInput!) { generatePlan(input: $input) { type: __typename ... on Plan { id revision status contentHash ${tasks} } ${errors} } }`
export const decide = `mutation ($input: ApprovePlanInput!) { approvePlan(input: $input) { type: __typename ... on Plan { id status contentHash } ${errors} } }`
export const cancel = `mutation ($input: CancelPlanInput!) { cancelPlan(input: $input) { type: __typename ... on Plan { id status } ${errors} } }`
export const resolve = `mutation ($input: ResolveTaskInput!) { resolveTask(input: $input) { type: __typename ... on Task { id status } ${errors} } }`
export const look = 'query ($id: ID!) { plan(id: $id) { type: __typename id status tasks { id status } } }'
