-- From claims to quantities nobody has to doubt. Writer: mdm.

-- Values noted by people (exchange registers, field reads) are claims of their own table: only the head-end writes reading.
call create_time_series('manual_reading', 'read_at', $columns$
  meter_id    bigint not null,
  quantity    smallint not null,
  read_at     timestamptz not null,
  total_e4    bigint not null,
  tou1_e4     bigint,
  tou2_e4     bigint,
  tou3_e4     bigint,
  tou4_e4     bigint,
  source      smallint not null check (source in (5, 6)),
  document    text not null,
  recorded_at timestamptz not null,
  actor_id    text collate "C" not null,
  primary key (meter_id, quantity, read_at, source)
$columns$);
comment on table manual_reading is 'fact: registers a person read from the display (field read, exchange); never replaces a frame';

-- The verdict on one key; a later revision supersedes an earlier one.
call create_time_series('validation_decision', 'read_at', $columns$
  meter_id    bigint not null,
  quantity    smallint not null,
  read_at     timestamptz not null,
  revision    integer not null check (revision > 0),
  verdict     text not null check (verdict in ('accepted', 'estimated', 'held')),
  total_e4    bigint,
  tou1_e4     bigint,
  tou2_e4     bigint,
  tou3_e4     bigint,
  tou4_e4     bigint,
  source      smallint,
  rules       text[] not null,
  reason      text not null,
  recorded_at timestamptz not null,
  primary key (meter_id, quantity, read_at, revision),
  check ((verdict = 'held') = (total_e4 is null))
$columns$);
comment on table validation_decision is 'fact: the decided value of one key, with the rules that spoke; raw claims stay as they are';

create table field_order (
  field_order_id uuid primary key,
  meter_id       bigint not null references meter,
  usage_point_id bigint not null references usage_point,
  read_at        timestamptz not null,
  grid_cell_id   bigint not null references grid_cell,
  cause          text not null,
  due_at         timestamptz not null,
  recorded_at    timestamptz not null,
  unique (meter_id, read_at)
);
comment on table field_order is 'fact: a visit asked for because a due point has no value (补抄)';

create table field_order_result (
  field_order_id uuid primary key references field_order,
  outcome        text not null check (outcome in ('read', 'not_accessible', 'cancelled')),
  evidence       text not null,
  actor_id       text collate "C" not null references actor,
  recorded_at    timestamptz not null
);
comment on table field_order_result is 'fact: what came of a field order';

-- Determinants of one freeze: immutable once written, digested by the run that uses them.
create table determinant_set (
  set_id          bigint primary key,
  organisation_id bigint not null references organisation,
  period_start    timestamptz not null,
  period_end      timestamptz not null,
  revision        integer not null,
  account_count   integer not null,
  digest          bytea not null,
  recorded_at     timestamptz not null,
  unique (organisation_id, period_start, period_end, revision)
);
comment on table determinant_set is 'fact: one freeze of every account''s billing determinants for a period';

-- Rows are streamed in first and the set's row with their digest comes last; it is then that they are checked, set-wise (ADR 0008).
-- One row per account and settlement. Energies after the multiplier, kWh e4, per meter register.
-- The arrays hold one element per metering segment (several after a meter exchange) and name the readings used.
create table determinant (
  set_id          bigint not null,
  account_id      bigint not null,
  usage_point_id  bigint not null,
  tariff_code     text collate "C" not null,
  settlement_kind text not null check (settlement_kind in ('regular', 'transfer')),
  period_start    timestamptz not null,
  period_end      timestamptz not null,
  ladder_from     date not null,
  energy_e4       bigint not null,
  tou1_e4         bigint not null,
  tou2_e4         bigint not null,
  tou3_e4         bigint not null,
  tou4_e4         bigint not null,
  estimated       boolean not null,
  meter_ids       bigint[] not null,
  multipliers     integer[] not null,
  start_reads     timestamptz[] not null,
  end_reads       timestamptz[] not null,
  primary key (set_id, account_id),
  check (cardinality(meter_ids) between 1 and 16
    and cardinality(meter_ids) = cardinality(multipliers)
    and cardinality(meter_ids) = cardinality(start_reads)
    and cardinality(meter_ids) = cardinality(end_reads))
);
comment on table determinant is 'fact: what an account is billed on for a period, with the readings it came from';

create table determinant_hold (
  set_id     bigint not null,
  account_id bigint not null,
  code       text not null,
  detail     text not null,
  primary key (set_id, account_id)
);
comment on table determinant_hold is 'fact: an account whose quantity is in doubt, and why; it gets no bill from this set';

-- Accounts in = determinants + holds, each once and each known.
create function check_determinant_set() returns trigger language plpgsql as $$
begin
  if (select count(distinct account_id) from (select account_id from determinant where set_id = new.set_id
        union all select account_id from determinant_hold where set_id = new.set_id) members
        join account using (account_id)) <> new.account_count
     or (select count(*) from determinant where set_id = new.set_id)
        + (select count(*) from determinant_hold where set_id = new.set_id) <> new.account_count then
    raise exception 'determinant set % does not hold each of its % accounts once', new.set_id, new.account_count using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger holds_together before insert on determinant_set for each row execute function check_determinant_set();

create function refuse_closed_set() returns trigger language plpgsql as $$
begin
  if exists (select from determinant_set where set_id in (select set_id from appended)) then
    raise exception 'a determinant set that is closed takes no further rows of %', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger set_is_open after insert on determinant
  referencing new table as appended for each statement execute function refuse_closed_set();
create trigger set_is_open after insert on determinant_hold
  referencing new table as appended for each statement execute function refuse_closed_set();

-- Every claim under one shape, whoever made it.
create view reading_claims as
  select meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, line_sequence, frame_received_at, recorded_at from reading
  union all
  select meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, line_sequence, frame_received_at, recorded_at from reading_claim
  union all
  select meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, null, null, null, recorded_at from manual_reading;

-- The decided value of each key: the last revision of its decision.
create view validated_reading as
  select distinct on (meter_id, quantity, read_at) *
    from validation_decision order by meter_id, quantity, read_at, revision desc;

grant select on manual_reading, validation_decision, field_order, field_order_result, determinant_set, determinant, determinant_hold,
  reading_claims, validated_reading to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on manual_reading, validation_decision, field_order, field_order_result, determinant_set, determinant, determinant_hold to shuangwu_mdm;
grant select on determinant_set, determinant, determinant_hold to shuangwu_billing;
