-- Every due point accounted for: what is due and what for, what serves it, who owns what is open, and what excuses a point.
-- Writers: headend lays due points and purposes; mdm writes crews, outages and suspensions; console writes exemptions.

-- One meter may owe several things at one instant: its daily freeze, its monthly set, the registers a fitter notes.
alter table due_read add column template text collate "C" not null default 'daily_freeze';
-- Whether the everyday plan wants it. False for an instant that only a billing boundary asks for.
alter table due_read add column daily boolean not null default true;
alter table due_read drop constraint due_read_pkey, add primary key (meter_id, template, read_at);
-- Equal instants share one entry, so this costs little; a day's points and the last midnight laid down are found by it.
create index due_read_at on due_read (read_at);
comment on table due_read is 'fact: a due point: what (template) is wanted of this meter at this instant';

alter table failed_read add column template text collate "C" not null default 'daily_freeze';
-- Null in rows of before: they count as recorded when they failed.
alter table failed_read add column recorded_at timestamptz;
alter table failed_read drop constraint failed_read_pkey, add primary key (meter_id, template, read_at, attempt);

-- What a due point is for besides the everyday plan, which due_read itself says: a row for each of a million meters and days would tell nothing more.
call create_time_series('due_purpose', 'read_at', $columns$
  meter_id    bigint not null,
  template    text collate "C" not null,
  read_at     timestamptz not null,
  purpose     text not null check (purpose in
    ('reading_day', 'price_change', 'class_change', 'ladder_year_end', 'exchange', 'contract_change', 'suspension')),
  recorded_at timestamptz not null,
  primary key (meter_id, template, read_at, purpose)
$columns$);
comment on table due_purpose is 'fact: a billing boundary for which a due point is wanted; such points go first';

create view due_point_purpose as
  select meter_id, template, read_at, purpose, recorded_at from due_purpose
  union all
  select meter_id, template, read_at, 'daily', recorded_at from due_read where daily;

-- As domain/reading.ts says: a live read serves the midnight that it follows by at most this.
create function live_tolerance() returns interval language sql immutable parallel safe as $$ select interval '15 minutes' $$;
create index reading_live on reading (read_at) where source = 4;
-- A day of readings lies together as it came, so a few pages of ranges find it.
create index reading_day on reading using brin (read_at) with (pages_per_range = 32);

-- What serves due points of (after_at, through_at] besides a reading under the very key: a live read, registers that a person noted.
-- A template that is stored elsewhere adds its branch here; with bounds in every branch only the partitions of the span are read.
create function served_otherwise(after_at timestamptz, through_at timestamptz)
returns table (meter_id bigint, template text, read_at timestamptz, source smallint, served_at timestamptz)
language sql stable parallel safe as $$
  select d.meter_id, d.template, d.read_at, r.source, r.recorded_at
    from due_read d join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.source = 4
     and r.read_at > d.read_at and r.read_at <= d.read_at + live_tolerance()
   where d.template = 'daily_freeze' and d.read_at > after_at and d.read_at <= through_at
     and r.read_at > after_at and r.read_at <= through_at + live_tolerance()
  union all
  select m.meter_id, t.template, m.read_at, m.source, m.recorded_at
    from manual_reading m cross join (values ('daily_freeze'), ('noted_registers')) t (template)
   where m.quantity = 1 and m.read_at > after_at and m.read_at <= through_at
$$;

-- What serves a due point, since when. Several rows are several claims; the first of them settled it.
create view served_read as
  select meter_id, 'daily_freeze' as template, read_at, source, recorded_at as served_at from reading where quantity = 1
  union all
  select meter_id, template, read_at, source, served_at from served_otherwise('-infinity', 'infinity');

-- Supply that stands still although a meter hangs there (暂停): nothing is due of it.
create table suspension_timeline (
  usage_point_id bigint not null references usage_point,
  revision       integer not null check (revision > 0),
  effective_from timestamptz not null,
  effective_to   timestamptz,
  document       text not null,
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  reason         text not null,
  primary key (usage_point_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table suspension_timeline is 'fact: timeline of suspended supply at a usage point';
create trigger no_overlap after insert on suspension_timeline
  referencing new table as appended for each statement execute function check_timeline('usage_point_id');
create function suspension_as_of(known_at timestamptz, at timestamptz) returns setof suspension_timeline language sql stable parallel safe as $$
  select t.* from suspension_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from suspension_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;

-- Who owns what does not answer.
create table crew (
  crew_id         bigint primary key,
  organisation_id bigint not null references organisation,
  code            text collate "C" not null unique,
  name            text not null
);
comment on table crew is 'fact: a collection crew (采集运维班)';
create table crew_area_timeline (
  transformer_area_id bigint not null references transformer_area,
  revision            integer not null check (revision > 0),
  effective_from      timestamptz not null,
  effective_to        timestamptz,
  crew_id             bigint not null references crew,
  recorded_at         timestamptz not null,
  actor_id            text collate "C" not null references actor,
  reason              text not null,
  primary key (transformer_area_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table crew_area_timeline is 'fact: timeline of which crew owns a transformer area; re-assignment keeps what was';
create trigger no_overlap after insert on crew_area_timeline
  referencing new table as appended for each statement execute function check_timeline('transformer_area_id');
create function crew_area_as_of(known_at timestamptz, at timestamptz) returns setof crew_area_timeline language sql stable parallel safe as $$
  select t.* from crew_area_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from crew_area_timeline n where n.transformer_area_id = t.transformer_area_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;

create table planned_outage (
  planned_outage_id   bigint primary key,
  code                text collate "C" not null unique,
  transformer_area_id bigint references transformer_area,
  line_id             bigint references line,
  starts_at           timestamptz not null,
  ends_at             timestamptz not null,
  document            text not null,
  recorded_at         timestamptz not null,
  actor_id            text collate "C" not null references actor,
  check (starts_at < ends_at),
  check (num_nonnulls(transformer_area_id, line_id) = 1)
);
comment on table planned_outage is 'fact: power that is to be off over [starts_at, ends_at) in an area or on a line; it excuses only what it foretold';

-- What no rule excuses, two people may.
create table due_exemption (
  exemption_id text collate "C" primary key,
  meter_id     bigint not null references meter,
  from_at      timestamptz not null,
  to_at        timestamptz not null,
  reason       text not null,
  document     text not null,
  author       text collate "C" not null references actor,
  recorded_at  timestamptz not null,
  check (from_at < to_at)
);
comment on table due_exemption is 'fact: a person asks that the due points of a meter over [from_at, to_at) be excused, and why';
create table due_exemption_approval (
  exemption_id text collate "C" primary key references due_exemption,
  approver     text collate "C" not null references actor,
  recorded_at  timestamptz not null
);
comment on table due_exemption_approval is 'fact: a second person grants an exemption; from here on it counts';
create function check_due_exemption_approval() returns trigger language plpgsql as $$
begin
  if exists (select from due_exemption e where e.exemption_id = new.exemption_id and e.author = new.approver) then
    raise exception 'the author % of exemption % may not grant it', new.approver, new.exemption_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger author_may_not_grant before insert on due_exemption_approval
  for each row execute function check_due_exemption_approval();

-- Why nothing is wanted of a due point although it has no value, as known at an instant; null where it is wanted.
create function due_excuse(known_at timestamptz, meter_id bigint, usage_point_id bigint, line_id bigint, read_at timestamptz)
returns table (excuse text) language sql stable parallel safe as $$
  select case
    when not exists (
      select from installation_timeline t
       where t.usage_point_id = due_excuse.usage_point_id and t.meter_id = due_excuse.meter_id and t.recorded_at <= known_at
         and t.effective_from <= due_excuse.read_at and (t.effective_to is null or t.effective_to >= due_excuse.read_at)
         and not exists (select from installation_timeline n
                          where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)) then 'meter_removed'
    when exists (
      select from suspension_timeline t
       where t.usage_point_id = due_excuse.usage_point_id and t.recorded_at <= known_at
         and t.effective_from < due_excuse.read_at and (t.effective_to is null or t.effective_to > due_excuse.read_at)
         and not exists (select from suspension_timeline n
                          where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)) then 'supply_suspended'
    when exists (
      select from planned_outage o join usage_point u on u.usage_point_id = due_excuse.usage_point_id
       where o.recorded_at <= least(known_at, o.starts_at) and o.starts_at <= due_excuse.read_at and o.ends_at > due_excuse.read_at
         and (o.line_id = due_excuse.line_id or o.transformer_area_id = u.transformer_area_id)) then 'planned_outage'
    when exists (
      select from due_exemption g join due_exemption_approval p using (exemption_id)
       where g.meter_id = due_excuse.meter_id and g.from_at <= due_excuse.read_at and g.to_at > due_excuse.read_at
         and p.recorded_at <= known_at) then 'granted'
  end
$$;

-- Signs of life of concentrators: an upload is one. What a broker tells of them belongs here as further branches.
create view concentrator_contact as
  select s.line_id, s.recorded_at as contact_at, s.window_start
    from line_statistics s join line l using (line_id) where l.kind = 'mqtt_concentrator' and s.replies > 0;

-- Address in the first DL/T 645 frame of some bytes: six bytes BCD behind 68H, low byte first.
create function frame_address(bytes bytea) returns text language sql immutable parallel safe as $$
  select string_agg(lpad(to_hex(get_byte(bytes, start + n)), 2, '0'), '' order by n desc)
    from (select position('\x68'::bytea in bytes) - 1 as start) s, generate_series(1, 6) n
   where start >= 0 and start + 6 < length(bytes)
$$;
create index on quarantine (received_at);
create index on meter (communication_address);

-- Where a concentrator's own meter table and the registry disagree about a meter: here, that another concentrator brought it.
-- What concentrators report of their tables belongs here as further branches.
create view concentrator_table_fault as
  select t.line_id, t.meter_id, 'reported_elsewhere' as fault, q.received_at as reported_at
    from quarantine q
    join meter m on m.communication_address = frame_address(q.payload)
    join installation_timeline t on t.meter_id = m.meter_id and t.line_id <> q.line_id
     and t.effective_from <= q.received_at and (t.effective_to is null or t.effective_to > q.received_at)
   where q.reason = 'unknown_meter';

-- Billing boundaries over (after_at, through_at] of which somebody told over (known_after, known_at]. The head-end learns where and what for, no customer.
create function billing_boundary(known_after timestamptz, known_at timestamptz, after_at timestamptz, through_at timestamptz)
returns table (usage_point_id bigint, at timestamptz, purpose text)
language sql stable security definer set search_path = public, pg_temp as $$
  with agreement as materialized (
    select t.account_id, t.usage_point_id, t.effective_from, t.effective_to, t.tariff_code,
           -- A later revision says again what an earlier one told.
           case when t.revision = 1 then t.recorded_at
                else (select min(e.recorded_at) from agreement_timeline e
                       where (e.account_id, e.usage_point_id, e.effective_from) = (t.account_id, t.usage_point_id, t.effective_from)) end as from_told_at,
           case when t.revision = 1 then t.recorded_at
                else (select min(e.recorded_at) from agreement_timeline e
                       where (e.account_id, e.usage_point_id, e.effective_to) = (t.account_id, t.usage_point_id, t.effective_to)) end as to_told_at
      from agreement_timeline t
     where t.recorded_at <= known_at
       and not exists (select from agreement_timeline n
                        where n.account_id = t.account_id and n.revision > t.revision and n.recorded_at <= known_at)),
  -- Local days whose midnight lies in the span, by zone.
  local_day as (
    select z.time_zone, day::date as local_date, day at time zone z.time_zone as at
      from (select distinct time_zone from organisation) z
      cross join lateral generate_series(date_trunc('day', after_at at time zone z.time_zone),
                                         through_at at time zone z.time_zone, interval '1 day') day
     where day at time zone z.time_zone > after_at and day at time zone z.time_zone <= through_at),
  supplied as (
    select a.*, o.time_zone from agreement a join usage_point u using (usage_point_id) join organisation o using (organisation_id)),
  suspension as (
    select t.usage_point_id, t.effective_from, t.effective_to,
           (select min(e.recorded_at) from suspension_timeline e
             where (e.usage_point_id, e.effective_from) = (t.usage_point_id, t.effective_from)) as from_told_at,
           (select min(e.recorded_at) from suspension_timeline e
             where (e.usage_point_id, e.effective_to) = (t.usage_point_id, t.effective_to)) as to_told_at
      from suspension_timeline t
     where t.recorded_at <= known_at
       and not exists (select from suspension_timeline n
                        where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)),
  boundary (usage_point_id, at, purpose, told_at) as (
    select a.usage_point_id, d.at, 'reading_day', a.from_told_at
      from local_day d join supplied a using (time_zone)
     where extract(day from d.local_date) = 1 and a.effective_from <= d.at and (a.effective_to is null or a.effective_to > d.at)
    union all
    select a.usage_point_id, d.at, 'ladder_year_end', a.from_told_at
      from local_day d join supplied a using (time_zone)
     where extract(doy from d.local_date) = 1 and a.effective_from <= d.at and (a.effective_to is null or a.effective_to > d.at)
       and exists (select from tariff_version v where v.tariff_code = a.tariff_code and v.document -> 'ladder' is not null)
    union all
    -- A version counts when two have signed it; the first version of a tariff changes no price.
    select a.usage_point_id, d.at, 'price_change', greatest(a.from_told_at, s.signed_at)
      from local_day d
      join tariff_version v on v.valid_from = d.local_date
      join lateral (select signed_at from tariff_signature g
                     where (g.tariff_code, g.version) = (v.tariff_code, v.version) and g.signed_at <= known_at
                     order by signed_at offset 1 limit 1) s on true
      join supplied a on a.time_zone = d.time_zone and a.tariff_code = v.tariff_code
     where a.effective_from < d.at and (a.effective_to is null or a.effective_to > d.at)
       and exists (select from tariff_version o where o.tariff_code = v.tariff_code and o.valid_from < v.valid_from)
    union all
    select a.usage_point_id, a.effective_from, case when b.account_id is null then 'contract_change' else 'class_change' end, a.from_told_at
      from agreement a
      left join agreement b on b.account_id = a.account_id and b.usage_point_id = a.usage_point_id and b.effective_to = a.effective_from
     where a.effective_from > after_at and a.effective_from <= through_at
       and (b.account_id is null or b.tariff_code <> a.tariff_code)
    union all
    select a.usage_point_id, a.effective_to, 'contract_change', a.to_told_at
      from agreement a
     where a.effective_to > after_at and a.effective_to <= through_at
       and not exists (select from agreement n
                        where n.account_id = a.account_id and n.usage_point_id = a.usage_point_id and n.effective_from = a.effective_to)
    union all
    select e.usage_point_id, e.exchanged_at, 'exchange', e.recorded_at
      from meter_exchange e where e.exchanged_at > after_at and e.exchanged_at <= through_at
    union all
    select s.usage_point_id, s.effective_from, 'suspension', s.from_told_at
      from suspension s where s.effective_from > after_at and s.effective_from <= through_at
    union all
    select s.usage_point_id, s.effective_to, 'suspension', s.to_told_at
      from suspension s where s.effective_to > after_at and s.effective_to <= through_at)
  select distinct b.usage_point_id, b.at, b.purpose from boundary b where b.told_at > known_after and b.told_at <= known_at
$$;
revoke execute on function billing_boundary(timestamptz, timestamptz, timestamptz, timestamptz) from public;
grant execute on function billing_boundary(timestamptz, timestamptz, timestamptz, timestamptz) to shuangwu_headend;

grant select on due_purpose, due_point_purpose, served_read, concentrator_contact, concentrator_table_fault, suspension_timeline, crew, crew_area_timeline, planned_outage,
  due_exemption, due_exemption_approval to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on due_purpose to shuangwu_headend;
grant insert on suspension_timeline, crew, crew_area_timeline, planned_outage to shuangwu_mdm;
grant insert on due_exemption, due_exemption_approval to shuangwu_console;
