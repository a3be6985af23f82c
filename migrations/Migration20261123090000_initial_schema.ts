import { Migration } from '@mikro-orm/migrations';

export class Migration20261123090000_initial_schema extends Migration {

  override name = 'Migration20261123090000_initial_schema';

  override up(): void | Promise<void> {
    this.addSql(`create table "agent" ("id" uuid not null, "name" text not null, "agent_type" text not null, "instance" text not null, "intents" jsonb not null, "work_types" jsonb not null, "slots" int not null, "open_attempts" int not null, "resources" jsonb not null, "unanswered" int not null, "suspended_until" timestamptz(3) null, "online" boolean not null, "last_seen_at" timestamptz(3) not null, "registered_at" timestamptz(3) not null, primary key ("id"));`);
    this.addSql(`alter table "agent" add constraint "agent_name_unique" unique ("name");`);
    this.addSql(`create index "agent_agent_type_index" on "agent" ("agent_type");`);

    this.addSql(`create table "agent_performance" ("agent_id" uuid not null, "intent" text not null, "succeeded" int not null, "failed" int not null, "lost" int not null, "total_seconds" double precision not null, primary key ("agent_id", "intent"));`);

    this.addSql(`create table "ai_usage" ("key" text not null, "request_id" uuid not null, "plan_id" uuid null, "task_id" uuid null, "attempt" int null, "intent" text null, "user_id" text not null, "model" text not null, "input_tokens" bigint not null, "output_tokens" bigint not null, "cost_micro_usd" bigint not null, "at" timestamptz(3) not null, primary key ("key"));`);
    this.addSql(`create index "ai_usage_at_index" on "ai_usage" ("at");`);
    this.addSql(`create index "ai_usage_plan_id_index" on "ai_usage" ("plan_id");`);
    this.addSql(`create index "ai_usage_request_id_index" on "ai_usage" ("request_id");`);

    this.addSql(`create table "api_token" ("id" uuid not null, "user_id" text not null, "roles" jsonb not null, "label" text null, "digest" text not null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, primary key ("id"));`);
    this.addSql(`alter table "api_token" add constraint "api_token_digest_unique" unique ("digest");`);

    this.addSql(`create table "checkpoint" ("number" int not null, "previous" text not null, "at" timestamptz(3) not null, "streams" int not null, "heads" text not null, "key_id" text not null, "digest" text not null, "signature" text not null, "seen_until" timestamptz(3) not null, primary key ("number"));`);

    this.addSql(`create table "checkpoint_head" ("stream" uuid not null, "sequence" int not null, "checkpoint" int not null, "head" bytea not null, primary key ("stream", "sequence"));`);
    this.addSql(`create index "checkpoint_head_checkpoint_index" on "checkpoint_head" ("checkpoint");`);

    this.addSql(`create table "execution_log_entry" ("stream" uuid not null, "sequence" int not null, "stream_kind" text not null, "at" timestamptz(3) not null, "kind" text not null, "actor" text not null, "message" text not null, "detail" jsonb null, "task_id" uuid null, "attempt" int null, "plan_status" text null, "task_status" text null, "approval_id" uuid null, "routing_decision_id" uuid null, "fallback_decision_id" uuid null, "hash" bytea not null, primary key ("stream", "sequence"));`);
    this.addSql(`create index "execution_log_entry_at_stream_sequence_index" on "execution_log_entry" ("at", "stream", "sequence");`);
    this.addSql(`create index "execution_log_entry_actor_at_index" on "execution_log_entry" ("actor", "at");`);

    this.addSql(`create table "log_stream" ("id" uuid not null, "kind" text not null, "sequence" int not null, "head" bytea not null, primary key ("id"));`);

    this.addSql(`create table "outbox_message" ("id" uuid not null, "exchange" text not null, "routing_key" text not null, "body" text not null, "expires_after_ms" int null, "task_id" uuid null, "attempt" int null, "claimed_by" uuid null, "claimed_until" timestamptz(3) not null, "created_at" timestamptz(3) not null, primary key ("id"));`);
    this.addSql(`create index "outbox_message_task_id_index" on "outbox_message" ("task_id");`);
    this.addSql(`create index "outbox_message_claimed_until_index" on "outbox_message" ("claimed_until");`);

    this.addSql(`create table "quota_account" ("owner" text not null, "period" text not null, "tokens_used" bigint not null, "tokens_reserved" bigint not null, "cost_used_micro_usd" bigint not null, "cost_reserved_micro_usd" bigint not null, primary key ("owner", "period"));`);

    this.addSql(`create table "quota_reservation" ("key" text not null, "user_id" text not null, "period" text not null, "tokens" bigint not null, "cost_micro_usd" bigint not null, "released_at" timestamptz(3) null, "created_at" timestamptz(3) not null, primary key ("key"));`);

    this.addSql(`create table "replica" ("id" uuid not null, "started_at" timestamptz(3) not null, "last_heard_at" timestamptz(3) null, "listening_since" timestamptz(3) null, primary key ("id"));`);

    this.addSql(`create table "request" ("id" uuid not null, "text" text not null, "submitted_by" text not null, "idempotency_key" text null, "visible_to" jsonb null, "input_digest" text not null, "status" text not null, "subtasks" jsonb not null, "ambiguities" jsonb not null, "out_of_scope" jsonb not null, "answers" jsonb not null, "failure_reason" text null, "notice" text null, "decomposer" text not null, "parsing_tries" int not null default 0, "parsing_lease_until" timestamptz(3) null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, primary key ("id"));`);
    this.addSql(`create index "request_parsing_lease_until_index" on "request" ("parsing_lease_until");`);
    this.addSql(`create index "request_created_at_id_index" on "request" ("created_at", "id");`);
    this.addSql(`create index "request_submitted_by_status_created_at_id_index" on "request" ("submitted_by", "status", "created_at", "id");`);
    this.addSql(`create index "request_status_created_at_id_index" on "request" ("status", "created_at", "id");`);
    this.addSql(`alter table "request" add constraint "request_submitted_by_idempotency_key_unique" unique ("submitted_by", "idempotency_key");`);

    this.addSql(`create table "plan" ("id" uuid not null, "request_id" uuid not null, "submitted_by" text not null, "revision" int not null, "content_hash" text not null, "status" text not null, "complexity" text not null, "will_use_external_ai" boolean not null, "summary" text not null, "estimated_minutes" double precision not null, "failure_reason" text null, "supersedes_id" uuid null, "changes" jsonb not null, "risk" text not null, "approval_id" uuid null, "expires_at" timestamptz(3) null, "created_at" timestamptz(3) not null, "approved_at" timestamptz(3) null, "started_at" timestamptz(3) null, "finished_at" timestamptz(3) null, primary key ("id"));`);
    this.addSql(`create index "plan_created_at_id_index" on "plan" ("created_at", "id");`);
    this.addSql(`create index "plan_status_created_at_id_index" on "plan" ("status", "created_at", "id");`);
    this.addSql(`create index "plan_submitted_by_status_created_at_id_index" on "plan" ("submitted_by", "status", "created_at", "id");`);
    this.addSql(`alter table "plan" add constraint "plan_request_id_revision_unique" unique ("request_id", "revision");`);

    this.addSql(`create table "fallback_decision" ("id" uuid not null, "plan_id" uuid not null, "use_external_ai" boolean not null, "complexity" text not null, "confidence" double precision not null, "estimated_tokens" int not null, "estimated_cost_micro_usd" bigint not null, "tokens_left" bigint null, "cost_left_micro_usd" bigint null, "reason" text not null, "decided_at" timestamptz(3) not null, primary key ("id"));`);
    this.addSql(`alter table "fallback_decision" add constraint "fallback_decision_plan_id_unique" unique ("plan_id");`);

    this.addSql(`create table "evidence" ("id" uuid not null, "plan_id" uuid not null, "task_id" uuid not null, "attempt" int not null, "agent_name" text not null, "reason" text not null, "count" int not null, "first_at" timestamptz(3) not null, "last_at" timestamptz(3) not null, "sample" jsonb not null, primary key ("id"));`);
    this.addSql(`create index "evidence_plan_id_index" on "evidence" ("plan_id");`);
    this.addSql(`alter table "evidence" add constraint "evidence_task_id_attempt_reason_agent_name_unique" unique ("task_id", "attempt", "reason", "agent_name");`);

    this.addSql(`create table "approval" ("id" uuid not null, "plan_id" uuid not null, "content_hash" text not null, "decision" text not null, "decided_by" text not null, "notes" text null, "accept_infeasible" boolean not null, "skipped_tasks" jsonb not null, "by_rule" boolean not null, "decided_at" timestamptz(3) not null, primary key ("id"));`);
    this.addSql(`create index "approval_plan_id_index" on "approval" ("plan_id");`);
    this.addSql(`create index "approval_decided_by_decided_at_index" on "approval" ("decided_by", "decided_at");`);

    this.addSql(`create table "task" ("id" uuid not null, "plan_id" uuid not null, "position" int not null, "name" text not null, "intent" text not null, "work_type" text not null, "agent_type" text not null, "parameters" jsonb not null, "depends_on" jsonb not null, "effect" text not null, "requires" jsonb not null, "same_agent" boolean not null, "timeout_seconds" double precision not null, "max_attempts" int not null, "use_external_ai" boolean not null, "capability_digest" text not null, "estimated_minutes" double precision not null, "estimate" jsonb not null, "feasibility" jsonb not null, "status" text not null, "attempt" int not null, "attempts_allowed" int not null, "agent_id" uuid null, "progress" double precision null, "output" jsonb null, "failure_reason" text null, "carried_from" uuid null, "next_attempt_at" timestamptz(3) null, "dispatched_at" timestamptz(3) null, "started_at" timestamptz(3) null, "finished_at" timestamptz(3) null, primary key ("id"));`);
    this.addSql(`create index "task_intent_plan_id_index" on "task" ("intent", "plan_id");`);
    this.addSql(`alter table "task" add constraint "task_plan_id_position_unique" unique ("plan_id", "position");`);

    this.addSql(`create table "routing_decision" ("id" uuid not null, "task_id" uuid not null, "attempt" int not null, "agent_id" uuid null, "candidates" jsonb not null, "excluded" jsonb not null, "reason" text not null, "decided_at" timestamptz(3) not null, primary key ("id"));`);
    this.addSql(`create index "routing_decision_task_id_index" on "routing_decision" ("task_id");`);

    this.addSql(`create table "attempt" ("id" uuid not null, "task_id" uuid not null, "plan_id" uuid not null, "number" int not null, "agent_id" uuid not null, "instance" text null, "intent" text not null, "work_type" text not null, "status" text not null, "reason" text null, "lease_until" timestamptz(3) not null, "deadline_at" timestamptz(3) null, "dispatched_at" timestamptz(3) not null, "started_at" timestamptz(3) null, "finished_at" timestamptz(3) null, "progress_entries" int not null, primary key ("id"));`);
    this.addSql(`create index "attempt_work_type_finished_at_index" on "attempt" ("work_type", "finished_at");`);
    this.addSql(`create index "attempt_agent_id_plan_id_index" on "attempt" ("agent_id", "plan_id");`);
    this.addSql(`alter table "attempt" add constraint "attempt_task_id_number_unique" unique ("task_id", "number");`);

    this.addSql(`alter table "agent_performance" add constraint "agent_performance_agent_id_foreign" foreign key ("agent_id") references "agent" ("id");`);

    this.addSql(`alter table "execution_log_entry" add constraint "execution_log_entry_stream_kind_check" check ("stream_kind" in ('REQUEST', 'PLAN', 'AGENT', 'INSTALLATION'));`);
    this.addSql(`alter table "execution_log_entry" add constraint "execution_log_entry_kind_check" check ("kind" in ('REQUEST_SUBMITTED', 'REQUEST_PARSED', 'CLARIFICATION_ASKED', 'REQUEST_CLARIFIED', 'PARSING_FAILED', 'PARSING_RETRIED', 'VISIBILITY_CHANGED', 'PLAN_PROPOSED', 'PLANNING_FAILED', 'FALLBACK_DECIDED', 'FALLBACK_CHECK_FAILED', 'PLAN_SUPERSEDED', 'CHANGES_REQUESTED', 'APPROVAL_RECORDED', 'PLAN_APPROVED', 'PLAN_REJECTED', 'PLAN_EXPIRED', 'LATE_DECISION_REFUSED', 'PLAN_STARTED', 'CANCEL_REQUESTED', 'PLAN_COMPLETED', 'PLAN_FAILED', 'PLAN_CANCELLED', 'TASK_WAITING', 'TASK_DISPATCHED', 'TASK_STARTED', 'TASK_GRANTED', 'TASK_PROGRESSED', 'TASK_SUCCEEDED', 'TASK_FAILED', 'ATTEMPT_FAILED', 'ATTEMPT_LOST', 'OUTCOME_UNKNOWN', 'OUTCOME_RESOLVED', 'TASK_RETRIED', 'TASK_SKIPPED', 'TASK_CANCELLED', 'CANCEL_IGNORED', 'AGENT_REGISTERED', 'AGENT_RESTARTED', 'AGENT_LOST', 'AGENT_UNRESPONSIVE', 'AGENT_RETURNED', 'TOKEN_CREATED', 'TOKEN_REVOKED', 'QUOTA_CHANGED'));`);
    this.addSql(`alter table "execution_log_entry" add constraint "execution_log_entry_plan_status_check" check ("plan_status" in ('PLANNING_FAILED', 'PENDING_APPROVAL', 'CHANGES_REQUESTED', 'SUPERSEDED', 'REJECTED', 'EXPIRED', 'APPROVED', 'EXECUTING', 'CANCELLING', 'COMPLETED', 'FAILED', 'CANCELLED'));`);
    this.addSql(`alter table "execution_log_entry" add constraint "execution_log_entry_task_status_check" check ("task_status" in ('PENDING', 'WAITING_FOR_AGENT', 'DISPATCHED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'OUTCOME_UNKNOWN', 'CANCELLED', 'SKIPPED'));`);

    this.addSql(`alter table "log_stream" add constraint "log_stream_kind_check" check ("kind" in ('REQUEST', 'PLAN', 'AGENT', 'INSTALLATION'));`);

    this.addSql(`alter table "outbox_message" add constraint "outbox_message_exchange_check" check ("exchange" in ('work', 'events'));`);

    this.addSql(`alter table "request" add constraint "request_status_check" check ("status" in ('PARSING', 'PARSING_COMPLETE', 'REQUIRES_CLARIFICATION', 'PARSING_FAILED'));`);

    this.addSql(`alter table "plan" add constraint "plan_request_id_foreign" foreign key ("request_id") references "request" ("id");`);
    this.addSql(`alter table "plan" add constraint "plan_supersedes_id_foreign" foreign key ("supersedes_id") references "plan" ("id") on delete set null;`);
    this.addSql(`alter table "plan" add constraint "plan_status_check" check ("status" in ('PLANNING_FAILED', 'PENDING_APPROVAL', 'CHANGES_REQUESTED', 'SUPERSEDED', 'REJECTED', 'EXPIRED', 'APPROVED', 'EXECUTING', 'CANCELLING', 'COMPLETED', 'FAILED', 'CANCELLED'));`);
    this.addSql(`alter table "plan" add constraint "plan_complexity_check" check ("complexity" in ('SIMPLE', 'MEDIUM', 'COMPLEX'));`);
    this.addSql(`alter table "plan" add constraint "plan_risk_check" check ("risk" in ('low', 'medium', 'high'));`);

    this.addSql(`alter table "fallback_decision" add constraint "fallback_decision_plan_id_foreign" foreign key ("plan_id") references "plan" ("id");`);
    this.addSql(`alter table "fallback_decision" add constraint "fallback_decision_complexity_check" check ("complexity" in ('SIMPLE', 'MEDIUM', 'COMPLEX'));`);

    this.addSql(`alter table "evidence" add constraint "evidence_plan_id_foreign" foreign key ("plan_id") references "plan" ("id");`);

    this.addSql(`alter table "approval" add constraint "approval_plan_id_foreign" foreign key ("plan_id") references "plan" ("id");`);
    this.addSql(`alter table "approval" add constraint "approval_decision_check" check ("decision" in ('APPROVED', 'REJECTED', 'CHANGES_REQUESTED'));`);

    this.addSql(`alter table "task" add constraint "task_plan_id_foreign" foreign key ("plan_id") references "plan" ("id");`);
    this.addSql(`alter table "task" add constraint "task_effect_check" check ("effect" in ('retry_safe', 'idempotent', 'irreversible'));`);
    this.addSql(`alter table "task" add constraint "task_status_check" check ("status" in ('PENDING', 'WAITING_FOR_AGENT', 'DISPATCHED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'OUTCOME_UNKNOWN', 'CANCELLED', 'SKIPPED'));`);

    this.addSql(`alter table "routing_decision" add constraint "routing_decision_task_id_foreign" foreign key ("task_id") references "task" ("id");`);

    this.addSql(`alter table "attempt" add constraint "attempt_task_id_foreign" foreign key ("task_id") references "task" ("id");`);
    this.addSql(`alter table "attempt" add constraint "attempt_status_check" check ("status" in ('DISPATCHED', 'ACCEPTED', 'GRANTED', 'SUCCEEDED', 'FAILED', 'LOST', 'STOPPED'));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "agent_performance" drop constraint "agent_performance_agent_id_foreign";`);
    this.addSql(`alter table "plan" drop constraint "plan_request_id_foreign";`);
    this.addSql(`alter table "plan" drop constraint "plan_supersedes_id_foreign";`);
    this.addSql(`alter table "fallback_decision" drop constraint "fallback_decision_plan_id_foreign";`);
    this.addSql(`alter table "evidence" drop constraint "evidence_plan_id_foreign";`);
    this.addSql(`alter table "approval" drop constraint "approval_plan_id_foreign";`);
    this.addSql(`alter table "task" drop constraint "task_plan_id_foreign";`);
    this.addSql(`alter table "routing_decision" drop constraint "routing_decision_task_id_foreign";`);
    this.addSql(`alter table "attempt" drop constraint "attempt_task_id_foreign";`);

    this.addSql(`drop table if exists "agent" cascade;`);
    this.addSql(`drop table if exists "agent_performance" cascade;`);
    this.addSql(`drop table if exists "ai_usage" cascade;`);
    this.addSql(`drop table if exists "api_token" cascade;`);
    this.addSql(`drop table if exists "checkpoint" cascade;`);
    this.addSql(`drop table if exists "checkpoint_head" cascade;`);
    this.addSql(`drop table if exists "execution_log_entry" cascade;`);
    this.addSql(`drop table if exists "log_stream" cascade;`);
    this.addSql(`drop table if exists "outbox_message" cascade;`);
    this.addSql(`drop table if exists "quota_account" cascade;`);
    this.addSql(`drop table if exists "quota_reservation" cascade;`);
    this.addSql(`drop table if exists "replica" cascade;`);
    this.addSql(`drop table if exists "request" cascade;`);
    this.addSql(`drop table if exists "plan" cascade;`);
    this.addSql(`drop table if exists "fallback_decision" cascade;`);
    this.addSql(`drop table if exists "evidence" cascade;`);
    this.addSql(`drop table if exists "approval" cascade;`);
    this.addSql(`drop table if exists "task" cascade;`);
    this.addSql(`drop table if exists "routing_decision" cascade;`);
    this.addSql(`drop table if exists "attempt" cascade;`);
  }

}
