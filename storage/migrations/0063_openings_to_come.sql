-- Nobody compares with the old books what they do not say yet: a batch begins at an instant that has passed when it is approved, or within a
-- day of it, because whoever goes live at midnight closes the old books the evening before.
create function refuse_opening_to_come() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from opening_batch b where b.code = new.code and b.as_of > new.approved_at + interval '1 day') then
    perform refuse(format('opening batch %s begins at an instant that is still to come', new.code));
  end if;
  return new;
end $$;
create trigger has_begun before insert on opening_batch_approval for each row execute function refuse_opening_to_come();
