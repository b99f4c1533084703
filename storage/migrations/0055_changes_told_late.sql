-- A change of master data that is told late, of a time that was billed, takes two people as a correction does: it is a correction that withdraws
-- nothing (`withdraws` 0, or below it how often the same words took effect before) and puts the change in place. Of a time that was frozen and not
-- billed one person suffices; what was frozen is done anew all the same.

create table registry_late_change (
  correction_id uuid primary key references registry_correction,
  recorded_at   timestamptz not null
);
comment on table registry_late_change is 'fact: a change that withdraws nothing, told late of a time that was frozen and not billed, took effect by its author''s word alone';

create function refuse_late_withdrawal() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if (select coalesce(withdraws, 1) from registry_correction where correction_id = new.correction_id) > 0 then
    perform refuse(format('correction %s withdraws a change, which takes a second person', new.correction_id));
  end if;
  return new;
end $$;
create trigger withdraws_nothing before insert on registry_late_change for each row execute function refuse_late_withdrawal();

create view registry_correction_in_effect as
  select correction_id, approved_at as in_effect_at from registry_correction_approval
  union all
  select correction_id, recorded_at from registry_late_change;

-- What is done anew follows both.
alter table registry_correction_redo drop constraint registry_correction_redo_correction_id_fkey,
  add foreign key (correction_id) references registry_correction;

-- As before, with changes told late.
create or replace function change_to_follow_up(of_organisation bigint) returns table (what text, named text)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'correction', concat_ws(' ', c.kind, coalesce(u.code, a.code, m.code))
    from registry_correction_in_effect p
    join registry_correction c using (correction_id)
    left join usage_point u using (usage_point_id)
    left join account a using (account_id)
    left join meter m on m.meter_id = c.meter_id
   where not exists (select from registry_correction_redo r where r.correction_id = p.correction_id)
     and (of_organisation in (u.organisation_id, a.organisation_id)
          or exists (select from installation_timeline i join usage_point h using (usage_point_id)
                      where i.meter_id = c.meter_id and h.organisation_id = of_organisation))
  union all
  -- Decisions that only wait or send somebody change nothing.
  select 'decision', d.decision_id::text
    from exception_decision d
    left join exception_decision undone on undone.decision_id = d.undoes
   where not exists (select from exception_decision_redo r where r.decision_id = d.decision_id)
     and exists (select from exception_effect f
                   join exception x using (exception_key)
                   join usage_point h on h.usage_point_id = x.usage_point_id and h.organisation_id = of_organisation
                  where f.decision_id = d.decision_id and f.outcome = 'applied'
                    and (f.validation_revision is not null
                         or (x.kind = 'determinant_hold' and coalesce(undone.action, d.action) in ('accept', 'reject'))))
  order by 1, 2 limit 1
$$;

grant select on registry_late_change, registry_correction_in_effect to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on registry_late_change to shuangwu_mdm;
