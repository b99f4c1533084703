-- Master data: who is supplied where, through which meter, under which agreement. Writer: mdm.
-- Surrogate ids are given at import in file order, so that the same file gives the same ids.

create table organisation (
  organisation_id bigint primary key,
  code            text collate "C" not null unique,
  parent_id       bigint references organisation,
  name            text not null,
  level           text not null check (level in ('province', 'city', 'county', 'station')),
  time_zone       text not null,
  currency        char(3) not null,
  minor_digits    smallint not null check (minor_digits between 0 and 4),
  check (parent_id <> organisation_id)
);
comment on table organisation is 'fact: the organisation tree; every figure rolls up along it';

create table grid_cell (
  grid_cell_id    bigint primary key,
  organisation_id bigint not null references organisation,
  code            text collate "C" not null unique,
  name            text not null,
  manager         text collate "C" not null references actor,
  deputy          text collate "C" references actor
);
comment on table grid_cell is 'fact: a grid cell (网格) and the manager to whom its manual tasks go';

create table transformer_area (
  transformer_area_id bigint primary key,
  organisation_id     bigint not null references organisation,
  code                text collate "C" not null unique,
  name                text not null
);
comment on table transformer_area is 'fact: the usage points behind one public transformer (台区)';

create table line (
  line_id         bigint primary key,
  organisation_id bigint not null references organisation,
  code            text collate "C" not null unique,
  kind            text not null check (kind in ('dlt645_tcp', 'modbus_tcp', 'mqtt_concentrator')),
  settings        jsonb not null
);
comment on table line is 'fact: one half-duplex bus, Modbus gateway or concentrator uplink; one owner at a time reads it';

create table meter (
  meter_id              bigint primary key,
  code                  text collate "C" not null unique,
  protocol              text not null check (protocol in ('dlt645_2007', 'modbus')),
  communication_address text collate "C" not null,
  model                 text not null,
  register_digits       smallint not null check (register_digits between 4 and 12),
  register_decimals     smallint not null check (register_decimals between 0 and 4)
);
comment on table meter is 'fact: a meter as an asset; register_digits are the digits before the decimal point';

create table usage_point (
  usage_point_id      bigint primary key,
  organisation_id     bigint not null references organisation,
  code                text collate "C" not null unique,
  transformer_area_id bigint not null references transformer_area,
  grid_cell_id        bigint not null references grid_cell,
  supply_address      text not null
);
comment on table usage_point is 'fact: the place where energy is supplied and measured (计量点)';

create table customer (
  customer_id bigint primary key,
  code        text collate "C" not null unique,
  name        text not null,
  kind        text not null check (kind in ('residential', 'commercial')),
  key_account boolean not null
);
comment on table customer is 'fact: the contract party';

create table account (
  account_id      bigint primary key,
  organisation_id bigint not null references organisation,
  code            text collate "C" not null unique,
  customer_id     bigint not null references customer
);
comment on table account is 'fact: what a customer owes and pays under one customer number (户号)';

-- Timelines. A change appends a whole new revision of one object's timeline. As-of (K, D) is the last revision recorded at or
-- before K, then the segment that covers D. Segments are half-open; effective_to null means "until further notice".

create table installation_timeline (
  usage_point_id bigint not null references usage_point,
  revision       integer not null check (revision > 0),
  effective_from timestamptz not null,
  effective_to   timestamptz,
  meter_id       bigint not null references meter,
  line_id        bigint not null references line,
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  reason         text not null,
  primary key (usage_point_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table installation_timeline is 'fact: timeline of which meter measures a usage point, and over which line it is read';

create table multiplier_timeline (
  usage_point_id bigint not null references usage_point,
  revision       integer not null check (revision > 0),
  effective_from timestamptz not null,
  effective_to   timestamptz,
  ct_ratio       integer not null check (ct_ratio > 0),
  pt_ratio       integer not null check (pt_ratio > 0),
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  reason         text not null,
  primary key (usage_point_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table multiplier_timeline is 'fact: timeline of the instrument transformers; the multiplier is ct_ratio × pt_ratio';

create table agreement_timeline (
  account_id        bigint not null references account,
  revision          integer not null check (revision > 0),
  effective_from    timestamptz not null,
  effective_to      timestamptz,
  usage_point_id    bigint not null references usage_point,
  tariff_code       text collate "C" not null,
  -- First local day from which months count for the annual ladder: the year's start, or the day the account took over.
  ladder_from       date not null,
  recorded_at       timestamptz not null,
  actor_id          text collate "C" not null references actor,
  reason            text not null,
  primary key (account_id, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table agreement_timeline is 'fact: timeline of what an account is supplied with, where and under which tariff';

create table contact_timeline (
  account_id       bigint not null references account,
  channel          text not null check (channel in ('sms', 'voice', 'email', 'webhook')),
  revision         integer not null check (revision > 0),
  effective_from   timestamptz not null,
  effective_to     timestamptz,
  address          text not null,
  purpose          text not null check (purpose in ('contract', 'marketing')),
  consent_evidence text not null,
  verified         boolean not null,
  recorded_at      timestamptz not null,
  actor_id         text collate "C" not null references actor,
  reason           text not null,
  primary key (account_id, channel, revision, effective_from),
  check (effective_from < effective_to)
);
comment on table contact_timeline is 'fact: timeline of where and on which ground an account may be addressed';

create index on installation_timeline (meter_id);
create index on agreement_timeline (usage_point_id);

-- Segments of one revision may not overlap. Checked set-wise after each statement, because row-wise checks cost a bulk import minutes.
create function check_timeline() returns trigger language plpgsql as $$
declare
  object_key text := tg_argv[0];
  overlap text;
begin
  execute format(
    'select concat_ws('' '', %1$s, revision) from (
       select %1$s, revision, effective_from, lag(coalesce(effective_to, ''infinity'')) over (partition by %1$s, revision order by effective_from) as previous_to
         from %2$I where (%1$s, revision) in (select %1$s, revision from appended)) segments
      where previous_to > effective_from limit 1', object_key, tg_table_name) into overlap;
  if overlap is not null then
    raise exception 'overlapping segments in % of (%) %', tg_table_name, object_key, overlap using errcode = 'exclusion_violation';
  end if;
  return null;
end $$;

create trigger no_overlap after insert on installation_timeline
  referencing new table as appended for each statement execute function check_timeline('usage_point_id');
create trigger no_overlap after insert on multiplier_timeline
  referencing new table as appended for each statement execute function check_timeline('usage_point_id');
create trigger no_overlap after insert on agreement_timeline
  referencing new table as appended for each statement execute function check_timeline('account_id');
create trigger no_overlap after insert on contact_timeline
  referencing new table as appended for each statement execute function check_timeline('account_id, channel');

create function installation_as_of(known_at timestamptz, at timestamptz) returns setof installation_timeline language sql stable as $$
  select t.* from installation_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from installation_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;
create function multiplier_as_of(known_at timestamptz, at timestamptz) returns setof multiplier_timeline language sql stable as $$
  select t.* from multiplier_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from multiplier_timeline n where n.usage_point_id = t.usage_point_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;
create function agreement_as_of(known_at timestamptz, at timestamptz) returns setof agreement_timeline language sql stable as $$
  select t.* from agreement_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from agreement_timeline n where n.account_id = t.account_id and n.revision > t.revision and n.recorded_at <= known_at)
$$;
create function contact_as_of(known_at timestamptz, at timestamptz) returns setof contact_timeline language sql stable as $$
  select t.* from contact_timeline t
   where t.recorded_at <= known_at and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
     and not exists (select from contact_timeline n where n.account_id = t.account_id and n.channel = t.channel and n.revision > t.revision and n.recorded_at <= known_at)
$$;

-- What an account had used and owed when this product took over.
create table opening_state (
  account_id       bigint primary key references account,
  as_of            timestamptz not null,
  ladder_energy_e4 bigint not null check (ladder_energy_e4 >= 0),
  document         text not null,
  recorded_at      timestamptz not null,
  actor_id         text collate "C" not null references actor
);
comment on table opening_state is 'fact: year-to-date ladder energy (kWh e4) of an account at go-live';

-- Stop and start registers noted when a meter was exchanged.
create table meter_exchange (
  usage_point_id bigint not null references usage_point,
  exchanged_at   timestamptz not null,
  old_meter_id   bigint not null references meter,
  new_meter_id   bigint not null references meter,
  document       text not null,
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  primary key (usage_point_id, exchanged_at),
  check (old_meter_id <> new_meter_id)
);
comment on table meter_exchange is 'fact: a meter exchange; its stop and start registers are readings with source exchange';

grant select on organisation, grid_cell, transformer_area, line, meter, usage_point, customer, account,
  installation_timeline, multiplier_timeline, agreement_timeline, contact_timeline, opening_state, meter_exchange
  to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on organisation, grid_cell, transformer_area, line, meter, usage_point, customer, account,
  installation_timeline, multiplier_timeline, agreement_timeline, contact_timeline, opening_state, meter_exchange
  to shuangwu_mdm;
-- The head-end learns meters and lines, never customers.
grant select on organisation, line, meter, installation_timeline, usage_point to shuangwu_headend;
grant select on organisation, account, customer, agreement_timeline, opening_state to shuangwu_billing;
grant select on organisation, grid_cell, usage_point, account, customer, agreement_timeline, contact_timeline to shuangwu_dunning;
