-- What accounts bring along at go-live moves money, so it comes by batches that two people approved, and by nothing else: nobody but this
-- function writes a ladder that billing reads.
create function take_opening_ladders() returns bigint language sql security definer set search_path = public, pg_temp as $$
  with taken as (
    insert into opening_state (account_id, as_of, ladder_energy_e4, document, recorded_at, actor_id, batch)
    select i.account_id, i.as_of, i.energy_e4, b.document, i.in_force_at, b.author, b.code
      from opening_item_in_force i join opening_batch b on b.code = i.batch
     where i.kind = 'ladder'
     order by i.account_id
    on conflict (account_id) do nothing
    returning 1)
  select count(*) from taken
$$;
comment on function take_opening_ladders() is 'Gives billing the ladders of all batches in force that it does not have yet; returns how many.';
revoke all on function take_opening_ladders() from public;
grant execute on function take_opening_ladders() to shuangwu_mdm;
revoke insert on opening_state from shuangwu_mdm;
