-- Between a change that took effect and the freeze anew that follows it, nobody issues bills on what is known to be otherwise. Billing reads
-- neither corrections nor decisions: it hears the name of one that is not followed up yet, and nothing else of it.
create function change_to_follow_up(of_organisation bigint) returns table (what text, named text)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'correction', concat_ws(' ', c.kind, coalesce(u.code, a.code, m.code))
    from registry_correction_approval p
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
comment on function change_to_follow_up(bigint) is 'A correction or a decision in effect after which nothing was done anew yet, by name; no row: everything was.';
revoke all on function change_to_follow_up(bigint) from public;
grant execute on function change_to_follow_up(bigint) to shuangwu_billing;
