-- Curves made into days that can be rated. Writer: mdm.

-- A day of one meter's energies before the multiplier, so that a day with an exchange has a row for either meter and each is reconciled
-- with its own registers (ADR 0016). Days that end with another length than 24 hours have as many slots as time went by.
-- values_e4: little-endian int32 per slot, kWh or kvarh e4. qualities: a byte per slot, 0 measured, 1 estimated, 2 missing (value 0),
-- 3 the meter was not installed (value 0), 4 suspect. Registers are those at the two ends of the time that the meter was installed.
call create_time_series('interval_day', 'day_start', $columns$
  meter_id       bigint not null,
  channel        smallint not null,
  day_start      timestamptz not null,
  revision       integer not null check (revision > 0),
  service_date   date not null,
  slot_minutes   smallint not null check (slot_minutes in (15, 30, 60)),
  slot_count     smallint not null check (slot_count > 0),
  values_e4      bytea not null,
  qualities      bytea not null,
  start_e4       bigint,
  end_e4         bigint,
  sum_e4         bigint not null,
  difference_e4  bigint,
  verdict        text not null check (verdict in ('complete', 'filled', 'held')),
  rules          text[] not null,
  reason         text not null,
  fills          jsonb,
  content_digest bytea not null,
  policy_version text collate "C" not null,
  recorded_at    timestamptz not null,
  primary key (meter_id, channel, day_start, revision),
  check (octet_length(values_e4) = 4 * slot_count and octet_length(qualities) = slot_count),
  check (difference_e4 is null or (start_e4 is not null and end_e4 is not null)),
  check (verdict <> 'held' or cardinality(rules) > 0)
$columns$);
comment on table interval_day is 'fact: a day of a curve as decided, its registers at both ends and the rules that spoke; a later revision supersedes an earlier one';

-- Days that changed by a run carry its recorded_at.
create table curve_settlement (
  from_date      date not null,
  to_date        date not null,
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  meter_id       bigint references meter,
  policy_version text collate "C" not null,
  complete       integer not null,
  filled         integer not null,
  held           integer not null,
  open           integer not null,
  written        integer not null,
  primary key (from_date, to_date, recorded_at),
  check (from_date < to_date)
);
comment on table curve_settlement is 'fact: curves of the local days [from_date, to_date) were settled at somebody''s wish, and what came of it; meter_id null: of all meters';

create view interval_day_latest as
  select d.* from interval_day d
   where not exists (select from interval_day later
                      where (later.meter_id, later.channel, later.day_start) = (d.meter_id, d.channel, d.day_start)
                        and later.revision > d.revision);

-- Slots of the last revision with their instants. PostgreSQL shifts an int4 into its sign, as little-endian wants it.
create view interval_slot as
  select d.meter_id, d.channel, d.service_date, d.revision, d.verdict, slot.ordinal,
         d.day_start + slot.ordinal * d.slot_minutes * interval '1 minute' as slot_start,
         d.day_start + (slot.ordinal + 1) * d.slot_minutes * interval '1 minute' as slot_end,
         get_byte(d.values_e4, 4 * slot.ordinal) | get_byte(d.values_e4, 4 * slot.ordinal + 1) << 8
           | get_byte(d.values_e4, 4 * slot.ordinal + 2) << 16 | get_byte(d.values_e4, 4 * slot.ordinal + 3) << 24 as value_e4,
         get_byte(d.qualities, slot.ordinal) as quality
    from interval_day_latest d
   cross join lateral generate_series(0, d.slot_count - 1) slot (ordinal);

grant select on interval_day, curve_settlement, interval_day_latest, interval_slot to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on interval_day, curve_settlement to shuangwu_mdm;
