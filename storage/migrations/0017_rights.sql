-- Who may act in whose name, who may approve, and what the database itself refuses when a process goes around the programs (ADR 0011).
-- Names in `actor` are only names; the right to approve is a fact of its own that the owner enters and another person confirms. Every
-- function that judges has its own search path: a session could otherwise put a temporary table of the same name before ours.

-- By how much the time that a process brings may differ from the server's. Null: the clock of this database is virtual (demo, tests).
-- The latest revision holds. Writer: owner, and nobody else.
create table acting_time_rule (
  revision    integer primary key check (revision > 0),
  tolerance   interval check (tolerance between interval '1 second' and interval '10 minutes'),
  reason      text not null check (reason <> ''),
  recorded_at timestamptz not null default clock_timestamp()
);
comment on table acting_time_rule is 'fact: how far the times of acts may lie from the server''s; the latest revision holds';
insert into acting_time_rule (revision, tolerance, reason) values (1, interval '1 minute', 'as shipped');

create function refuse(message text) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  raise exception '%', message using errcode = 'SW403';
end $$;

-- A demo says that it is one before it takes on a virtual clock, and a utility's own database never has one.
create function check_acting_time_rule() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.tolerance is null and exists (select from deployment where purpose = 'production') then
    perform refuse('a database in production keeps the server''s time');
  end if;
  return new;
end $$;
create trigger no_virtual_clock_in_production before insert on acting_time_rule for each row execute function check_acting_time_rule();

create function require_present(acted_at timestamptz) returns void language plpgsql set search_path = public, pg_temp as $$
declare
  most interval := (select tolerance from acting_time_rule order by revision desc limit 1);
begin
  -- Of two infinite ages none is measured: `between` alone would let 'infinity' fail with another error.
  if most is not null and (not isfinite(acted_at) or acted_at not between clock_timestamp() - most and clock_timestamp() + most) then
    perform refuse(format('the act is said to be of %s, and the server''s clock says %s: more than %s apart', acted_at, clock_timestamp(), most));
  end if;
end $$;

-- By which instant it is judged whether something is over: the server's where clocks are real, so that the tolerance prolongs nothing.
create function judged_at(acted_at timestamptz) returns timestamptz language sql set search_path = public, pg_temp as $$
  select case when (select tolerance from acting_time_rule order by revision desc limit 1) is null then acted_at
              else greatest(acted_at, clock_timestamp()) end
$$;

-- Who may approve. With a login named, nobody acts in this person's name but a session of that login. Writer: owner.
create table approval_right (
  actor_id    text collate "C" not null references actor,
  revision    integer not null check (revision > 0),
  granted     boolean not null,
  -- Null: any session of the role that writes.
  login_name  text collate "C" check (login_name <> ''),
  -- Set by the trigger: entered while fewer than two people held the right, so that nobody could confirm it.
  founding    boolean not null,
  author      text collate "C" not null references actor,
  reason      text not null check (reason <> ''),
  recorded_at timestamptz not null,
  primary key (actor_id, revision),
  check (author <> actor_id),
  check (granted or login_name is null)
);
comment on table approval_right is 'fact: a person is given the right to approve, or loses it; a grant counts once another person has confirmed it';

create table approval_right_confirmation (
  actor_id     text collate "C" not null,
  revision     integer not null,
  approver     text collate "C" not null references actor,
  confirmed_at timestamptz not null,
  primary key (actor_id, revision),
  foreign key (actor_id, revision) references approval_right,
  check (approver <> actor_id)
);
comment on table approval_right_confirmation is 'fact: another person who may approve confirms that somebody else may';

-- What holds of each person. Losing the right needs no second person and holds at once.
create view approval_right_in_force as
  select distinct on (r.actor_id) r.actor_id, r.revision, r.granted, r.login_name
    from approval_right r
   where not r.granted or r.founding
      or exists (select from approval_right_confirmation c where (c.actor_id, c.revision) = (r.actor_id, r.revision))
   order by r.actor_id, r.revision desc;

create function holds_approval_right(actor text) returns boolean language sql stable set search_path = public, pg_temp as $$
  select exists (select from approval_right_in_force r where r.actor_id = actor and r.granted)
$$;

-- Nobody but a session of the login that a person is bound to acts in that person's name.
create function require_own_session(actor text) returns void language plpgsql set search_path = public, pg_temp as $$
declare
  bound text := (select login_name from approval_right_in_force r where r.actor_id = actor);
begin
  if bound is not null and bound <> session_user then
    perform refuse(format('%s acts through a database login of their own, not through %s', actor, session_user));
  end if;
end $$;

create function check_approval_right() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  -- One at a time, or two could be the first.
  perform pg_advisory_xact_lock(hashtextextended('approval_right', 0));
  if not exists (select from actor a where a.actor_id = new.actor_id and a.kind = 'person') then
    perform refuse(format('only people approve; %s is none', new.actor_id));
  end if;
  if new.revision <> 1 + coalesce((select max(revision) from approval_right r where r.actor_id = new.actor_id), 0) then
    perform refuse(format('revision %s of the right of %s does not follow the last one', new.revision, new.actor_id));
  end if;
  new.founding := new.granted
    and (select count(*) from approval_right_in_force r where r.granted and r.actor_id <> new.actor_id) < 2;
  return new;
end $$;
create trigger first_two_found before insert on approval_right for each row execute function check_approval_right();

-- For tables whose rows somebody proposes. Arguments: columns of the author and of the time.
create function check_author() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  act jsonb := to_jsonb(new);
begin
  perform require_own_session(act ->> tg_argv[0]);
  perform require_present((act ->> tg_argv[1])::timestamptz);
  return new;
end $$;

-- For every table in which people approve what another one proposed. Arguments: what it is called, the table of the proposals, its
-- column of the author, our columns of the approver and of the time, and the columns that name the proposal (its digest among them).
create function check_approval() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  approval jsonb := to_jsonb(new);
  person text := approval ->> tg_argv[3];
  named text := tg_argv[0] || ' ' || concat_ws(' ', approval ->> split_part(tg_argv[5], ', ', 1), approval ->> 'version');
  wrote text;
begin
  execute format('select p.%I from %I p join jsonb_populate_record(null::%I, $1) a using (%s)', tg_argv[2], tg_argv[1], tg_argv[1], tg_argv[5])
    into wrote using approval;
  if wrote is null then
    perform refuse(format('%s is not what was approved', named));
  end if;
  if wrote = person then
    perform refuse(format('%s wrote %s and may not approve it: that takes another person', person, named));
  end if;
  if not exists (select from actor a where a.actor_id = person and a.kind = 'person') then
    perform refuse(format('%s is approved by people; %s is none', named, person));
  end if;
  if not holds_approval_right(person) then
    perform refuse(format('%s may not approve %s: nobody has given them the right to approve', person, named));
  end if;
  perform require_own_session(person);
  perform require_present((approval ->> tg_argv[4])::timestamptz);
  return new;
end $$;

create trigger acts_now before insert on approval_right for each row execute function check_author('author', 'recorded_at');
create trigger four_eyes before insert on approval_right_confirmation for each row
  execute function check_approval('the right of', 'approval_right', 'author', 'approver', 'confirmed_at', 'actor_id, revision');

create trigger acts_now before insert on collection_plan for each row execute function check_author('author', 'recorded_at');
create trigger four_eyes before insert on collection_plan_approval for each row
  execute function check_approval('collection plan', 'collection_plan', 'author', 'approver', 'approved_at', 'revision');

create trigger acts_now before insert on due_exemption for each row execute function check_author('author', 'recorded_at');
drop trigger author_may_not_grant on due_exemption_approval;
drop function check_due_exemption_approval;
create trigger four_eyes before insert on due_exemption_approval for each row
  execute function check_approval('exemption', 'due_exemption', 'author', 'approver', 'recorded_at', 'exemption_id');

create trigger acts_now before insert on meter_order for each row execute function check_author('author', 'recorded_at');
drop trigger author_may_not_approve on meter_order_approval;
drop function check_meter_order_approval;
create trigger four_eyes before insert on meter_order_approval for each row
  execute function check_approval('order', 'meter_order', 'author', 'approver', 'approved_at', 'order_id, order_digest');
create function check_order_still_valid() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from meter_order o where o.order_id = new.order_id and o.expires_at <= judged_at(new.approved_at)) then
    perform refuse(format('order %s has expired and can no longer be approved', new.order_id));
  end if;
  return new;
end $$;
create trigger not_expired before insert on meter_order_approval for each row execute function check_order_still_valid();

create trigger acts_now before insert on standing_order for each row execute function check_author('author', 'recorded_at');
drop trigger author_may_not_approve on standing_order_approval;
drop function check_standing_order_approval;
create trigger four_eyes before insert on standing_order_approval for each row
  execute function check_approval('standing order', 'standing_order', 'author', 'approver', 'approved_at', 'code, version, sha256');

create trigger acts_now before insert on tariff_version for each row execute function check_author('author', 'recorded_at');
drop trigger author_may_not_sign on tariff_signature;
drop function check_tariff_signature;
create trigger four_eyes before insert on tariff_signature for each row
  execute function check_approval('tariff', 'tariff_version', 'author', 'actor_id', 'signed_at', 'tariff_code, version');

-- How orders are approved is changed by two people too: a revision of a rule counts from its approval on. The shipped ones have no author.
create table meter_order_rule_approval (
  kind        text collate "C" not null,
  revision    integer not null,
  approver    text collate "C" not null references actor,
  approved_at timestamptz not null,
  primary key (kind, revision),
  foreign key (kind, revision) references meter_order_rule
);
comment on table meter_order_rule_approval is 'fact: a revision of a rule for orders was approved by another person than its author';
create trigger acts_now before insert on meter_order_rule for each row when (new.actor_id is not null)
  execute function check_author('actor_id', 'recorded_at');
create trigger four_eyes before insert on meter_order_rule_approval for each row
  execute function check_approval('order rule', 'meter_order_rule', 'actor_id', 'approver', 'approved_at', 'kind, revision');
create or replace function meter_order_rule_as_of(order_kind text, known_at timestamptz) returns setof meter_order_rule language sql stable as $$
  select r.* from meter_order_rule r
   where r.kind = order_kind and r.recorded_at <= known_at
     and (r.actor_id is null
          or exists (select from meter_order_rule_approval a where (a.kind, a.revision) = (r.kind, r.revision) and a.approved_at <= known_at))
   order by r.revision desc limit 1
$$;
-- Only a migration ships rules without an author.
alter table meter_order_rule enable row level security;
create policy everybody_reads on meter_order_rule for select using (true);
create policy people_propose on meter_order_rule for insert to shuangwu_console with check (actor_id is not null);

alter function check_meter_order() set search_path = public, pg_temp;
create or replace function check_meter_order_use() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  used meter_order;
  needed integer;
  given bigint;
begin
  select * into strict used from meter_order o where o.order_id = new.order_id;
  select approvals into needed from meter_order_rule_as_of(used.kind, new.used_at);
  select count(*) into given from meter_order_approval a
   where a.order_id = new.order_id and a.order_digest = used.order_digest and a.approved_at <= new.used_at;
  if needed is null or given < needed then
    perform refuse(format('order %s has %s of %s approvals', new.order_id, given, needed));
  end if;
  if new.used_at < used.not_before or judged_at(new.used_at) >= used.expires_at then
    perform refuse(format('order %s is not valid at %s', new.order_id, new.used_at));
  end if;
  return new;
end $$;

-- Who writes on a line holds it; the row stays locked until the use is committed, so that nobody takes the line in between.
create function check_use() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform require_present(new.used_at);
  perform from line_lease l
    where (l.line_id, l.fencing_token) = (new.line_id, new.fencing_token) and l.expires_at > judged_at(new.used_at) for share;
  if not found then
    perform refuse(format('%s does not hold line %s under token %s', new.node, new.line_id, new.fencing_token));
  end if;
  return new;
end $$;
create trigger held_now before insert on meter_order_use for each row execute function check_use();
create trigger held_now before insert on standing_order_use for each row execute function check_use();

create or replace function check_standing_order_use() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  in_force standing_order;
  told public.line;
  local_day date;
begin
  select l.* into strict told from line l where l.line_id = new.line_id;
  select (new.used_at at time zone o.time_zone)::date into strict local_day from organisation o where o.organisation_id = told.organisation_id;
  if new.service_date <> local_day then
    perform refuse(format('%s is the line''s day, not %s', local_day, new.service_date));
  end if;
  select s.* into in_force from standing_order s
   where s.code = new.code
     and (select count(*) from standing_order_approval a
           where (a.code, a.version, a.sha256) = (s.code, s.version, s.sha256) and a.approved_at <= new.used_at) >= 2
   order by s.version desc limit 1;
  if in_force.version is distinct from new.version then
    perform refuse(format('standing order %s version %s lacks approvals, or a later version is in force', new.code, new.version));
  end if;
  if not coalesce((in_force.document ->> 'enabled')::boolean, true) then
    perform refuse(format('standing order %s version %s ends the standing order', new.code, new.version));
  end if;
  if local_day < (in_force.document ->> 'validFrom')::date or local_day >= (in_force.document ->> 'validTo')::date then
    perform refuse(format('standing order %s version %s is not valid on %s', new.code, new.version, local_day));
  end if;
  if jsonb_typeof(in_force.document -> 'lines') = 'array' and not in_force.document -> 'lines' ? told.code then
    perform refuse(format('standing order %s version %s is not for line %s', new.code, new.version, told.code));
  end if;
  return new;
end $$;

-- The meter table that a concentrator is to have, as domain/meter-tables.ts says: the registry's addresses in the order of its meters,
-- each under the number that it has already (in the push before, else in the device's own table), new ones under the lowest free ones.
create function desired_meter_table(line bigint, before_version bigint, at timestamptz) returns jsonb
language plpgsql stable set search_path = public, pg_temp as $$
declare
  known jsonb := coalesce(
    (select p.meters from concentrator_table_push p where p.line_id = line and p.version < before_version order by p.version desc limit 1),
    (select r.meters from concentrator_table_report r where r.line_id = line and r.recorded_at <= at order by r.reported_at desc, r.basis limit 1),
    '[]');
  wanted text[] := (
    select coalesce(array_agg(address order by first_meter), '{}')
      from (select m.communication_address as address, min(m.meter_id) as first_meter
              from installation_as_of(at, at) i join meter m using (meter_id) where i.line_id = line group by 1) w);
  addresses text[] := '{}';
  points integer[] := '{}';
  entry record;
  each_address text;
  free_point integer := 1;
begin
  for entry in
    select e.value ->> 'address' as address, (e.value ->> 'terminalPoint')::integer as point
      from jsonb_array_elements(known) with ordinality e (value, place) order by e.place
  loop
    if entry.address = any(wanted) and entry.address <> all(addresses) and entry.point <> all(points) then
      addresses := addresses || entry.address;
      points := points || entry.point;
    end if;
  end loop;
  foreach each_address in array wanted loop
    if each_address <> all(addresses) then
      while free_point = any(points) loop
        free_point := free_point + 1;
      end loop;
      addresses := addresses || each_address;
      points := points || free_point;
    end if;
  end loop;
  return (select coalesce(jsonb_agg(jsonb_build_object('terminalPoint', point, 'address', address) order by point), '[]')
            from unnest(addresses, points) t (address, point));
end $$;

-- Whoever opens a push, its table is the one that follows from the registry; for an exchange there is one on that line, by that person.
create function check_table_push() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.cause = 'meter_exchange' then
    perform require_present(new.opened_at);
    if not exists (
      select from meter_exchange e
        join installation_as_of(new.opened_at, new.opened_at) i on i.usage_point_id = e.usage_point_id and i.meter_id = e.new_meter_id
       where i.line_id = new.line_id and e.actor_id = new.actor_id and e.exchanged_at <= new.opened_at and e.recorded_at <= new.opened_at) then
      perform refuse(format('%s recorded no meter exchange on line %s', new.actor_id, new.line_id));
    end if;
  end if;
  if new.meters <> desired_meter_table(new.line_id, new.version, new.opened_at) then
    perform refuse(format('the table of push %s is not the one that the registry asks for', new.push_id));
  end if;
  return new;
end $$;
create trigger acts_now before insert on concentrator_table_push for each row when (new.cause <> 'meter_exchange')
  execute function check_author('actor_id', 'opened_at');
create trigger follows_from_registry before insert on concentrator_table_push for each row execute function check_table_push();

drop trigger four_eyes on concentrator_table_approval;
drop function check_table_approval;
create trigger four_eyes before insert on concentrator_table_approval for each row when (new.actor_id is not null)
  execute function check_approval('push', 'concentrator_table_push', 'actor_id', 'actor_id', 'approved_at', 'push_id');

-- Without a person: only while the plan in force says so, only for exchanges, and only while the registry still asks for this table.
create function check_standing_table_policy() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  push concentrator_table_push;
begin
  perform require_present(new.approved_at);
  select * into push from concentrator_table_push p where p.push_id = new.push_id;
  if push.cause is distinct from 'meter_exchange'
     or not exists (select from collection_plan_as_of(new.approved_at, new.approved_at) p
                     where p.document -> 'tables' ->> 'exchangesApprovedBy' = 'standing_policy') then
    perform refuse(format('push %s needs the approval of another person', new.push_id));
  end if;
  if push.meters <> desired_meter_table(push.line_id, push.version, new.approved_at) then
    perform refuse(format('the registry has changed since push %s was opened', new.push_id));
  end if;
  return new;
end $$;
create trigger standing_policy before insert on concentrator_table_approval for each row when (new.actor_id is null)
  execute function check_standing_table_policy();

-- People open and approve through the console; the head-end opens what exchanges ask for and approves nothing in anybody's name.
alter table concentrator_table_push enable row level security;
create policy everybody_reads on concentrator_table_push for select using (true);
create policy people_open on concentrator_table_push for insert to shuangwu_console with check (cause = 'difference');
create policy exchanges_open on concentrator_table_push for insert to shuangwu_headend with check (cause = 'meter_exchange');
alter table concentrator_table_approval enable row level security;
create policy everybody_reads on concentrator_table_approval for select using (true);
create policy people_approve on concentrator_table_approval for insert to shuangwu_console with check (actor_id is not null);
create policy policy_approves on concentrator_table_approval for insert to shuangwu_headend with check (actor_id is null);

-- A dunning policy carries both names in one row.
create function check_dunning_policy() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not holds_approval_right(new.approver) then
    perform refuse(format('%s may not approve dunning policies: nobody has given them the right to approve', new.approver));
  end if;
  perform require_own_session(new.approver);
  perform require_present(new.recorded_at);
  return new;
end $$;
create trigger four_eyes before insert on dunning_policy_version for each row execute function check_dunning_policy();

-- Who there is, and what the database is for, the owner says. Master data names people of the registry (mdm), which lets nobody approve.
revoke insert on actor, deployment from shuangwu_console;
grant insert on meter_order_rule_approval, approval_right_confirmation to shuangwu_console;
grant select on acting_time_rule, approval_right, approval_right_confirmation, approval_right_in_force, meter_order_rule_approval
  to shuangwu_headend, shuangwu_mdm, shuangwu_billing, shuangwu_dunning, shuangwu_console, shuangwu_reader;
