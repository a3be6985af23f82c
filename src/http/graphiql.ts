import type { GraphiQLOptions } from 'graphql-yoga'

/** What GraphiQL shows first: the way of one request, from the sentence to the end, a tab for each step. */
const steps = [
  `# Step 1 of 4: say what you want, in plain language,
# and take the id of the request to the next tab.

mutation Submit {
  submitRequest(input: {
    text: "Deploy Kuma and add existing portals to config"
  }) {
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
`,
  `# Step 2 of 4: make a plan of it, and read the plan.

mutation Plan {
  generatePlan(input: {
    requestId: "Request_..."
  }) {
    ... on Plan {
      id
      contentHash
      status
      summary
      tasks {
        order
        name
        workType
        agentType
        feasibility { status reason }
        dependsOn { order }
      }
      fallbackDecision { useExternalAi reason }
    }
    ... on Error { code message }
  }
}
`,
  `# Step 3 of 4: approve exactly what you have read;
# the hash says what that was.

mutation Approve {
  approvePlan(input: {
    planId: "Plan_..."
    contentHash: "..."
  }) {
    ... on Plan {
      id
      status
      approvals { decidedBy decision decidedAt }
    }
    ... on InfeasiblePlanError { tasks { order name reason } }
    ... on Error { code message }
  }
}
`,
  `# Step 4 of 4: watch it. The stream ends when the plan does.
# Start it before you approve to see everything live;
# afterSequence: 0 tells the story from the beginning.

subscription Watch {
  planStatus(
    planId: "Plan_..."
    afterSequence: 0
  ) {
    sequence
    entry { kind message actor at }
    plan { status }
    changedTasks { order name status progress output }
  }
}
`,
]

export const graphiqlOptions: GraphiQLOptions = {
  title: 'Planwright',
  defaultTabs: steps.map((query) => ({ query })),
  subscriptionsProtocol: 'SSE',
  shouldPersistHeaders: false,
}
