-- A change of master data that was wrong is withdrawn, or put right, by a new fact that two people stand for. What was believed before stays:
-- timelines get a further revision, and what a person noted or reported is named by the withdrawal that takes it out of what stands.

create table registry_correction (
  correction_id       uuid primary key,
  -- What is corrected: a change of this kind, of this object, from this instant on.
  kind                text collate "C" not null check (kind in
                        ('meter_exchange', 'meter_removal', 'multiplier', 'agreement', 'relation', 'flow', 'transformer', 'field_event')),
  usage_point_id      bigint references usage_point,
  account_id          bigint references account,
  meter_id            bigint references meter,
  at                  timestamptz not null,
  event               text check ((event is null) = (kind <> 'field_event')),
  -- The change as it was typed, with what holds instead.
  document            jsonb not null,
  reason              text not null check (reason <> ''),
  -- Bills were issued on it, and whoever corrects it knows that they have to be corrected, too.
  correction_bill_due boolean not null,
  author              text collate "C" not null references actor,
  recorded_at         timestamptz not null,
  unique (correction_id, author),
  check (num_nonnulls(usage_point_id, account_id, meter_id) = 1)
);
comment on table registry_correction is 'fact: a person wants a change of master data withdrawn, or something else in its place';
create index on registry_correction (usage_point_id);

create table registry_correction_approval (
  correction_id uuid primary key,
  author        text collate "C" not null,
  approver      text collate "C" not null references actor,
  approved_at   timestamptz not null,
  foreign key (correction_id, author) references registry_correction (correction_id, author),
  check (approver <> author)
);
comment on table registry_correction_approval is 'fact: another person said the same as the author of a correction; it takes effect in the same transaction';
create trigger acts_now before insert on registry_correction for each row execute function check_author('author', 'recorded_at');
create trigger four_eyes before insert on registry_correction_approval for each row
  execute function check_approval('correction', 'registry_correction', 'author', 'approver', 'approved_at', 'correction_id');

-- The same instant may be told of anew once what was told is withdrawn.
alter table meter_exchange add column revision integer not null default 1 check (revision > 0);
alter table meter_exchange drop constraint meter_exchange_pkey, add primary key (usage_point_id, exchanged_at, revision);
alter table field_event add column revision integer not null default 1 check (revision > 0);
alter table field_event drop constraint field_event_pkey, add primary key (meter_id, occurred_at, event, revision);
alter table manual_reading add column revision integer not null default 1;
alter table manual_reading drop constraint manual_reading_pkey;
alter table manual_reading add primary key (meter_id, quantity, read_at, source, revision);

create table meter_exchange_withdrawal (
  usage_point_id bigint not null,
  exchanged_at   timestamptz not null,
  revision       integer not null,
  correction_id  uuid not null references registry_correction_approval deferrable initially deferred,
  recorded_at    timestamptz not null,
  primary key (usage_point_id, exchanged_at, revision),
  foreign key (usage_point_id, exchanged_at, revision) references meter_exchange
);
comment on table meter_exchange_withdrawal is 'fact: an exchange was not so; from here on it no longer counts';
create table field_event_withdrawal (
  meter_id      bigint not null,
  occurred_at   timestamptz not null,
  event         text not null,
  revision      integer not null,
  correction_id uuid not null references registry_correction_approval deferrable initially deferred,
  recorded_at   timestamptz not null,
  primary key (meter_id, occurred_at, event, revision),
  foreign key (meter_id, occurred_at, event, revision) references field_event
);
comment on table field_event_withdrawal is 'fact: a seal or a fault was not so; from here on it no longer counts';
create table manual_reading_withdrawal (
  meter_id      bigint not null references meter,
  quantity      smallint not null,
  read_at       timestamptz not null,
  source        smallint not null,
  revision      integer not null,
  -- When the note was recorded: claims, which have no revision, are known by it. The view of claims stays one of plain tables, because
  -- nothing could be looked up by key in it otherwise; whoever judges claims leaves out those that were withdrawn.
  noted_at      timestamptz not null,
  correction_id uuid not null references registry_correction_approval deferrable initially deferred,
  recorded_at   timestamptz not null,
  primary key (meter_id, quantity, read_at, source, revision)
);
comment on table manual_reading_withdrawal is 'fact: a note went with the change that it was made at; it is no claim any more';

-- Numbered by what was withdrawn, so that a second note of what still stands meets the first one's key.
create function number_meter_exchange() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.revision := 1 + (select count(*) from meter_exchange_withdrawal w where (w.usage_point_id, w.exchanged_at) = (new.usage_point_id, new.exchanged_at));
  return new;
end $$;
create trigger numbered before insert on meter_exchange for each row execute function number_meter_exchange();
create function number_field_event() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.revision := 1 + (select count(*) from field_event_withdrawal w
                        where (w.meter_id, w.occurred_at, w.event) = (new.meter_id, new.occurred_at, new.event));
  return new;
end $$;
create trigger numbered before insert on field_event for each row execute function number_field_event();
create function number_manual_reading() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.revision := 1 + (select count(*) from manual_reading_withdrawal w
                        where (w.meter_id, w.quantity, w.read_at, w.source) = (new.meter_id, new.quantity, new.read_at, new.source));
  return new;
end $$;
create trigger numbered before insert on manual_reading for each row execute function number_manual_reading();

-- What nobody withdrew.
create view meter_exchange_standing as
  select e.* from meter_exchange e
   where not exists (select from meter_exchange_withdrawal w
                      where (w.usage_point_id, w.exchanged_at, w.revision) = (e.usage_point_id, e.exchanged_at, e.revision));
create view manual_reading_standing as
  select m.* from manual_reading m
   where not exists (select from manual_reading_withdrawal w
                      where (w.meter_id, w.quantity, w.read_at, w.source, w.revision) = (m.meter_id, m.quantity, m.read_at, m.source, m.revision));
create function field_event_as_of(known_at timestamptz) returns setof field_event language sql stable parallel safe as $$
  select e.* from field_event e
   where e.recorded_at <= known_at
     and not exists (select from field_event_withdrawal w
                      where (w.meter_id, w.occurred_at, w.event, w.revision) = (e.meter_id, e.occurred_at, e.event, e.revision)
                        and w.recorded_at <= known_at)
$$;

create or replace view decision_origin as
  select v.meter_id, v.quantity, v.read_at, v.revision,
         case when v.verdict = 'held' then 'held'
              when v.verdict = 'estimated' then 'estimated'
              when v.source = 2 then 'back_filled'
              when v.source = 4 then 'live'
              when v.source = 5 then 'field'
              when v.source = 6 then 'exchange'
              when v.source = 7 then 'corrected'
              else 'read' end as origin,
         coalesce(v.decided_by, m.actor_id) as by_whom, v.reason, m.document
    from (select distinct on (meter_id, quantity, read_at) *
            from validation_decision order by meter_id, quantity, read_at, revision desc) v
    left join manual_reading_standing m on (m.meter_id, m.quantity, m.read_at, m.source) = (v.meter_id, v.quantity, v.read_at, v.source);

-- As before, but for exchanges that were withdrawn by then.
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
      from meter_exchange e
     where e.exchanged_at > after_at and e.exchanged_at <= through_at
       and not exists (select from meter_exchange_withdrawal w
                        where (w.usage_point_id, w.exchanged_at, w.revision) = (e.usage_point_id, e.exchanged_at, e.revision)
                          and w.recorded_at <= known_at)
    union all
    select s.usage_point_id, s.effective_from, 'suspension', s.from_told_at
      from suspension s where s.effective_from > after_at and s.effective_from <= through_at
    union all
    select s.usage_point_id, s.effective_to, 'suspension', s.to_told_at
      from suspension s where s.effective_to > after_at and s.effective_to <= through_at)
  select distinct b.usage_point_id, b.at, b.purpose from boundary b where b.told_at > known_after and b.told_at <= known_at
$$;

-- A judgement that was wished for anew may be of some meters only; null: of all.
alter table revalidation add column meter_ids bigint[];

-- A person may doubt a reading that every rule let pass; which quantity of it is meant.
alter table exception_finding add column quantity smallint;

-- What was issued, and on which set; what a correction or a further freeze has to be compared with.
create view issued_bill as
  select b.account_id, b.period_start, b.period_end, b.energy_e4, i.first_number + b.ordinal as bill_number, i.issued_at, r.set_id
    from bill b
    join segment_issue i using (segment_id)
    join run_segment s using (segment_id)
    join billing_run r using (run_id);

grant select on registry_correction, registry_correction_approval, meter_exchange_withdrawal, field_event_withdrawal, manual_reading_withdrawal,
  meter_exchange_standing, manual_reading_standing, issued_bill to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant select on meter_exchange_withdrawal, manual_reading_withdrawal to shuangwu_headend;
grant insert on registry_correction, registry_correction_approval, meter_exchange_withdrawal, field_event_withdrawal, manual_reading_withdrawal
  to shuangwu_mdm;
