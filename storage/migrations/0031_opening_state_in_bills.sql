-- What accounts bring along from the old books reaches the first bill, the ledger and collection.

-- A batch is approved whole. Since items come with it and never exceed its count, it stays whole, and nobody needs to count it again.
create function check_opening_is_whole() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from opening_batch b
              where b.code = new.code and b.item_count <> (select count(*) from opening_item i where i.batch = b.code)) then
    perform refuse(format('opening batch %s does not have all of its items', new.code));
  end if;
  return new;
end $$;
create trigger batch_is_whole before insert on opening_batch_approval for each row execute function check_opening_is_whole();

create or replace view opening_batch_in_force as
  select b.code, b.as_of, a.approved_at as in_force_at
    from opening_batch b
    cross join lateral (select approved_at from opening_batch_approval a where (a.code, a.sha256) = (b.code, b.sha256)
                         order by approved_at, approver offset 1 limit 1) a;

-- Estimates that the old books billed are taken off the first energy that was read:
--   determinant.energy_e4 = active_energy + relation_deducted + relation_share + fixed_quantity + opening_estimate.
alter table determinant_quantity drop constraint determinant_quantity_quantity_check;
alter table determinant_quantity add constraint determinant_quantity_quantity_check check (quantity in (
  'active_energy', 'export_energy', 'reactive_forward', 'reactive_reverse', 'reactive_combined1', 'reactive_combined2',
  'reactive_quadrant1', 'reactive_quadrant2', 'reactive_quadrant3', 'reactive_quadrant4', 'power_factor_active', 'power_factor_reactive',
  'demand_max', 'demand_reverse_max', 'loss_active', 'loss_reactive', 'relation_deducted', 'relation_share', 'fixed_quantity',
  'relation_common', 'interval_days', 'opening_estimate'));

create or replace function check_determinant_quantities() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  wrong bigint;
begin
  select q.account_id into wrong
    from (select account_id, sum(total_e4) filter (where quantity in
                   ('active_energy', 'relation_deducted', 'relation_share', 'fixed_quantity', 'opening_estimate')) as billed_e4
            from determinant_quantity where set_id = new.set_id group by account_id) q
    left join determinant d on (d.set_id, d.account_id) = (new.set_id, q.account_id)
   where d.account_id is null or d.energy_e4 <> q.billed_e4
   limit 1;
  if wrong is null then
    select d.account_id into wrong from determinant d
     where d.set_id = new.set_id and cardinality(d.meter_ids) = 0
       and not exists (select from determinant_quantity q where (q.set_id, q.account_id) = (d.set_id, d.account_id))
     limit 1;
  end if;
  if wrong is not null then
    raise exception 'determinant set %: the quantities of account % do not add up to what it is billed on', new.set_id, wrong using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- The money of a batch is one ledger segment, `opening:<batch>`: arrears are receivables with their own due dates, prepayments are owed to
-- the customer, and what both came from is the old books.
alter table ledger_segment drop constraint ledger_segment_kind_check;
alter table ledger_segment add constraint ledger_segment_kind_check check (kind in ('bills', 'cash', 'opening'));
alter table journal_entry drop constraint journal_entry_document_kind_check;
alter table journal_entry add constraint journal_entry_document_kind_check check (document_kind in ('bill', 'payment', 'opening'));
insert into ledger_account values (3001, '期初余额', 'Opening balances', 'credit');

alter table receivable add column old_bill text collate "C";
comment on column receivable.old_bill is 'of an arrear brought along: the bill of the old books';

create function check_opening_posting() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  stray text;
begin
  if not exists (select from ledger_segment where segment_id = new.segment_id and kind = 'opening') then
    return new;
  end if;
  with batch as (
    select f.code from ledger_segment l join opening_batch_in_force f on l.natural_key = 'opening:' || f.code
     where l.segment_id = new.segment_id),
  item as (
    select i.account_id, i.kind, i.due_date, i.bill, i.amount_fen from opening_item_in_force i join batch b on b.code = i.batch
     where i.kind in ('arrear', 'prepaid')),
  leg as (
    select e.account_id, l.number, l.amount_fen
      from journal_entry e cross join unnest(e.ledger_numbers, e.amounts_fen) as l (number, amount_fen) where e.segment_id = new.segment_id)
  select case
    when not exists (select from batch) then 'no batch in force'
    when exists (select account_id, due_date, bill, amount_fen from item where kind = 'arrear'
                 except all select account_id, due_date, old_bill, amount_fen from receivable where segment_id = new.segment_id)
         or (select count(*) from item where kind = 'arrear') <> (select count(*) from receivable where segment_id = new.segment_id)
      then 'other receivables'
    when exists (select account_id, amount_fen from item where kind = 'arrear' except all select account_id, amount_fen from leg where number = 1122)
         or exists (select account_id, -amount_fen from item where kind = 'prepaid' except all select account_id, amount_fen from leg where number = 2203)
         or (select count(*) from item) <> (select count(*) from leg where number <> 3001)
      then 'other entries'
  end into stray;
  if stray is not null then
    raise exception 'segment % is not what its opening batch says: %', new.segment_id, stray using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger is_as_approved before insert on segment_posting for each row execute function check_opening_posting();

-- Arrears of the old books are owed like bills, and have the name that the old books gave them.
create or replace view open_item as
  select r.segment_id, r.ordinal, r.account_id, i.first_number + r.ordinal as bill_number, r.due_date, r.amount_fen,
         r.amount_fen - coalesce((select sum(a.amount_fen) from payment_allocation a
           where (a.receivable_segment_id, a.receivable_ordinal) = (r.segment_id, r.ordinal)), 0)::bigint as open_fen,
         coalesce((i.first_number + r.ordinal)::text, l.natural_key || ':' || r.old_bill) as bill
    from receivable r
    join segment_posting p using (segment_id)
    left join ledger_segment l using (segment_id)
    left join segment_issue i using (segment_id);

grant select on opening_batch_in_force to shuangwu_billing;
