-- So that the account of a midnight need not look at each of a million due points that were read at the first pass: once its window is
-- over, they are counted by where they belong, and the others are listed. Writer: headend. ADR 0013 says why this stays exact.

-- The first column as before; with the second, what was laid down late is found among a million points of one midnight.
drop index due_read_at;
create index due_read_at on due_read (read_at, recorded_at);
create index due_read_sets on due_read (read_at, template) where template <> 'daily_freeze';

create table night_tally (
  read_at    timestamptz not null,
  tallied_at timestamptz not null,
  points     bigint not null,
  -- Points that were not read at the first pass.
  rest       bigint not null,
  -- False where too many are left for a list to be of use.
  listed     boolean not null,
  primary key (read_at, tallied_at),
  check (rest <= points)
);
comment on table night_tally is 'projection: the due points of a midnight from the facts recorded by an instant; computed again it is the same';

call create_time_series('night_tally_cell', 'read_at', $columns$
  read_at             timestamptz not null,
  tallied_at          timestamptz not null,
  template            text collate "C" not null,
  line_id             bigint not null,
  transformer_area_id bigint not null,
  organisation_id     bigint not null,
  points              integer not null,
  primary key (read_at, tallied_at, line_id, transformer_area_id, organisation_id, template)
$columns$);
comment on table night_tally_cell is 'projection: due points of a tallied midnight by where they belong';

call create_time_series('night_tally_rest', 'read_at', $columns$
  read_at    timestamptz not null,
  tallied_at timestamptz not null,
  meter_id   bigint not null,
  template   text collate "C" not null,
  primary key (read_at, tallied_at, meter_id, template)
$columns$);
comment on table night_tally_rest is 'projection: due points of a tallied midnight that were not read at the first pass';

-- A tally and the transactions that lay due points do not overlap, so that a tally misses none that is recorded by its instant.
create function lock_due_points() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('due points', 0));
  return null;
end $$;
create trigger lock_due_points before insert on due_read for each statement execute function lock_due_points();

-- What is recorded by the instant of a tally and comes after it makes the tally void.
-- Nearly always none is void, and then no partition is looked at; each one that is void names the partitions of its midnight.
create function void_night_tallies() returns trigger language plpgsql security definer
  set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  void record;
begin
  for void in
    delete from night_tally t
     using (select read_at, min(recorded_at) as recorded_at from appended group by read_at) a
     where t.read_at = a.read_at and t.tallied_at >= a.recorded_at
    returning t.read_at, t.tallied_at
  loop
    delete from night_tally_cell c where c.read_at = void.read_at and c.tallied_at = void.tallied_at;
    delete from night_tally_rest r where r.read_at = void.read_at and r.tallied_at = void.tallied_at;
  end loop;
  return null;
end $$;
create trigger void_night_tallies after insert on due_read
  referencing new table as appended for each statement execute function void_night_tallies();

grant select on night_tally, night_tally_cell, night_tally_rest to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on night_tally, night_tally_cell, night_tally_rest to shuangwu_headend;
