/** GraphQL documents that tests use again and again. */

export const submit = /* GraphQL */ `mutation ($input: SubmitRequestInput!) { submitRequest(input: $input) {
  __typename
  ... on Request { id status failureReason subtasks { order name intent parameters dependsOn confidence } ambiguities { id question choices parameter } outOfScope { text reason } }
  ... on Error { code message }
  ... on InvalidInputError { issues { path rule message } } } }`

export const generate = /* GraphQL */ `mutation ($input: GeneratePlanInput!) { generatePlan(input: $input) {
  __typename
  ... on Plan { id status revision contentHash summary complexity willUseExternalAi estimatedMinutes failureReason
    tasks { id order name intent workType agentType status estimatedMinutes dependsOn { order } } fallbackDecision { useExternalAi reason } }
  ... on Error { code message } ... on InvalidStateError { state: status } } }`

export const approve = /* GraphQL */ `mutation ($input: ApprovePlanInput!) { approvePlan(input: $input) {
  __typename
  ... on Plan { id status approvedAt approvals { decision decidedBy notes contentHash } }
  ... on Error { code message }
  ... on InvalidStateError { state: status approval { decision decidedBy } }
  ... on PlanChangedError { contentHash } } }`

export const cancel = /* GraphQL */ `mutation ($input: CancelPlanInput!) { cancelPlan(input: $input) {
  __typename ... on Plan { id status } ... on Error { code message } } }`

export const planById = /* GraphQL */ `query ($id: ID!) { plan(id: $id) { id status sequence startedAt finishedAt
  tasks { order status attempt output failureReason agent { name } attempts { number status } routingDecisions { agent { name } reason } }
  approvals { decision decidedBy notes } request { id text submittedBy } } }`

export const watchPlan = /* GraphQL */ `subscription ($id: ID!, $after: Int) { planStatus(planId: $id, afterSequence: $after) {
  sequence plan { status } entry { sequence kind actor message taskStatus planStatus } changedTasks { order status } } }`
