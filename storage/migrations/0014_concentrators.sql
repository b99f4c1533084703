-- Concentrators: whether they are there, which meters they say they have, and which they are told to read. Writer: headend, except
-- for pushes that people open and approve (console).

create table concentrator_status (
  line_id     bigint not null references line,
  observed_at timestamptz not null,
  online      boolean not null,
  evidence    text not null check (evidence in ('announced', 'last_will', 'traffic', 'silence')),
  recorded_at timestamptz not null,
  primary key (line_id, observed_at, evidence),
  check (online = (evidence in ('announced', 'traffic')))
);
comment on table concentrator_status is 'fact: a concentrator came or went, and how we know; only changes are kept';

-- What was known at an instant: the last change recorded by then.
create function concentrator_state_as_of(known_at timestamptz) returns setof concentrator_status language sql stable as $$
  select distinct on (line_id) * from concentrator_status
   where recorded_at <= known_at order by line_id, observed_at desc, online, evidence
$$;

create table concentrator_table_report (
  line_id     bigint not null references line,
  reported_at timestamptz not null,
  version     bigint not null check (version >= 0),
  -- report: its own words. receipt: it confirmed a table of ours.
  basis       text not null check (basis in ('report', 'receipt')),
  meters      jsonb not null,
  recorded_at timestamptz not null,
  primary key (line_id, reported_at, basis)
);
comment on table concentrator_table_report is 'fact: the meter table that a concentrator says it has; only changes are kept';

create table concentrator_table_push (
  push_id   text collate "C" primary key,
  line_id   bigint not null references line,
  version   bigint not null check (version > 0),
  meters    jsonb not null,
  cause     text not null check (cause in ('difference', 'meter_exchange')),
  -- For an exchange whoever recorded it.
  actor_id  text collate "C" not null references actor,
  opened_at timestamptz not null,
  unique (line_id, version)
);
comment on table concentrator_table_push is 'fact: a meter table that a concentrator is to have, all of it; sent once it is approved';

create table concentrator_table_approval (
  push_id     text collate "C" primary key references concentrator_table_push,
  -- Null under the standing policy, which is for exchanges only.
  actor_id    text collate "C" references actor,
  approved_at timestamptz not null
);
comment on table concentrator_table_approval is 'fact: another person, or the standing policy, lets a meter table go out';

create function check_table_approval() returns trigger language plpgsql as $$
begin
  if exists (select from concentrator_table_push p
              where p.push_id = new.push_id
                and (p.actor_id = new.actor_id or new.actor_id is null and p.cause <> 'meter_exchange')) then
    raise exception 'push % needs the approval of another person', new.push_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger four_eyes before insert on concentrator_table_approval for each row execute function check_table_approval();

create table concentrator_table_delivery (
  push_id text collate "C" not null references concentrator_table_push,
  attempt integer not null check (attempt > 0),
  sent_at timestamptz not null,
  primary key (push_id, attempt)
);
comment on table concentrator_table_delivery is 'fact: the broker took a meter table over for a concentrator';

create table concentrator_table_receipt (
  push_id          text collate "C" primary key references concentrator_table_push,
  outcome          text not null check (outcome in ('in_force', 'table_outdated', 'table_too_long')),
  version_in_force bigint not null,
  received_at      timestamptz not null
);
comment on table concentrator_table_receipt is 'fact: what a concentrator answered to a meter table';

grant select on concentrator_status, concentrator_table_report, concentrator_table_push, concentrator_table_approval,
  concentrator_table_delivery, concentrator_table_receipt
  to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on concentrator_status, concentrator_table_report, concentrator_table_push, concentrator_table_approval,
  concentrator_table_delivery, concentrator_table_receipt
  to shuangwu_headend;
grant insert on concentrator_table_push, concentrator_table_approval to shuangwu_console;
-- Exchanges open pushes by themselves.
grant select on meter_exchange to shuangwu_headend;
