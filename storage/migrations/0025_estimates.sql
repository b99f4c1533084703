-- What was estimated, how, how sure that is, and under which policy. Writer: mdm; policies come from the console.

-- A revision is one whole document. Nothing reads it before another person than its author has approved it.
create table estimation_policy (
  revision       integer primary key check (revision > 0),
  document       jsonb not null,
  sha256         bytea not null check (octet_length(sha256) = 32),
  effective_from timestamptz not null,
  recorded_at    timestamptz not null,
  author         text collate "C" not null references actor,
  reason         text not null check (reason <> ''),
  unique (revision, author)
);
comment on table estimation_policy is 'fact: a revision of the estimation policy as its author handed it in';
create trigger acts_now before insert on estimation_policy for each row execute function check_author('author', 'recorded_at');

create table estimation_policy_approval (
  revision    integer primary key,
  author      text collate "C" not null,
  approver    text collate "C" not null references actor,
  approved_at timestamptz not null,
  foreign key (revision, author) references estimation_policy (revision, author),
  check (approver <> author)
);
comment on table estimation_policy_approval is 'fact: approval of a revision of the estimation policy by another person than its author';
create trigger four_eyes before insert on estimation_policy_approval for each row
  execute function check_approval('estimation policy', 'estimation_policy', 'author', 'approver', 'approved_at', 'revision');

-- As of (K, D): of the revisions approved at or before K that are effective at D, the latest one. No row: the built-in policy.
create function estimation_policy_as_of(known_at timestamptz, at timestamptz) returns setof estimation_policy language sql stable as $$
  select p.* from estimation_policy p join estimation_policy_approval a using (revision)
   where a.approved_at <= known_at and p.effective_from <= at
   order by p.revision desc limit 1
$$;

-- One row per decision `estimated`, under the decision's own key; the value is there. Few, so no time series of its own.
create table estimate (
  meter_id       bigint not null references meter,
  quantity       smallint not null,
  read_at        timestamptz not null,
  revision       integer not null check (revision > 0),
  method         text collate "C" not null,
  -- Registers (total, kWh e4) between which the truth lies nine times in ten.
  low_e4         bigint not null,
  high_e4        bigint not null,
  -- What it rests on: the accepted readings beside it, the known days of its own history, the peers of the thinnest day.
  before_at      timestamptz not null,
  after_at       timestamptz,
  history_days   integer not null check (history_days >= 0),
  peers          integer not null check (peers >= 0),
  -- A bill may begin or end there.
  boundary       boolean not null,
  policy_version text collate "C" not null,
  recorded_at    timestamptz not null,
  primary key (meter_id, quantity, read_at, revision),
  check (low_e4 <= high_e4 and before_at < read_at and (after_at is null or after_at > read_at))
);
comment on table estimate is 'fact: how a value was estimated, its 90 % interval and its basis; what comes later supersedes it and leaves it here';
create index on estimate (read_at);

-- An estimate is never an actual, whoever writes it: the decision under its key says `estimated`.
create function check_estimate() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from appended e
              where not exists (select from validation_decision d
                                 where (d.meter_id, d.quantity, d.read_at, d.revision) = (e.meter_id, e.quantity, e.read_at, e.revision)
                                   and d.verdict = 'estimated' and d.total_e4 between e.low_e4 and e.high_e4)) then
    raise exception 'an estimate belongs to a decision that says so and lies in its interval' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger belongs_to_its_decision after insert on estimate
  referencing new table as appended for each statement execute function check_estimate();

-- An estimate, its value, and what stands under its key now. `difference_e4` is what the true-up moves: what stands less the estimate.
create view estimate_outcome as
  select e.*, d.total_e4, s.revision as standing_revision, s.verdict as standing_verdict, s.total_e4 as standing_total_e4,
         s.revision > e.revision as superseded, case when s.revision > e.revision then s.recorded_at end as superseded_at,
         s.total_e4 - d.total_e4 as difference_e4,
         case when s.verdict = 'accepted' then s.total_e4 between e.low_e4 and e.high_e4 end as held_in_interval
    from estimate e
    join validation_decision d using (meter_id, quantity, read_at, revision)
   cross join lateral (select v.* from validation_decision v
                        where (v.meter_id, v.quantity, v.read_at) = (e.meter_id, e.quantity, e.read_at)
                        order by v.revision desc limit 1) s;

grant select on estimation_policy, estimation_policy_approval, estimate, estimate_outcome
  to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on estimation_policy, estimation_policy_approval to shuangwu_console;
grant insert on estimate to shuangwu_mdm;
