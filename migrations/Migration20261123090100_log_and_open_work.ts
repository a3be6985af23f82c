import { Migration } from '@mikro-orm/migrations'

/** What the entities cannot say: the log only grows, and open work is found without reading what is finished. */
export class Migration20261123090100_log_and_open_work extends Migration {

  override name = 'Migration20261123090100_log_and_open_work'

  override up(): void {
    this.addSql(`create function execution_log_entry_refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'The execution log is append-only: % of % is refused.', lower(tg_op), tg_table_name using errcode = 'restrict_violation';
      end $$;`)
    this.addSql(`create trigger execution_log_entry_append_only
      before update or delete or truncate on execution_log_entry
      for each statement execute function execution_log_entry_refuse_change();`)

    for (const table of ['checkpoint', 'checkpoint_head']) {
      this.addSql(`create trigger ${table}_append_only before update or delete or truncate on ${table}
        for each statement execute function execution_log_entry_refuse_change();`)
    }

    // Keyed by what does not change while the row is open, so that renewing a lease touches no index.
    this.addSql(`create index attempt_open_index on attempt (agent_id) where status in ('DISPATCHED', 'ACCEPTED', 'GRANTED');`)
    this.addSql(`create index task_waiting_index on task (plan_id) where status = 'WAITING_FOR_AGENT';`)
    this.addSql(`create index task_retry_index on task (next_attempt_at) where status = 'PENDING' and next_attempt_at is not null;`)
    this.addSql(`create index plan_expiry_index on plan (expires_at) where status = 'PENDING_APPROVAL' and expires_at is not null;`)
    this.addSql(`create index quota_reservation_open_index on quota_reservation (created_at) where released_at is null;`)
  }

  override down(): void {
    this.addSql('drop index quota_reservation_open_index, plan_expiry_index, task_retry_index, task_waiting_index, attempt_open_index;')
    for (const table of ['checkpoint', 'checkpoint_head', 'execution_log_entry']) this.addSql(`drop trigger ${table}_append_only on ${table};`)
    this.addSql('drop function execution_log_entry_refuse_change;')
  }
}
