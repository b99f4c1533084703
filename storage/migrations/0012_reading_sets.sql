-- What meters say beyond their daily registers. Writer: headend. Keys follow from the message alone; where money depends on a value,
-- its digest is part of the key, so that every claim stays and more than one row of a key makes it disputed.
-- frame_offset and frame_length name the slice of the frame's response that decodes to the row; both null: all of it.

call create_time_series('settlement_reading', 'settled_at', $columns$
  meter_id          bigint not null,
  quantity          smallint not null,
  settled_at        timestamptz not null,
  claim_digest      bytea not null,
  total_e4          bigint not null,
  tou1_e4           bigint,
  tou2_e4           bigint,
  tou3_e4           bigint,
  tou4_e4           bigint,
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz not null,
  frame_offset      integer,
  frame_length      integer,
  recorded_at       timestamptz not null,
  primary key (meter_id, quantity, settled_at, claim_digest)
$columns$);
comment on table settlement_reading is 'fact: registers as they stood at a meter''s last settlement event (DI0 = 01), filed under the moment its settlement day 1 names';

call create_time_series('demand_reading', 'settled_at', $columns$
  meter_id          bigint not null,
  quantity          smallint not null,
  settled_at        timestamptz not null,
  claim_digest      bytea not null,
  total_e4          bigint not null,
  total_at          timestamptz,
  tou1_e4           bigint,
  tou1_at           timestamptz,
  tou2_e4           bigint,
  tou2_at           timestamptz,
  tou3_e4           bigint,
  tou3_at           timestamptz,
  tou4_e4           bigint,
  tou4_at           timestamptz,
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz not null,
  frame_offset      integer,
  frame_length      integer,
  recorded_at       timestamptz not null,
  primary key (meter_id, quantity, settled_at, claim_digest)
$columns$);
comment on table demand_reading is 'fact: maximum demands that the last settlement event closed, each with the minute in which it came about; kW or kvar e4 before the multiplier';

call create_time_series('interval_piece', 'slot_start', $columns$
  meter_id          bigint not null,
  curve             smallint not null,
  slot_start        timestamptz not null,
  slot_end          timestamptz not null,
  claim_digest      bytea not null,
  values_e4         bigint[] not null,
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz not null,
  frame_offset      integer,
  frame_length      integer,
  recorded_at       timestamptz not null,
  primary key (meter_id, curve, slot_start, claim_digest),
  check (slot_start < slot_end),
  check (cardinality(values_e4) between 1 and 8)
$columns$);
comment on table interval_piece is 'fact: one point of a curve as it came, under its slot [slot_start, slot_end); cumulative registers are those at slot_end';

call create_time_series('interval_absence', 'slot_start', $columns$
  meter_id    bigint not null,
  curve       smallint not null,
  slot_start  timestamptz not null,
  found_at    timestamptz not null,
  recorded_at timestamptz not null,
  primary key (meter_id, curve, slot_start)
$columns$);
comment on table interval_absence is 'fact: the meter was asked for this slot and its memory does not hold it; it is not asked for again';

call create_time_series('end_device_event', 'occurred_at', $columns$
  meter_id          bigint not null,
  kind              text collate "C" not null,
  occurred_at       timestamptz not null,
  ordinal           smallint not null check (ordinal > 0),
  claim_digest      bytea not null,
  ended_at          timestamptz,
  operator          text,
  detail            jsonb not null,
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz not null,
  frame_offset      integer,
  frame_length      integer,
  recorded_at       timestamptz not null,
  primary key (meter_id, kind, occurred_at, ordinal, claim_digest)
$columns$);
comment on table end_device_event is 'fact: something a meter wrote down, under its own time; an event that was still going on has a further row once it has ended';

call create_time_series('event_count', 'counted_at', $columns$
  meter_id    bigint not null,
  kind        text collate "C" not null,
  counted_at  timestamptz not null,
  counted     integer not null check (counted >= 0),
  recorded_at timestamptz not null,
  primary key (meter_id, kind, counted_at)
$columns$);
comment on table event_count is 'fact: how often a kind of event has happened by the meter''s own count; written when it changed';

call create_time_series('clock_check', 'checked_at', $columns$
  meter_id          bigint not null,
  checked_at        timestamptz not null,
  meter_time        timestamptz,
  offset_ms         bigint,
  uncertainty_ms    bigint,
  drift_ms_per_day  bigint,
  class             text not null check (class in ('ok', 'drifting', 'out_of_limit', 'absurd')),
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz not null,
  frame_offset      integer,
  frame_length      integer,
  recorded_at       timestamptz not null,
  primary key (meter_id, checked_at),
  check ((meter_time is null) = (offset_ms is null) and (offset_ms is null) = (uncertainty_ms is null)),
  check (meter_time is not null or class = 'absurd')
$columns$);
comment on table clock_check is 'fact: a meter''s clock less ours, within ± uncertainty_ms, and what it is worth; no time at all is absurd';

call create_time_series('relay_status', 'read_at', $columns$
  meter_id          bigint not null,
  read_at           timestamptz not null,
  status_word       integer not null check (status_word between 0 and 65535),
  relay_open        boolean not null,
  command_open      boolean not null,
  day_table_set     smallint not null check (day_table_set in (1, 2)),
  zone_table        smallint not null check (zone_table in (1, 2)),
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz not null,
  frame_offset      integer,
  frame_length      integer,
  recorded_at       timestamptz not null,
  primary key (meter_id, read_at)
$columns$);
comment on table relay_status is 'fact: what status word 3 said: the relay itself, the command it was given, and the time-of-use set in use';

-- round_trips[i] counts replies that took at most the i-th bound of domain/round-trips.ts; the last one all longer ones.
call create_time_series('meter_statistics', 'window_start', $columns$
  meter_id        bigint not null,
  line_id         bigint not null,
  window_start    timestamptz not null,
  window_key      text collate "C" not null,
  attempts        integer not null,
  replies         integer not null,
  timeouts        integer not null,
  damaged         integer not null,
  refused         integer not null,
  round_trips     integer[] not null check (cardinality(round_trips) = 10),
  last_contact_at timestamptz,
  recorded_at     timestamptz not null,
  primary key (meter_id, line_id, window_key, window_start),
  check (attempts >= replies + timeouts + damaged and replies >= refused)
$columns$);
comment on table meter_statistics is 'fact: exchanges with one meter on one line in one window; lines and concentrators are sums of it';

-- One row per event: the claim that knows its end, otherwise the first that came.
create view end_device_event_latest as
  select distinct on (meter_id, kind, occurred_at, ordinal) *
    from end_device_event order by meter_id, kind, occurred_at, ordinal, ended_at desc nulls last, recorded_at, claim_digest;

-- Slots with one undisputed claim.
create view undisputed_interval_piece as
  select p.* from interval_piece p
   where not exists (select from interval_piece other
                      where (other.meter_id, other.curve, other.slot_start) = (p.meter_id, p.curve, p.slot_start)
                        and other.claim_digest <> p.claim_digest);

-- Energy of each slot of the cumulative curves before the multiplier: registers at its end less those at its start. Null where the
-- slot before is missing or disputed, or where the register went down: a rollover is for domain/interval-energy.ts to tell.
create view interval_energy as
  select p.meter_id, p.curve, p.slot_start, p.slot_end,
         case when p.values_e4[1] >= before.values_e4[1] then p.values_e4[1] - before.values_e4[1] end as forward_e4,
         case when p.values_e4[2] >= before.values_e4[2] then p.values_e4[2] - before.values_e4[2] end as reverse_e4
    from undisputed_interval_piece p
    left join undisputed_interval_piece before
      on before.meter_id = p.meter_id and before.curve = p.curve
     and before.slot_start = p.slot_start - (p.slot_end - p.slot_start) and before.slot_end = p.slot_start
   where p.curve in (4, 54);

-- From when to when a meter's clock was worth nothing or needs doubt: from the check before, since nobody knows when between the two
-- it went wrong, until the next check. Null: there is none before, or none since.
create view clock_doubt as
  select meter_id, class, previous_at as doubt_from, checked_at, next_at as doubt_to
    from (select meter_id, class, checked_at,
                 lag(checked_at) over (partition by meter_id order by checked_at) as previous_at,
                 lead(checked_at) over (partition by meter_id order by checked_at) as next_at
            from clock_check) checks
   where class in ('out_of_limit', 'absurd');

-- As headend/acquisition/reading-source.ts says: what came within a day came as planned.
create function collection_source(wanted_at timestamptz, received_at timestamptz) returns smallint language sql immutable parallel safe as $$
  select case when received_at < wanted_at + interval '24 hours' then 1::smallint else 2::smallint end
$$;

-- Two more templates of due points: monthly_set is due at the account's reading moment, curve_day at the midnight that closes the day.
-- A monthly set whose meter settles at another moment is served by the daily freeze of that midnight as far as energy goes; its demand is
-- held. A day of a curve is served once all of its slots are there.
create or replace function served_otherwise(after_at timestamptz, through_at timestamptz)
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
  union all
  select meter_id, 'monthly_set', settled_at, collection_source(settled_at, frame_received_at), recorded_at
    from settlement_reading where quantity = 1 and settled_at > after_at and settled_at <= through_at
  union all
  select d.meter_id, d.template, d.read_at, r.source, greatest(r.recorded_at, min(s.recorded_at))
    from due_read d
    join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = d.read_at
    join settlement_reading s on s.meter_id = d.meter_id and s.quantity = 1 and s.settled_at <> d.read_at
     and s.settled_at > d.read_at - interval '32 days' and s.settled_at < d.read_at + interval '32 days'
     and s.frame_received_at >= d.read_at
   where d.template = 'monthly_set' and d.read_at > after_at and d.read_at <= through_at
     and r.read_at > after_at and r.read_at <= through_at
   group by d.meter_id, d.template, d.read_at, r.source, r.recorded_at
  union all
  select d.meter_id, d.template, d.read_at, collection_source(d.read_at, day.received_at), day.served_at
    from due_read d
   cross join lateral (
     select max(slot.recorded_at) as served_at, max(slot.received_at) as received_at, sum(slot.length) as covered
       from (select min(p.recorded_at) as recorded_at, min(p.frame_received_at) as received_at, max(p.slot_end - p.slot_start) as length
               from interval_piece p
              where p.meter_id = d.meter_id and p.curve = 4
                and p.slot_start >= d.read_at - interval '24 hours' and p.slot_start < d.read_at
              group by p.slot_start) slot) day
   where d.template = 'curve_day' and d.read_at > after_at and d.read_at <= through_at and day.covered = interval '24 hours'
$$;

grant select on settlement_reading, demand_reading, interval_piece, interval_absence, end_device_event, event_count, clock_check,
  relay_status, meter_statistics, end_device_event_latest, undisputed_interval_piece, interval_energy, clock_doubt
  to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on settlement_reading, demand_reading, interval_piece, interval_absence, end_device_event, event_count, clock_check,
  relay_status, meter_statistics to shuangwu_headend;
