-- Which rules judge a reading, with which thresholds for which class of supply, and when readings were judged anew.

-- A revision is one whole document. Nothing is judged by it before another person than its author has approved it. Writer: console.
create table validation_policy (
  revision       integer primary key check (revision > 0),
  document       jsonb not null,
  sha256         bytea not null check (octet_length(sha256) = 32),
  effective_from timestamptz not null,
  recorded_at    timestamptz not null,
  author         text collate "C" not null references actor,
  reason         text not null check (reason <> ''),
  unique (revision, author)
);
comment on table validation_policy is 'fact: a revision of the validation policy as its author handed it in';

-- The author comes along so that the rule of two people needs no trigger.
create table validation_policy_approval (
  revision    integer primary key,
  author      text collate "C" not null,
  approver    text collate "C" not null references actor,
  approved_at timestamptz not null,
  foreign key (revision, author) references validation_policy (revision, author),
  check (approver <> author)
);
comment on table validation_policy_approval is 'fact: approval of a revision of the validation policy by another person than its author';

create trigger acts_now before insert on validation_policy for each row execute function check_author('author', 'recorded_at');
create trigger four_eyes before insert on validation_policy_approval for each row
  execute function check_approval('validation policy', 'validation_policy', 'author', 'approver', 'approved_at', 'revision');

-- What was judged anew after a rule or the master data changed. The decisions that changed by it carry its recorded_at. Writer: mdm.
create table revalidation (
  from_at     timestamptz not null,
  to_at       timestamptz not null,
  recorded_at timestamptz not null,
  actor_id    text collate "C" not null references actor,
  reason      text not null check (reason <> ''),
  primary key (from_at, to_at, recorded_at),
  check (from_at < to_at)
);
comment on table revalidation is 'fact: readings of [from_at, to_at) were judged anew although no claim had come, why and at whose wish';

-- Reverse energy on a point where nothing may be fed in is a meter that runs backwards. Null: nothing is agreed.
alter table agreement_timeline add column export_agreed boolean;

grant select on validation_policy, validation_policy_approval, revalidation to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on validation_policy, validation_policy_approval to shuangwu_console;
grant insert on revalidation to shuangwu_mdm;

-- As before, with the columns that decisions have got since.
create or replace view validated_reading as
  select distinct on (meter_id, quantity, read_at) *
    from validation_decision order by meter_id, quantity, read_at, revision desc;
