-- A batch of the old books that is approved after accounts of it were frozen moves what was frozen: it is followed up as a correction is.
create table opening_batch_redo (
  code        text collate "C" primary key references opening_batch,
  recorded_at timestamptz not null
);
comment on table opening_batch_redo is 'fact: frozen periods with accounts of an opening batch in force were frozen anew, or there were none';
insert into opening_batch_redo select code, in_force_at from opening_batch_in_force;

-- Money and demands move nothing that is frozen.
create view opening_batch_to_follow_up as
  select f.code, f.in_force_at, s.organisation_id, s.period_start, s.period_end
    from opening_batch_in_force f
    join determinant_set s on s.recorded_at < f.in_force_at
   where not exists (select from opening_batch_redo r where r.code = f.code)
     and not exists (select from determinant_set n
                      where (n.organisation_id, n.period_start, n.period_end) = (s.organisation_id, s.period_start, s.period_end)
                        and n.revision > s.revision)
     and exists (select from opening_item i
                  where i.batch = f.code and i.kind in ('register', 'ladder', 'estimate')
                    and (exists (select from determinant d where (d.set_id, d.account_id) = (s.set_id, i.account_id))
                         or exists (select from determinant_hold h where (h.set_id, h.account_id) = (s.set_id, i.account_id))));
comment on view opening_batch_to_follow_up is 'Opening batches that came into force after accounts of theirs were frozen last, until that is done anew.';

grant select on opening_batch_redo, opening_batch_to_follow_up to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on opening_batch_redo to shuangwu_mdm;

-- An approval sees the bills, or the issue sees the approval.
create function lock_what_bills_rest_on() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('what bills rest on', 0));
  return new;
end $$;
create trigger moves_bills before insert on opening_batch_approval for each row execute function lock_what_bills_rest_on();

-- As before, with openings.
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
  union all
  select 'opening', o.code from opening_batch_to_follow_up o where o.organisation_id = of_organisation
  order by 1, 2 limit 1
$$;
comment on function change_to_follow_up(bigint) is 'A correction, a decision or an opening in effect after which nothing was done anew yet, by name; no row: everything was.';
