-- Kinds of table (first word of every table comment; a test checks the grants against it):
--   fact        insert only; a correction is a new row that names the old one
--   state       one writer; every change inserts its event in the same transaction
--   projection  rebuildable from facts

do $$
declare
  role_name text;
begin
  foreach role_name in array array['headend', 'mdm', 'billing', 'dunning', 'console', 'reader'] loop
    if not exists (select from pg_roles where rolname = 'shuangwu_' || role_name) then
      execute format('create role %I nologin', 'shuangwu_' || role_name);
    end if;
  end loop;
  if exists (select from pg_available_extensions where name = 'timescaledb')
     and (select setting like '%timescaledb%' from pg_settings where name = 'shared_preload_libraries') then
    create extension if not exists timescaledb;
  end if;
end $$;

grant usage on schema public to
  shuangwu_headend, shuangwu_mdm, shuangwu_billing, shuangwu_dunning, shuangwu_console, shuangwu_reader;

-- timescale_full | timescale_apache | plain
create function database_tier() returns text language sql stable as $$
  select case
    when not exists (select from pg_extension where extname = 'timescaledb') then 'plain'
    when current_setting('timescaledb.license', true) = 'timescale' then 'timescale_full'
    else 'timescale_apache'
  end
$$;

-- Whole milliseconds since 1970; instants of ours are never finer.
create function epoch_ms(at timestamptz) returns bigint language sql immutable as $$
  select (extract(epoch from at) * 1000)::bigint
$$;

-- Start of the 7-day partition that holds an instant: whole weeks since 1970, so Thursday 00:00 UTC. TimescaleDB's Apache edition
-- knows no other alignment, and the tiers are to agree (ADR 0006).
create function time_partition_start(at timestamptz) returns timestamptz language sql immutable as $$
  select to_timestamp(floor(extract(epoch from at) / 604800) * 604800)
$$;

create table time_series (
  table_name  text collate "C" primary key,
  time_column text not null
);
comment on table time_series is 'state: the tables partitioned by time; written by migrations only';

-- A table partitioned by time: a hypertable where TimescaleDB is there, native range partitions otherwise.
create procedure create_time_series(table_name text, time_column text, columns text) language plpgsql as $$
begin
  if database_tier() = 'plain' then
    execute format('create table %I (%s) partition by range (%I)', table_name, columns, time_column);
  else
    execute format('create table %I (%s)', table_name, columns);
    perform create_hypertable(table_name::regclass, by_range(time_column::name, interval '7 days', null), create_default_indexes => false);
  end if;
  insert into time_series values (table_name, time_column);
end $$;

-- Makes the partitions that cover [from_at, to_at) for every time series. TimescaleDB makes its chunks by itself.
create function ensure_time_partitions(from_at timestamptz, to_at timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  series record;
  starts timestamptz;
  partition_name text;
  made integer := 0;
begin
  if database_tier() <> 'plain' then
    return 0;
  end if;
  for series in select ts.table_name from time_series ts order by ts.table_name loop
    starts := time_partition_start(from_at);
    while starts < to_at loop
      partition_name := series.table_name || '_' || to_char(starts at time zone 'UTC', 'YYYYMMDD');
      if to_regclass(quote_ident(partition_name)) is null then
        execute format('create table %I partition of %I for values from (%L) to (%L)',
          partition_name, series.table_name, starts, starts + interval '7 days');
        made := made + 1;
      end if;
      starts := starts + interval '7 days';
    end loop;
  end loop;
  return made;
end $$;
revoke execute on function ensure_time_partitions(timestamptz, timestamptz) from public;
grant execute on function ensure_time_partitions(timestamptz, timestamptz) to shuangwu_headend, shuangwu_mdm, shuangwu_console;

-- What this database is for. A demo refuses to touch a database that is anything else.
create table deployment (
  singleton  boolean primary key default true check (singleton),
  purpose    text not null check (purpose in ('production', 'demo')),
  seed       bigint,
  created_at timestamptz not null
);
comment on table deployment is 'fact: what this database is for';

create table actor (
  actor_id     text collate "C" primary key,
  display_name text not null,
  kind         text not null check (kind in ('person', 'process')),
  recorded_at  timestamptz not null
);
comment on table actor is 'fact: who can act; every writing command names one';

grant select on deployment, actor, time_series to
  shuangwu_headend, shuangwu_mdm, shuangwu_billing, shuangwu_dunning, shuangwu_console, shuangwu_reader;
grant insert on deployment, actor to shuangwu_console;
-- A master data document names its actors, and goes in whole or not at all.
grant insert on actor to shuangwu_mdm;
