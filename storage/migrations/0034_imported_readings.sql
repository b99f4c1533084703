-- Readings that a bureau has in another system or on paper come in a file (source 8, imported). One key may have several: another value is
-- a further claim, never an overwrite, so that the digest of the values is part of the key. What fitters and crews note (5, 6) stays one a key.
alter table manual_reading add column claim_digest bytea not null default '';
-- Who read the display, where somebody says so; the actor is who entered it.
alter table manual_reading add column reader text;
alter table manual_reading drop constraint manual_reading_pkey, add primary key (meter_id, quantity, read_at, source, revision, claim_digest);
alter table manual_reading drop constraint manual_reading_source_check,
  add constraint manual_reading_source_check check (source in (5, 6, 8)),
  add constraint imported_by_value check ((source = 8) = (claim_digest <> ''));
comment on table manual_reading is 'fact: registers that people brought: a read on site, an exchange, a file; never replaces a frame';

-- Read again with the columns that came.
create or replace view manual_reading_standing as
  select m.* from manual_reading m
   where not exists (select from manual_reading_withdrawal w
                      where (w.meter_id, w.quantity, w.read_at, w.source, w.revision) = (m.meter_id, m.quantity, m.read_at, m.source, m.revision));

-- A decision on an imported value names the claim that says the same.
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
    left join manual_reading_standing m on (m.meter_id, m.quantity, m.read_at, m.source) = (v.meter_id, v.quantity, v.read_at, v.source)
     and (m.total_e4, m.tou1_e4, m.tou2_e4, m.tou3_e4, m.tou4_e4) is not distinct from (v.total_e4, v.tou1_e4, v.tou2_e4, v.tou3_e4, v.tou4_e4);
