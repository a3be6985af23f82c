/** Ways to break the product on purpose, what provokes each, and the words with which the checker must name it. */
export type Mutation = {
  /** Also the name of the patch beside this file. */
  readonly name: string
  /** Options of the chaos run that bring it to light. */
  readonly options: readonly string[]
  /** Kinds of violations; one of them must be found. */
  readonly named: readonly string[]
}

export const mutations: readonly Mutation[] = [
  {
    name: 'skip-the-dedupe',
    options: ['--plans', '30', '--kills', '0'],
    named: ['attempt_ended_twice', 'task_succeeded_twice', 'closed_plan_changed'],
  },
  {
    name: 'drop-the-hash-check',
    options: ['--plans', '30', '--kills', '0'],
    named: ['other_hash_accepted'],
  },
  {
    name: 'ack-before-commit',
    options: ['--plans', '60', '--kills', '5', '--faults', 'hold-commit', '--lease', '15'],
    named: ['result_lost', 'result_not_applied'],
  },
  {
    name: 'publish-before-commit',
    options: ['--plans', '60', '--kills', '5', '--faults', 'hold-commit', '--lease', '15'],
    named: ['sent_without_approval', 'sent_without_record', 'sent_off_record'],
  },
  {
    name: 'ignore-the-fence',
    options: ['--plans', '60', '--kills', '6', '--faults', 'freeze-agent', '--slow', '60'],
    named: ['stale_result_applied'],
  },
]
