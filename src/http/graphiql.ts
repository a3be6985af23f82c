import type { GraphiQLOptions } from 'graphql-yoga'

/** What GraphiQL shows first: the way of one request, from the sentence to the end. */
const firstSteps = `# Planwright turns a sentence into a plan that you read, approve and watch.
# Run the operations in order (the play button lists them); copy the ids that you get.

# 1. Say what you want.
mutation Submit {
  submitRequest(input: { text: "Deploy Kuma and add existing portals to config", userId: "me" }) {
    ... on Request {
      id
      status
      subtasks { order name intent confidence parameters }
      ambiguities { id question choices }
      outOfScope { text reason }
    }
    ... on Error { code message }
  }
}

# 2. Make a plan of it, and read the plan.
mutation Plan($requestId: ID!) {
  generatePlan(input: { requestId: $requestId, userId: "me" }) {
    ... on Plan {
      id
      contentHash
      status
      summary
      tasks { order name workType agentType feasibility { status reason } dependsOn { order } }
      fallbackDecision { useExternalAi reason }
    }
    ... on Error { code message }
  }
}

# 3. Approve exactly what you have read: the hash says what that was.
mutation Approve($planId: ID!, $contentHash: String!) {
  approvePlan(input: { planId: $planId, contentHash: $contentHash, userId: "me" }) {
    ... on Plan { id status approvals { decidedBy decision decidedAt } }
    ... on InfeasiblePlanError { tasks { order name reason } }
    ... on Error { code message }
  }
}

# 4. Watch it to the end (start this one before you approve to see everything live).
subscription Watch($planId: ID!) {
  planStatus(planId: $planId) {
    sequence
    entry { kind message at actor }
    plan { status }
    changedTasks { order name status progress output }
  }
}
`

/** Options of the page; variables for the steps stand ready to be filled in. */
export const graphiqlOptions: GraphiQLOptions = {
  title: 'Planwright',
  defaultTabs: [{ query: firstSteps, variables: JSON.stringify({ requestId: '', planId: '', contentHash: '' }, null, 2) }],
  defaultQuery: firstSteps,
  subscriptionsProtocol: 'SSE',
  shouldPersistHeaders: false,
  defaultEditorToolsVisibility: 'variables',
}
