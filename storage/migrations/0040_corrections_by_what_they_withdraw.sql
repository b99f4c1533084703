-- What a correction takes back is a part of its key: the same words about a change that was told anew are another correction.

alter table registry_correction
  -- The words alone, however their keys are ordered and their instants and decimals are spelt.
  add column content_id uuid,
  -- Under which number the change stood that is taken back: the revision of its timeline in which it was told, or its own.
  add column withdraws integer,
  -- Later versions that had copied the wrong value unchanged, each with what it says instead; two people stand for the whole list.
  add column carries jsonb not null default '[]';
update registry_correction set content_id = correction_id;
alter table registry_correction alter column content_id set not null;
create index on registry_correction (content_id);
alter table registry_correction drop constraint registry_correction_kind_check,
  add constraint registry_correction_kind_check check (kind in
    ('meter_exchange', 'meter_removal', 'installation', 'multiplier', 'agreement', 'relation', 'flow', 'transformer', 'field_event', 'meter'));
-- The number under which something stands there once it took effect; null: nothing does. Whoever hands in the same while that stands repeats it.
alter table registry_correction_approval add column leaves integer;

-- Two papers may note one display at one instant: an exchange and new transformers, or a meter that moved from one house to the next. Each
-- note names the change that it came with ('kind usage_point_id'), and goes with that one. Notes from before this do not say.
alter table manual_reading add column noted_for text collate "C" not null default '';
alter table manual_reading drop constraint manual_reading_pkey,
  add primary key (meter_id, quantity, read_at, source, revision, claim_digest, noted_for),
  add constraint noted_for_a_change check (noted_for ~ '^$|^(meter_exchange|meter_removal|installation|multiplier) [0-9]+$'
                                           and (noted_for = '' or source = 6));
alter table manual_reading_withdrawal add column noted_for text collate "C" not null default '';
alter table manual_reading_withdrawal drop constraint manual_reading_withdrawal_pkey,
  add primary key (meter_id, quantity, read_at, source, revision, noted_for);

create or replace function number_manual_reading() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  new.noted_for := coalesce(new.noted_for, '');
  new.revision := 1 + (select count(*) from manual_reading_withdrawal w
                        where (w.meter_id, w.quantity, w.read_at, w.source, w.noted_for) = (new.meter_id, new.quantity, new.read_at, new.source, new.noted_for));
  -- A claim is known by when it was recorded: papers of one display and one moment are a microsecond apart.
  if new.noted_for <> '' then
    new.recorded_at := new.recorded_at + interval '1 microsecond' *
      (select count(*) from manual_reading m
        where (m.meter_id, m.quantity, m.read_at, m.source) = (new.meter_id, new.quantity, new.read_at, new.source)
          and date_trunc('milliseconds', m.recorded_at) = new.recorded_at and m.noted_for <> new.noted_for);
  end if;
  return new;
end $$;
create or replace view manual_reading_standing as
  select m.* from manual_reading m
   where not exists (select from manual_reading_withdrawal w
                      where (w.meter_id, w.quantity, w.read_at, w.source, w.revision, w.noted_for)
                          = (m.meter_id, m.quantity, m.read_at, m.source, m.revision, m.noted_for));

-- As before, with one of the papers that say the same.
create or replace view decision_origin as
  select v.meter_id, v.quantity, v.read_at, v.revision,
         case when v.verdict = 'held' then 'held'
              when v.verdict = 'estimated' then 'estimated'
              when v.source = 2 then 'back_filled'
              when v.source = 4 then 'live'
              when v.source = 5 then 'field'
              when v.source = 6 then 'exchange'
              when v.source = 7 then 'corrected'
              when v.source = 8 then 'imported'
              else 'read' end as origin,
         coalesce(v.decided_by, m.actor_id) as by_whom, v.reason, m.document
    from (select distinct on (meter_id, quantity, read_at) *
            from validation_decision order by meter_id, quantity, read_at, revision desc) v
    left join lateral (
      select m.actor_id, m.document from manual_reading_standing m
       where (m.meter_id, m.quantity, m.read_at, m.source) = (v.meter_id, v.quantity, v.read_at, v.source)
         and (m.total_e4, m.tou1_e4, m.tou2_e4, m.tou3_e4, m.tou4_e4) is not distinct from (v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4)
       order by m.recorded_at, m.noted_for limit 1) m on true;
