-- Nobody approves a batch of the old books whose items come to something else than its control totals, whoever wrote it.
create function check_opening_totals() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (
    select from opening_batch b
      cross join lateral (
        select count(*) as items,
               coalesce(sum(energy_e4) filter (where kind = 'register'), 0) as register_e4,
               coalesce(sum(energy_e4) filter (where kind = 'ladder'), 0) as ladder_e4,
               coalesce(sum(energy_e4) filter (where kind = 'estimate'), 0) as estimate_e4,
               coalesce(sum(amount_fen) filter (where kind = 'prepaid'), 0) as prepaid_fen,
               coalesce(sum(amount_fen) filter (where kind = 'arrear'), 0) as arrear_fen
          from opening_item i where i.batch = b.code) of_items
     where b.code = new.code
       and (b.item_count, b.register_e4, b.ladder_e4, b.estimate_e4, b.prepaid_fen, b.arrear_fen)
         = (of_items.items, of_items.register_e4, of_items.ladder_e4, of_items.estimate_e4, of_items.prepaid_fen, of_items.arrear_fen)) then
    perform refuse(format('the items of opening batch %s do not come to its control totals', new.code));
  end if;
  return new;
end $$;
create trigger adds_up before insert on opening_batch_approval for each row execute function check_opening_totals();
