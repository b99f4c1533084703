-- What concentrators say of themselves, as evidence of why a due point was not read: whether they were there, and which meters they
-- have. Everything as known at an instant, so that the account of a past instant does not move.

-- Uploads, and every word that a concentrator is there.
create or replace view concentrator_contact as
  select s.line_id, s.recorded_at as contact_at, s.window_start
    from line_statistics s join line l using (line_id) where l.kind = 'mqtt_concentrator' and s.replies > 0
  union all
  select line_id, recorded_at, observed_at from concentrator_status where online;

-- Whether a concentrator was there over (after_at, until_at]. Who was lost is there again when something comes. Who announced itself
-- and was not lost needs no second word in the span, but is not believed for ever: a broker that restarts forgets last wills.
create function concentrator_presence(known_at timestamptz, line_id bigint, after_at timestamptz, until_at timestamptz)
returns table (there boolean) language sql stable parallel safe as $$
  select exists (
           select from concentrator_contact k
            where k.line_id = concentrator_presence.line_id
              and k.window_start >= after_at - interval '50 hours' and k.window_start < until_at
              and k.contact_at <= least(until_at, known_at)
              and k.contact_at > case when word.evidence = 'announced' then after_at - interval '26 hours'
                                      when not word.online then greatest(after_at, word.observed_at)
                                      else after_at end)
    from (values (1)) one
    left join lateral (
      select s.online, s.evidence, s.observed_at from concentrator_status s
       where s.line_id = concentrator_presence.line_id and s.recorded_at <= known_at and s.observed_at <= until_at
       order by s.observed_at desc, s.online, s.evidence limit 1) word on true
$$;

-- So that a meter is found without opening every table there is.
create table concentrator_table_entry (
  address     text collate "C" not null,
  line_id     bigint not null,
  reported_at timestamptz not null,
  basis       text not null,
  -- Under how many numbers the concentrator has it.
  places      integer not null,
  primary key (address, line_id, reported_at, basis)
);
comment on table concentrator_table_entry is 'projection: concentrator_table_report by address';
create function table_entries(meters jsonb) returns table (address text, places integer) language sql immutable parallel safe as $$
  select entry ->> 'address', count(*)::integer from jsonb_array_elements(meters) entry group by 1
$$;
create function project_table_report() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into concentrator_table_entry
  select e.address, new.line_id, new.reported_at, new.basis, e.places from table_entries(new.meters) e;
  return null;
end $$;
create trigger project_table_report after insert on concentrator_table_report
  for each row execute function project_table_report();
insert into concentrator_table_entry
select e.address, r.line_id, r.reported_at, r.basis, e.places from concentrator_table_report r cross join lateral table_entries(r.meters) e;

-- What is wrong with a meter in the tables that concentrators had at an instant; null where nothing is, or where nobody said.
-- The words are those of domain/meter-tables.ts: doubled, had by another than the registry says, or had by none.
create function concentrator_table_state(known_at timestamptz, at timestamptz, line_id bigint, meter_id bigint)
returns table (fault text) language sql stable parallel safe as $$
  select case
           when has.own_places > 1 or has.own_places = 1 and has.others > 0 then 'duplicate'
           when has.own_places is null and has.others > 0 then 'unknown_to_registry'
           when has.own_places is null and own.said then 'missing_in_concentrator'
         end
    from (select max(e.places) filter (where e.line_id = concentrator_table_state.line_id) as own_places,
                 count(*) filter (where e.line_id <> concentrator_table_state.line_id) as others
            from meter m
            join concentrator_table_entry e on e.address = m.communication_address
           where m.meter_id = concentrator_table_state.meter_id
             and (e.reported_at, e.basis) = (
               select r.reported_at, r.basis from concentrator_table_report r
                where r.line_id = e.line_id and r.reported_at <= at and r.recorded_at <= known_at
                order by r.reported_at desc, r.basis limit 1)) has
   cross join (select exists (select from concentrator_table_report r
                               where r.line_id = concentrator_table_state.line_id and r.reported_at <= at and r.recorded_at <= known_at) as said) own
$$;

-- Whether a meter's clock was in doubt at an instant: by the last check before it or the first one behind, since nobody knows when
-- between the two it went wrong. Checks further away say nothing.
create function clock_doubt_as_of(known_at timestamptz, meter_id bigint, at timestamptz)
returns table (doubted boolean) language sql stable parallel safe as $$
  select coalesce(bool_or(checked.class in ('out_of_limit', 'absurd')), false)
    from ((select c.class from clock_check c
            where c.meter_id = clock_doubt_as_of.meter_id and c.recorded_at <= known_at
              and c.checked_at <= at and c.checked_at > at - interval '8 days'
            order by c.checked_at desc limit 1)
          union all
          (select c.class from clock_check c
            where c.meter_id = clock_doubt_as_of.meter_id and c.recorded_at <= known_at
              and c.checked_at > at and c.checked_at <= at + interval '8 days'
            order by c.checked_at limit 1)) checked
$$;

grant select on concentrator_table_entry to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
