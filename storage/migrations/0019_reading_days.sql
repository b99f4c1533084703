-- Reading days that are not the first of the month, paper that comes late, and windows foretold before they open.

-- The reading day (抄表例日): on that local day's first midnight the registers of the month are read. A usage point of which none is
-- stated has day 1; the members of a reading group state the same day, each from when it holds.
create table reading_day_timeline (
  usage_point_id bigint not null references usage_point,
  revision       integer not null check (revision > 0),
  effective_from timestamptz not null,
  effective_to   timestamptz,
  reading_day    smallint not null check (reading_day between 1 and 31),
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  reason         text not null,
  primary key (usage_point_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table reading_day_timeline is 'fact: timeline of the day of the month on which a usage point is read; day 1 where none is stated';
create trigger no_overlap after insert on reading_day_timeline
  referencing new table as appended for each statement execute function check_timeline('usage_point_id');
grant select on reading_day_timeline to shuangwu_headend, shuangwu_mdm, shuangwu_billing, shuangwu_console, shuangwu_reader;
grant insert on reading_day_timeline to shuangwu_mdm;

-- A month that is too short for the reading day is read on its last day; as headend/plan/next-due.ts says of months.
create function is_reading_day(local_date date, reading_day integer) returns boolean language sql immutable parallel safe as $$
  select extract(day from local_date) = reading_day
      or (extract(day from local_date) < reading_day and extract(day from local_date + 1) = 1)
$$;
-- A ladder year ends with its last reading: the registers of 1 January's midnight close a year of calendar months, those of a later
-- reading day are read in December.
create function is_ladder_year_end(local_date date, reading_day integer) returns boolean language sql immutable parallel safe as $$
  select is_reading_day(local_date, reading_day)
     and extract(month from local_date) = case when reading_day = 1 then 1 else 12 end
$$;

-- Boundaries as before, reading days and ladder years as each usage point states them.
create or replace function billing_boundary(known_after timestamptz, known_at timestamptz, after_at timestamptz, through_at timestamptz)
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
  stated_day as (
    select t.usage_point_id, t.effective_from, t.effective_to, t.reading_day, t.recorded_at as told_at
      from reading_day_timeline t
     where t.recorded_at <= known_at
       and not exists (select from reading_day_timeline n
                        where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)),
  -- Days on which a reading day could fall are few, so that most nights of a large registry join nothing: 1 for whoever states no other.
  reading_moment as materialized (
    select a.usage_point_id, a.tariff_code, d.at, d.local_date, 1 as reading_day,
           greatest(a.from_told_at, (select max(r.told_at) from stated_day r where r.usage_point_id = a.usage_point_id)) as told_at
      from local_day d join supplied a using (time_zone)
     where is_reading_day(d.local_date, 1) and a.effective_from <= d.at and (a.effective_to is null or a.effective_to > d.at)
       and not exists (select from stated_day r
                        where r.usage_point_id = a.usage_point_id and r.effective_from <= d.at and (r.effective_to is null or r.effective_to > d.at))
    union all
    select a.usage_point_id, a.tariff_code, d.at, d.local_date, r.reading_day, greatest(a.from_told_at, r.told_at)
      from local_day d
      join stated_day r on is_reading_day(d.local_date, r.reading_day)
       and r.effective_from <= d.at and (r.effective_to is null or r.effective_to > d.at)
      join supplied a on a.usage_point_id = r.usage_point_id and a.time_zone = d.time_zone
     where a.effective_from <= d.at and (a.effective_to is null or a.effective_to > d.at)),
  boundary (usage_point_id, at, purpose, told_at) as (
    select m.usage_point_id, m.at, 'reading_day', m.told_at from reading_moment m
    union all
    select m.usage_point_id, m.at, 'ladder_year_end', m.told_at
      from reading_moment m
     where is_ladder_year_end(m.local_date, m.reading_day)
       and exists (select from tariff_version v where v.tariff_code = m.tariff_code and v.document -> 'ladder' is not null)
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

-- Installations that became known since the last midnight, whatever time they tell of.
create index installation_recorded on installation_timeline (recorded_at);

-- What hangs, and since when its due points are wanted, at usage points of which somebody told over (known_after, known_at]: since it was
-- hung, or, where that is before hung_after, since the usage point is in the registry at all; a go-live tells of years in which nobody read.
create function late_installation(known_after timestamptz, known_at timestamptz, hung_after timestamptz)
returns table (usage_point_id bigint, meter_id bigint, line_id bigint, effective_from timestamptz, effective_to timestamptz, wanted_from timestamptz)
language sql stable parallel safe as $$
  select t.usage_point_id, t.meter_id, t.line_id, t.effective_from, t.effective_to,
         case when t.effective_from > hung_after then t.effective_from
              else (select min(f.recorded_at) from installation_timeline f where f.usage_point_id = t.usage_point_id) end
    from installation_timeline t
   where t.usage_point_id in (select n.usage_point_id from installation_timeline n where n.recorded_at > known_after and n.recorded_at <= known_at)
     and t.recorded_at <= known_at
     and not exists (select from installation_timeline n
                      where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;

-- Said ahead: ordinal 0. A node that begins the window says it again, with what is still open then: from 1 on.
alter table window_forecast drop constraint window_forecast_ordinal_check, add constraint window_forecast_ordinal_check check (ordinal >= 0);
comment on table window_forecast is 'fact: what a window on a line was expected to take and what could not fit: ordinal 0 before it opened, later ones when a node began it';

-- What whoever signed a plan knew of it: windows of lines that cannot hold what is read there.
alter table collection_plan add column unfit_windows integer not null default 0 check (unfit_windows >= 0);
alter table collection_plan_approval add column unfit_windows integer not null default 0 check (unfit_windows >= 0);
comment on column collection_plan.unfit_windows is 'windows of lines that did not hold their reads when the plan was handed in, which its author accepted';
