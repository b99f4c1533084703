-- What people brought never replaces what a meter said by one person's word alone: accepting it where a frame says otherwise takes a second
-- person, however little it changes. Fires after `counted`, by its name.
create function ask_second_over_frame() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.action = 'accept' and exists (
       select from exception_decision_item i join exception x using (exception_key)
        where i.decision_id = new.decision_id and i.source in (5, 6, 8)
          and exists (select from reading_claims c
                       where (c.meter_id, c.quantity, c.read_at) = (x.meter_id, x.quantity, x.read_at) and c.source not in (5, 6, 7, 8))) then
    new.approvals_needed := greatest(new.approvals_needed, 1);
  end if;
  return new;
end $$;
create trigger over_frames before insert on exception_decision for each row execute function ask_second_over_frame();
