-- What a quantity takes besides a meter and a multiplier: relations between usage points, what feeds an area, transformers, directions.

-- Relations between usage points (总分, 定比, 定量, 套扣): one timeline per child, so that it has one parent at an instant.
--   main_sub  总分  the parent's meter measures what the child's meter measures, too; the parent is checked against its children
--   deducted  套扣  likewise, and the child's energy is taken off the parent's before that is billed
--   share     定比  the child has no meter of its own: share_e6 millionths of the parent's energy are its
--   quantity  定量  likewise: quantity_e4 (kWh e4) a month of the parent's energy are its
create table relation_timeline (
  usage_point_id bigint not null references usage_point,
  revision       integer not null check (revision > 0),
  effective_from timestamptz not null,
  effective_to   timestamptz,
  parent_id      bigint not null references usage_point,
  kind           text not null check (kind in ('main_sub', 'deducted', 'share', 'quantity')),
  share_e6       integer check (share_e6 between 1 and 1000000),
  quantity_e4    bigint check (quantity_e4 > 0),
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  reason         text not null,
  primary key (usage_point_id, revision, effective_from),
  check (effective_from < effective_to),
  check (usage_point_id <> parent_id),
  check ((kind = 'share') = (share_e6 is not null)),
  check ((kind = 'quantity') = (quantity_e4 is not null))
);
comment on table relation_timeline is 'fact: timeline of which usage point another one is a part of (总分, 套扣, 定比, 定量), and by how much';
create index on relation_timeline (parent_id);
create trigger no_overlap after insert on relation_timeline
  referencing new table as appended for each statement execute function check_timeline('usage_point_id');

-- No usage point is a part of itself at any instant, over however many others. A cycle holds where all its edges do, so that the walk
-- up from each new edge carries the time that is left. Two changes at a time could each close one half, hence the lock.
create function check_relations() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  closed text;
begin
  perform pg_advisory_xact_lock(hashtext('registry'));
  with recursive walk as (
    select a.usage_point_id as origin, a.parent_id as reached, a.effective_from as since,
           coalesce(a.effective_to, 'infinity') as until, array[a.usage_point_id] as path
      from appended a
    union all
    select w.origin, t.parent_id, greatest(w.since, t.effective_from), least(w.until, coalesce(t.effective_to, 'infinity')),
           w.path || t.usage_point_id
      from walk w
      join relation_timeline t on t.usage_point_id = w.reached
       and greatest(w.since, t.effective_from) < least(w.until, coalesce(t.effective_to, 'infinity'))
     where t.usage_point_id <> all(w.path)
       and not exists (select from relation_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision))
  select string_agg(u.code, ' > ' order by p.place) || ' from ' || w.since into closed
    from (select * from walk where reached = origin limit 1) w
    cross join unnest(w.path || w.origin) with ordinality p (usage_point_id, place)
    join usage_point u using (usage_point_id)
   group by w.since;
  if closed is not null then
    raise exception 'usage points are a part of themselves: %', closed using errcode = 'exclusion_violation';
  end if;
  return null;
end $$;
create trigger no_cycle after insert on relation_timeline
  referencing new table as appended for each statement execute function check_relations();

create function relation_as_of(known_at timestamptz, at timestamptz) returns setof relation_timeline language sql stable parallel safe as $$
  select t.* from relation_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from relation_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;

-- Supply meters (台区总表): usage points whose energy flows into an area; several of one area add up.
create table area_supply_timeline (
  transformer_area_id bigint not null references transformer_area,
  usage_point_id      bigint not null references usage_point,
  revision            integer not null check (revision > 0),
  effective_from      timestamptz not null,
  effective_to        timestamptz,
  recorded_at         timestamptz not null,
  actor_id            text collate "C" not null references actor,
  reason              text not null,
  primary key (transformer_area_id, usage_point_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table area_supply_timeline is 'fact: timeline of the usage points through which a transformer area is fed (台区总表)';
create trigger no_overlap after insert on area_supply_timeline
  referencing new table as appended for each statement execute function check_timeline('transformer_area_id, usage_point_id');
create function area_supply_as_of(known_at timestamptz, at timestamptz) returns setof area_supply_timeline language sql stable parallel safe as $$
  select t.* from area_supply_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from area_supply_timeline n
                      where (n.transformer_area_id, n.usage_point_id) = (t.transformer_area_id, t.usage_point_id)
                        and n.revision > t.revision and n.recorded_at <= known_at)
$$;

-- Which way energy flows at a usage point: forward registers are bought, reverse registers sold (光伏上网). Import where none is stated.
create table flow_timeline (
  usage_point_id bigint not null references usage_point,
  revision       integer not null check (revision > 0),
  effective_from timestamptz not null,
  effective_to   timestamptz,
  direction      text not null check (direction in ('import', 'export', 'both')),
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  reason         text not null,
  primary key (usage_point_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table flow_timeline is 'fact: timeline of the direction of energy at a usage point; import where none is stated';
create trigger no_overlap after insert on flow_timeline
  referencing new table as appended for each statement execute function check_timeline('usage_point_id');
create function flow_as_of(known_at timestamptz, at timestamptz) returns setof flow_timeline language sql stable parallel safe as $$
  select t.* from flow_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from flow_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;

-- The transformer behind which a usage point lies, for its losses. Usage points with the same transformer_code share it.
create table transformer_timeline (
  usage_point_id      bigint not null references usage_point,
  revision            integer not null check (revision > 0),
  effective_from      timestamptz not null,
  effective_to        timestamptz,
  transformer_code    text collate "C" not null,
  rated_kva           integer not null check (rated_kva > 0),
  no_load_loss_kw_e4  bigint not null check (no_load_loss_kw_e4 >= 0),
  load_loss_kw_e4     bigint not null check (load_loss_kw_e4 >= 0),
  -- Per cent e4, for reactive losses; null where the nameplate is not on record.
  no_load_current_e4  bigint check (no_load_current_e4 >= 0),
  impedance_e4        bigint check (impedance_e4 >= 0),
  -- Metered on the high side, losses are in the reading; on the low side they are added.
  metering_side       text not null check (metering_side in ('high', 'low')),
  recorded_at         timestamptz not null,
  actor_id            text collate "C" not null references actor,
  reason              text not null,
  primary key (usage_point_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table transformer_timeline is 'fact: timeline of the transformer of a usage point and of the side on which it is metered';
create trigger no_overlap after insert on transformer_timeline
  referencing new table as appended for each statement execute function check_timeline('usage_point_id');
create function transformer_as_of(known_at timestamptz, at timestamptz) returns setof transformer_timeline language sql stable parallel safe as $$
  select t.* from transformer_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from transformer_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;

-- A meter was tested (检定), and until when that is good for billing.
create table meter_verification (
  meter_id    bigint not null references meter,
  verified_on date not null,
  valid_until date not null,
  certificate text not null,
  recorded_at timestamptz not null,
  actor_id    text collate "C" not null references actor,
  primary key (meter_id, verified_on),
  check (verified_on < valid_until)
);
comment on table meter_verification is 'fact: a verification of a meter, its certificate and the last day for which it is good';

-- Rosters: who works in a crew, and since when.
create table crew_member_timeline (
  crew_id        bigint not null references crew,
  person         text collate "C" not null references actor,
  revision       integer not null check (revision > 0),
  effective_from timestamptz not null,
  effective_to   timestamptz,
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  reason         text not null,
  primary key (crew_id, person, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table crew_member_timeline is 'fact: timeline of who works in a crew';
create trigger no_overlap after insert on crew_member_timeline
  referencing new table as appended for each statement execute function check_timeline('crew_id, person');
create function crew_member_as_of(known_at timestamptz, at timestamptz) returns setof crew_member_timeline language sql stable parallel safe as $$
  select t.* from crew_member_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from crew_member_timeline n
                      where (n.crew_id, n.person) = (t.crew_id, t.person) and n.revision > t.revision and n.recorded_at <= known_at)
$$;

grant select on relation_timeline, area_supply_timeline, flow_timeline, transformer_timeline, meter_verification, crew_member_timeline
  to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on relation_timeline, area_supply_timeline, flow_timeline, transformer_timeline, meter_verification, crew_member_timeline
  to shuangwu_mdm;
