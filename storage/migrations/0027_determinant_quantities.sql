-- Every quantity a tariff can ask for besides the energies of a determinant, and the losses of transformer areas. Writer: mdm.

-- One row per quantity of an account, for accounts that have such quantities alone; written in the same freeze as the determinant and
-- covered by the set's digest. Values e4, after the multiplier, per register where the meter has it. What is not known says why; a tariff
-- that asks for it has to wait. Taken off a parent is negative, so that
--   determinant.energy_e4 = active_energy + relation_deducted + relation_share + fixed_quantity.
-- The arrays have one element per metering segment; readings are named by meter and instant, decisions by their revision. Of interval
-- days start_reads are the days' beginnings and start_revisions their revisions.
create table determinant_quantity (
  set_id               bigint not null,
  account_id           bigint not null,
  quantity             text collate "C" not null check (quantity in (
    'active_energy', 'export_energy', 'reactive_forward', 'reactive_reverse', 'reactive_combined1', 'reactive_combined2',
    'reactive_quadrant1', 'reactive_quadrant2', 'reactive_quadrant3', 'reactive_quadrant4', 'power_factor_active', 'power_factor_reactive',
    'demand_max', 'demand_reverse_max', 'loss_active', 'loss_reactive', 'relation_deducted', 'relation_share', 'fixed_quantity',
    'relation_common', 'interval_days')),
  -- The usage point at the other end of a relation; the account's own otherwise.
  other_point_id       bigint not null,
  usage_point_id       bigint not null,
  unit                 text not null check (unit in ('kWh', 'kvarh', 'kW')),
  total_e4             bigint,
  tou1_e4              bigint,
  tou2_e4              bigint,
  tou3_e4              bigint,
  tou4_e4              bigint,
  -- When a demand came about.
  moment               timestamptz,
  missing              text check ((missing is null) = (total_e4 is not null)),
  -- What else it rests on: a transformer, a share, how many days.
  basis                text not null,
  meter_ids            bigint[] not null,
  multipliers          integer[] not null,
  start_reads          timestamptz[] not null,
  end_reads            timestamptz[] not null,
  start_revisions      integer[] not null,
  end_revisions        integer[] not null,
  start_origins        text[] not null,
  end_origins          text[] not null,
  primary key (set_id, account_id, quantity, other_point_id),
  check (cardinality(meter_ids) = cardinality(multipliers) and cardinality(meter_ids) = cardinality(start_reads)
    and cardinality(meter_ids) = cardinality(end_reads))
);
comment on table determinant_quantity is 'fact: a further quantity of an account in a freeze, with the readings and decisions it came from, or why it is not known';
create trigger set_is_open after insert on determinant_quantity
  referencing new table as appended for each statement execute function refuse_closed_set();

-- Of a usage point without a meter of its own (定比, 定量) a determinant names no readings: its parent's quantities do.
alter table determinant drop constraint determinant_check;
alter table determinant add constraint segments_agree check (
  cardinality(meter_ids) between 0 and 16
  and cardinality(meter_ids) = cardinality(multipliers)
  and cardinality(meter_ids) = cardinality(start_reads)
  and cardinality(meter_ids) = cardinality(end_reads));

-- Quantities are of accounts that are billed, what is billed is what relations leave, and without readings there is a relation.
create function check_determinant_quantities() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  wrong bigint;
begin
  select q.account_id into wrong
    from (select account_id, sum(total_e4) filter (where quantity in ('active_energy', 'relation_deducted', 'relation_share', 'fixed_quantity')) as billed_e4
            from determinant_quantity where set_id = new.set_id group by account_id) q
    left join determinant d on (d.set_id, d.account_id) = (new.set_id, q.account_id)
   where d.account_id is null or d.energy_e4 <> q.billed_e4
   limit 1;
  if wrong is null then
    select d.account_id into wrong from determinant d
     where d.set_id = new.set_id and cardinality(d.meter_ids) = 0
       and not exists (select from determinant_quantity q where (q.set_id, q.account_id) = (d.set_id, d.account_id))
     limit 1;
  end if;
  if wrong is not null then
    raise exception 'determinant set %: the quantities of account % do not add up to what it is billed on', new.set_id, wrong using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger quantities_add_up before insert on determinant_set for each row execute function check_determinant_quantities();

-- Line loss of a transformer area over one local day (台区线损): supply + fed_in - sold. Null supply: a supply meter has no value.
--   fed_in     what customers' generators fed into the area
--   estimated  the part of sold that rests on estimates; missing points have no value at all
create table area_loss (
  transformer_area_id bigint not null references transformer_area,
  service_date        date not null,
  revision            integer not null check (revision > 0),
  supply_e4           bigint,
  fed_in_e4           bigint not null,
  sold_e4             bigint not null,
  estimated_e4        bigint not null,
  supply_points       integer not null check (supply_points > 0),
  sold_points         integer not null,
  estimated_points    integer not null,
  missing_points      integer not null,
  verdict             text not null check (verdict in ('in_band', 'negative', 'above', 'incomplete', 'unknown')),
  threshold_e4        integer not null,
  policy_version      text collate "C" not null,
  recorded_at         timestamptz not null,
  actor_id            text collate "C" not null references actor,
  primary key (transformer_area_id, service_date, revision),
  check ((supply_e4 is null) = (verdict = 'unknown')),
  check (estimated_points + missing_points <= sold_points)
);
comment on table area_loss is 'fact: supply, sale and loss of a transformer area on one day as then known; a later revision supersedes an earlier one';
create index on area_loss (service_date);

create view area_loss_latest as
  select l.*, l.supply_e4 + l.fed_in_e4 - l.sold_e4 as loss_e4
    from area_loss l
   where not exists (select from area_loss later
                      where (later.transformer_area_id, later.service_date) = (l.transformer_area_id, l.service_date)
                        and later.revision > l.revision);

grant select on determinant_quantity to shuangwu_mdm, shuangwu_billing, shuangwu_console, shuangwu_reader;
grant insert on determinant_quantity to shuangwu_mdm;
grant select on area_loss, area_loss_latest to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on area_loss to shuangwu_mdm;
