-- Time-of-use tables of meters (时区表、时段表、节假日): which register a meter counts at each minute. Writer: headend.

-- What meters of one kind were loaded with, once however many meters have it. The digest is of the document (domain/tou-tables.ts).
create table tou_tables (
  tables_digest bytea primary key check (octet_length(tables_digest) = 32),
  document      jsonb not null,
  recorded_at   timestamptz not null
);
comment on table tou_tables is 'fact: zone tables, day tables, holidays and rest days as some meter has them, and the items that it does not have';

-- One line a read. Where it says what the read before said, the frames of that one are the evidence and line_sequence is null.
create table tou_reading (
  meter_id          bigint not null,
  read_at           timestamptz not null,
  tables_digest     bytea not null references tou_tables,
  zone_table        smallint check (zone_table in (1, 2)),
  day_table_set     smallint check (day_table_set in (1, 2)),
  zone_switch_at    timestamptz,
  day_switch_at     timestamptz,
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz not null,
  frame_offset      integer,
  frame_length      integer,
  recorded_at       timestamptz not null,
  primary key (meter_id, read_at)
);
comment on table tou_reading is 'fact: the tables of a meter as read, the sets in use and when they change over; null: the meter does not say';

-- From when to when meters said the same, by what was recorded until an instant. Between last_seen_at and the next first_seen_at nobody knows
-- when it changed.
create function tou_tables_seen(meter_ids bigint[], known_at timestamptz)
returns table (meter_id bigint, tables_digest bytea, zone_table smallint, day_table_set smallint, zone_switch_at timestamptz,
               day_switch_at timestamptz, first_seen_at timestamptz, last_seen_at timestamptz)
language sql stable as $$
  select i.meter_id, i.tables_digest, i.zone_table, i.day_table_set, i.zone_switch_at, i.day_switch_at, min(i.read_at), max(i.read_at)
    from (select r.*, count(*) filter (where r.is_new) over (partition by r.meter_id order by r.read_at) as island
            from (select t.*,
                         (t.tables_digest, t.zone_table, t.day_table_set, t.zone_switch_at, t.day_switch_at) is distinct from
                           (lag(t.tables_digest) over w, lag(t.zone_table) over w, lag(t.day_table_set) over w,
                            lag(t.zone_switch_at) over w, lag(t.day_switch_at) over w) as is_new
                    from tou_reading t where t.meter_id = any(meter_ids) and t.recorded_at <= known_at
                  window w as (partition by t.meter_id order by t.read_at)) r) i
   group by i.meter_id, i.island, i.tables_digest, i.zone_table, i.day_table_set, i.zone_switch_at, i.day_switch_at
$$;

grant select on tou_tables, tou_reading to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on tou_tables, tou_reading to shuangwu_headend;
-- Tables of meters are compared with the hours of tariff versions; billing stays their only writer.
grant select on tariff_version, tariff_signature to shuangwu_mdm;

-- Several writes to one meter that are one act: proposed, approved and shown as a whole, written one after the other. Each is an order of its
-- own, because an order is good for one frame. Writer: console.
create table meter_order_group (
  group_id     uuid primary key,
  meter_id     bigint not null references meter,
  kind         text not null check (kind = 'tou_tables'),
  -- The whole set as validated data; the orders follow from it.
  parameters   jsonb not null,
  reason       text not null check (length(reason) between 1 and 400),
  author       text collate "C" not null references actor,
  not_before   timestamptz not null,
  expires_at   timestamptz not null,
  -- Of everything above and of the digests of the orders in their sequence.
  group_digest bytea not null check (octet_length(group_digest) = 32),
  recorded_at  timestamptz not null,
  check (not_before < expires_at)
);
comment on table meter_order_group is 'fact: orders that are one act: the time-of-use tables that a meter is to have';
create index on meter_order_group (meter_id);
create trigger acts_now before insert on meter_order_group for each row execute function check_author('author', 'recorded_at');

create table meter_order_member (
  group_id uuid not null references meter_order_group,
  ordinal  integer not null check (ordinal > 0),
  order_id uuid not null unique references meter_order,
  primary key (group_id, ordinal)
);
comment on table meter_order_member is 'fact: an order that is a part of a group, in the sequence of writing';

create table meter_order_group_approval (
  group_id     uuid not null references meter_order_group,
  approver     text collate "C" not null references actor,
  group_digest bytea not null,
  approved_at  timestamptz not null,
  primary key (group_id, approver)
);
comment on table meter_order_group_approval is 'fact: a person other than the author approved a group of orders as a whole';
create trigger four_eyes before insert on meter_order_group_approval for each row
  execute function check_approval('order group', 'meter_order_group', 'author', 'approver', 'approved_at', 'group_id, group_digest');

-- A part of a group is written only when the whole was approved and every part before it is in the meter: the switch comes last.
create function check_member_use() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  member meter_order_member;
  needed integer;
begin
  select * into member from meter_order_member m where m.order_id = new.order_id;
  if not found then
    return new;
  end if;
  select approvals into needed from meter_order_rule_as_of((select kind from meter_order o where o.order_id = new.order_id), new.used_at);
  if (select count(*) from meter_order_group_approval a join meter_order_group g using (group_id, group_digest)
       where a.group_id = member.group_id and a.approved_at <= new.used_at) < needed then
    perform refuse(format('group %s of order %s lacks approvals', member.group_id, new.order_id));
  end if;
  if exists (select from meter_order_member m
              where m.group_id = member.group_id and m.ordinal < member.ordinal
                and not exists (select from meter_order_result r where r.order_id = m.order_id and r.verdict = 'verified')) then
    perform refuse(format('order %s waits for the parts of its group before it', new.order_id));
  end if;
  return new;
end $$;
create trigger in_sequence before insert on meter_order_use for each row execute function check_member_use();

-- An order that is part of a group is approved with the whole of it.
create function check_member_approval() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  whole uuid := (select group_id from meter_order_member m where m.order_id = new.order_id);
begin
  if whole is not null
     and not exists (select from meter_order_group_approval a where a.group_id = whole and a.approver = new.approver) then
    perform refuse(format('order %s is part of group %s and approved with it', new.order_id, whole));
  end if;
  return new;
end $$;
create trigger with_its_group before insert on meter_order_approval for each row execute function check_member_approval();

grant select on meter_order_group, meter_order_member, meter_order_group_approval to shuangwu_headend, shuangwu_console, shuangwu_reader;
grant insert on meter_order_group, meter_order_member, meter_order_group_approval to shuangwu_console;
