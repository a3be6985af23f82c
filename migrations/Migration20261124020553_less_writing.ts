import { Migration } from '@mikro-orm/migrations'

/**
 * Fewer bytes and index entries for each task: the outbox names messages instead of storing them, open work is found by
 * its plan, and what the engine writes under its locks is not checked a second time.
 */
export class Migration20261124020553_less_writing extends Migration {

  override name = 'Migration20261124020553_less_writing'

  override up(): void {
    this.addSql(`alter table "routing_decision" drop constraint "routing_decision_task_id_foreign";`)
    this.addSql(`alter table "attempt" drop constraint "attempt_task_id_foreign";`)

    // Messages that did not leave before the upgrade: the leases of their attempts bring them again.
    this.addSql(`delete from "outbox_message";`)
    this.addSql(`alter table "outbox_message" drop column "exchange", drop column "routing_key", drop column "body", drop column "expires_after_ms";`)
    this.addSql(`alter table "outbox_message" add "type" text not null, add "agent_name" text not null, add "plan_id" uuid not null, add "detail" text null, add "request_id" text null, add "traceparent" text null;`)
    this.addSql(`alter table "outbox_message" alter column "task_id" set not null, alter column "attempt" set not null;`)
    this.addSql(`alter table "outbox_message" add constraint "outbox_message_type_check" check ("type" in ('requested', 'granted', 'cancelled'));`)

    this.addSql(`alter table "plan" add "waiting_tasks" int not null default 0, add "next_retry_at" timestamptz(3) null;`)
    this.addSql(`update "plan" p set waiting_tasks = w.tasks, next_retry_at = w.retry_at from (
        select plan_id, count(*) filter (where status = 'WAITING_FOR_AGENT') as tasks, min(next_attempt_at) filter (where status = 'PENDING') as retry_at
        from task where status = 'WAITING_FOR_AGENT' or status = 'PENDING' and next_attempt_at is not null group by plan_id) w
      where w.plan_id = p.id;`)
    this.addSql(`create index plan_waiting_index on plan (id) where waiting_tasks > 0;`)
    this.addSql(`create index plan_retry_index on plan (next_retry_at) where next_retry_at is not null;`)
    this.addSql('drop index task_waiting_index, task_retry_index;')
    // Room on its page for a task's next state: no index is touched by it then.
    this.addSql('alter table task set (fillfactor = 60);')
  }

  override down(): void {
    this.addSql('alter table task reset (fillfactor);')
    this.addSql(`create index task_waiting_index on task (plan_id) where status = 'WAITING_FOR_AGENT';`)
    this.addSql(`create index task_retry_index on task (next_attempt_at) where status = 'PENDING' and next_attempt_at is not null;`)
    this.addSql('drop index plan_waiting_index, plan_retry_index;')
    this.addSql(`alter table "plan" drop column "waiting_tasks", drop column "next_retry_at";`)

    this.addSql(`delete from "outbox_message";`)
    this.addSql(`alter table "outbox_message" drop constraint "outbox_message_type_check";`)
    this.addSql(`alter table "outbox_message" drop column "type", drop column "agent_name", drop column "plan_id", drop column "detail", drop column "request_id", drop column "traceparent";`)
    this.addSql(`alter table "outbox_message" alter column "task_id" drop not null, alter column "attempt" drop not null;`)
    this.addSql(`alter table "outbox_message" add "exchange" text not null, add "routing_key" text not null, add "body" text not null, add "expires_after_ms" int null;`)
    this.addSql(`alter table "outbox_message" add constraint "outbox_message_exchange_check" check ("exchange" in ('work', 'events'));`)

    this.addSql(`alter table "attempt" add constraint "attempt_task_id_foreign" foreign key ("task_id") references "task" ("id");`)
    this.addSql(`alter table "routing_decision" add constraint "routing_decision_task_id_foreign" foreign key ("task_id") references "task" ("id");`)
  }
}
