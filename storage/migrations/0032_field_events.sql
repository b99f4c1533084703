-- Seals and faults of meters (封印与故障), as somebody found or left them on site. What opens with a finding is closed by a later event that
-- answers it, or by a person in the exception queue; nothing is ever taken back.
create table field_event (
  meter_id     bigint not null references meter,
  occurred_at  timestamptz not null,
  event        text not null check (event in
                 ('sealed', 'seal_broken_found', 'resealed', 'meter_fault', 'repaired', 'tamper_suspected', 'tamper_cleared')),
  -- Who was there, as the work order says; the actor is who entered it.
  person       text not null check (person <> ''),
  seals_found  jsonb not null check (jsonb_typeof(seals_found) = 'array'),
  seals_placed jsonb not null check (jsonb_typeof(seals_placed) = 'array'),
  document     text not null check (document <> ''),
  detail       text check (detail <> ''),
  recorded_at  timestamptz not null,
  actor_id     text collate "C" not null references actor,
  primary key (meter_id, occurred_at, event),
  check (occurred_at <= recorded_at),
  check (event not in ('sealed', 'resealed') or seals_placed <> '[]')
);
comment on table field_event is 'fact: a seal or a fault of a meter as somebody found or left it on site';

grant select on field_event to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on field_event to shuangwu_mdm;
