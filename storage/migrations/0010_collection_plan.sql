-- What is read where, when and how patiently; which due instants were taken up; reads that somebody asks for at once.

-- A revision is one whole document. Nothing reads it before another person than its author has approved it. Writer: console.
create table collection_plan (
  revision       integer primary key check (revision > 0),
  document       jsonb not null,
  sha256         bytea not null check (octet_length(sha256) = 32),
  effective_from timestamptz not null,
  recorded_at    timestamptz not null,
  author         text collate "C" not null references actor,
  reason         text not null check (reason <> ''),
  unique (revision, author)
);
comment on table collection_plan is 'fact: a revision of the collection plan as its author handed it in';

-- The author comes along so that the rule of two people needs no trigger.
create table collection_plan_approval (
  revision    integer primary key,
  author      text collate "C" not null,
  approver    text collate "C" not null references actor,
  approved_at timestamptz not null,
  foreign key (revision, author) references collection_plan (revision, author),
  check (approver <> author)
);
comment on table collection_plan_approval is 'fact: approval of a revision of the collection plan by another person than its author';

-- As of (K, D): of the revisions approved at or before K that are effective at D, the latest one. No row: the built-in plan.
create function collection_plan_as_of(known_at timestamptz, at timestamptz) returns setof collection_plan language sql stable as $$
  select p.* from collection_plan p join collection_plan_approval a using (revision)
   where a.approved_at <= known_at and p.effective_from <= at
   order by p.revision desc limit 1
$$;

-- A due instant of a schedule that was taken up: its due points are laid down and its windows are scheduled.
create table collection_fire (
  schedule    text collate "C" not null,
  time_zone   text not null,
  due_at      timestamptz not null,
  -- Null for the built-in plan.
  revision    integer references collection_plan,
  windows     integer not null check (windows >= 0),
  recorded_at timestamptz not null,
  primary key (schedule, time_zone, due_at)
);
comment on table collection_fire is 'fact: a due instant of a schedule for which windows were put on the list of work';

-- Somebody wants items of a meter now (召测). Writer: console. The owner of the line answers.
create table read_request (
  request_id   text collate "C" primary key,
  meter_id     bigint not null references meter,
  line_id      bigint not null references line,
  items        text[] not null check (cardinality(items) between 1 and 16),
  requested_at timestamptz not null,
  deadline     timestamptz not null,
  actor_id     text collate "C" not null references actor,
  check (requested_at < deadline)
);
comment on table read_request is 'fact: an on-demand read of items of one meter, to be answered by a deadline';
create index on read_request (deadline);

create table read_request_result (
  request_id  text collate "C" not null references read_request,
  item        text collate "C" not null,
  -- read | refused | failed
  outcome     text not null check (outcome in ('read', 'refused', 'failed')),
  cause       text check ((cause is null) = (outcome = 'read')),
  payload     bytea check ((payload is null) = (outcome <> 'read')),
  -- As they went over the line, in order; a request without an answer has an empty one beside it.
  requests    bytea[] not null,
  responses   bytea[] not null,
  node        text not null,
  answered_at timestamptz not null,
  primary key (request_id, item),
  check (cardinality(requests) = cardinality(responses))
);
comment on table read_request_result is 'fact: what an on-demand read of one item came to, with its bytes';

grant select on collection_plan, collection_plan_approval, collection_fire, read_request, read_request_result
  to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on collection_plan, collection_plan_approval, read_request to shuangwu_console;
grant insert on collection_fire, read_request_result to shuangwu_headend;
-- Groups of a plan select by transformer area.
grant select on transformer_area to shuangwu_headend;
