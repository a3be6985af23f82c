create table if not exists request (id uuid primary key, subtasks json not null, submitted_at timestamptz not null default now());
create table if not exists plan (id uuid primary key, request_id uuid not null references request, status text not null, content_hash text not null,
  open_tasks int not null, sequence int not null, approved_at timestamptz, finished_at timestamptz);
create table if not exists task (id uuid primary key, plan_id uuid not null references plan, number int not null, intent text not null, parameters json not null,
  status text not null, output json);
create index if not exists task_plan_id on task (plan_id);
create table if not exists outbox (id uuid primary key, plan_id uuid not null, body json not null);
