-- What a close asks of whole shards, asked in one pass each. No rule changes: what was refused is refused, what was let in is let in.

-- As before, but an entry of two to six legs, which is nearly every one, is judged by an expression that the server works into the CHECK:
-- calling a function for each entry took as long as writing it. What the expression does not say yes to goes the long way.
create function entry_legs_balance(account_numbers integer[], amounts_fen bigint[]) returns boolean language plpgsql immutable as $$
declare
  legs integer := cardinality(amounts_fen);
  total numeric := 0;
  amount bigint;
begin
  if account_numbers is null or amounts_fen is null
     or array_ndims(account_numbers) is distinct from 1 or array_ndims(amounts_fen) is distinct from 1
     or cardinality(account_numbers) <> legs or legs not between 2 and 16
     or array_position(account_numbers, null) is not null then
    return false;
  end if;
  foreach amount in array amounts_fen loop
    if amount is null or amount = 0 then
      return false;
    end if;
    total := total + amount;
  end loop;
  return total = 0;
end $$;

-- Amounts below 10^18 cannot leave int8 when six of them are added up.
create or replace function entry_is_balanced(account_numbers integer[], amounts_fen bigint[]) returns boolean language sql immutable as $$
  select case
    when cardinality(amounts_fen) between 2 and 6 and cardinality(account_numbers) = cardinality(amounts_fen)
     and array_ndims(amounts_fen) = 1 and array_ndims(account_numbers) = 1 and array_lower(amounts_fen, 1) = 1
     and least(amounts_fen[1], amounts_fen[2], amounts_fen[3], amounts_fen[4], amounts_fen[5], amounts_fen[6]) > -1000000000000000000
     and greatest(amounts_fen[1], amounts_fen[2], amounts_fen[3], amounts_fen[4], amounts_fen[5], amounts_fen[6]) < 1000000000000000000
     and amounts_fen[1] + amounts_fen[2] + coalesce(amounts_fen[3], 0) + coalesce(amounts_fen[4], 0) + coalesce(amounts_fen[5], 0)
         + coalesce(amounts_fen[6], 0) = 0
     and array_position(amounts_fen, 0) is null and array_position(amounts_fen, null) is null
     and array_position(account_numbers, null) is null
    then true
    else entry_legs_balance(account_numbers, amounts_fen)
  end
$$;

-- A statement appends to one segment as a rule; then its rows are looked through once.
create or replace function refuse_closed_segment() returns trigger language plpgsql as $$
declare
  first_id bigint;
  last_id bigint;
begin
  select min(segment_id), max(segment_id) into first_id, last_id from appended;
  if exists (select from (select segment_id from segment_issue union all select segment_id from segment_posting) closed
              where segment_id between first_id and last_id
                and (first_id = last_id or segment_id in (select segment_id from appended))) then
    raise exception 'a closed segment takes no further rows of %', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace function refuse_closed_set() returns trigger language plpgsql as $$
declare
  first_id bigint;
  last_id bigint;
begin
  select min(set_id), max(set_id) into first_id, last_id from appended;
  if exists (select from determinant_set where set_id between first_id and last_id
                and (first_id = last_id or set_id in (select set_id from appended))) then
    raise exception 'a determinant set that is closed takes no further rows of %', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $$;

-- Bills, receivables and entries are walked together in the order of their common key, with no plan that takes a segment which nobody
-- has counted yet for a single row: a nested loop over 20 000 of them takes minutes. Accounts of a shard lie in the shard's range.
create or replace function check_segment_bills(segment bigint, expected_bills integer) returns void language plpgsql
  set enable_nestloop = off set enable_sort = off as $$
declare
  found record;
  stray text;
begin
  with tariff as materialized (
    select tariff_code, version, coalesce(document ->> 'format' = 'tariff/2', false) as by_components from tariff_version),
  by_tariff as (
    select b.tariff_code, b.tariff_version, count(*) as bills, count(a.account_id) as known, count(*) filter (where b.amount_fen <> 0) as owed,
           count(*) filter (where b.amount_fen <> 0 and r.account_id = b.account_id and r.amount_fen = b.amount_fen) as receivables,
           count(*) filter (where e.account_id = b.account_id) as entries, sum(b.amount_fen) as amount_fen,
           -- An entry has its receivable in front, and only there; of another one the legs are looked through.
           sum(case when e.ledger_numbers[1] = 1122 and array_position(e.ledger_numbers, 1122, 2) is null then e.amounts_fen[1]
                    when e.ordinal is not null then
                      (select sum(fen)::bigint from unnest(e.ledger_numbers, e.amounts_fen) leg (number, fen) where number = 1122)
               end) as receivable_fen
      from bill b
      left join receivable r on r.segment_id = segment and r.ordinal = b.ordinal
      left join journal_entry e on e.segment_id = segment and e.ordinal = b.ordinal
      left join account a on a.account_id = b.account_id
       and a.account_id between (select first_account_id from run_segment where segment_id = segment)
                            and (select last_account_id from run_segment where segment_id = segment)
     where b.segment_id = segment
     group by b.tariff_code, b.tariff_version)
  select coalesce(sum(t.bills), 0) as bills, coalesce(sum(t.known), 0) as known, coalesce(sum(t.owed), 0) as owed,
         coalesce(sum(t.receivables), 0) as receivables, coalesce(sum(t.entries), 0) as entries, coalesce(sum(t.amount_fen), 0) as amount_fen,
         coalesce(sum(t.receivable_fen), 0) as receivable_fen,
         coalesce(bool_and(v.tariff_code is not null), true) as tariffs_known,
         coalesce(sum(t.bills) filter (where v.by_components), 0) as by_components
    into found
    from by_tariff t left join tariff v on (v.tariff_code, v.version) = (t.tariff_code, t.tariff_version);
  select case
    when found.bills <> expected_bills then 'the number of bills'
    when found.known <> found.bills
     and exists (select from bill b where b.segment_id = segment and not exists (select from account a where a.account_id = b.account_id))
      then 'a bill of an unknown account'
    when not found.tariffs_known then 'a bill under an unknown tariff version'
    when found.receivables <> found.owed or (select count(*) from receivable where segment_id = segment) <> found.owed
      then 'a receivable that is not its bill''s'
    when found.amount_fen <> found.receivable_fen then 'what the entries make receivable'
    when (select count(*) from journal_entry where segment_id = segment) <> found.entries then 'an entry of no bill'
    when (select count(*) from component_bill where segment_id = segment) <> found.by_components
         or found.by_components > 0
        and exists (select ordinal from component_bill where segment_id = segment
                    except select ordinal from bill where segment_id = segment
                       and (tariff_code, tariff_version) in (select tariff_code, version from tariff_version where document ->> 'format' = 'tariff/2'))
      then 'lines of components that are not a bill''s'
  end into stray;
  if stray is not null then
    raise exception 'segment % does not hold together: %', segment, stray using errcode = 'check_violation';
  end if;
end $$;

-- What has been issued is of known accounts already and takes no further rows, so entries of bills are not asked again. Entries have few
-- different lists of ledger accounts.
create or replace function check_segment_entries() returns trigger language plpgsql as $$
declare
  segment_kind text;
  entries bigint;
  strange boolean;
  stray text;
begin
  select kind into segment_kind from ledger_segment where segment_id = new.segment_id;
  select coalesce(sum(l.entries), 0), coalesce(bool_or(exists (
           select from unnest(l.ledger_numbers) leg (number) where not exists (select from ledger_account a where a.account_number = number))), false)
    into entries, strange
    from (select ledger_numbers, count(*) as entries from journal_entry where segment_id = new.segment_id group by ledger_numbers) l;
  select case
    when entries <> new.entry_count then 'the number of entries'
    when segment_kind = 'bills' and not exists (select from segment_issue where segment_id = new.segment_id) then 'bills that are not issued'
    when segment_kind <> 'bills'
     and exists (select from journal_entry e where e.segment_id = new.segment_id and e.account_id is not null
                   and not exists (select from account a where a.account_id = e.account_id))
      then 'an entry of an unknown account'
    when strange then 'a leg outside the chart of accounts'
  end into stray;
  if stray is not null then
    raise exception 'segment % does not hold the entries it would post: %', new.segment_id, stray using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- As before, by hashing or merging also where nobody has counted the set yet.
alter function check_determinant_set() set enable_nestloop = off;

-- Nobody looks for a value inside a packed column, so nothing is known of them either: while a close fills the tables, the server counts
-- elements of arrays every few seconds, which takes as long as a third of writing the rows.
alter table determinant
  alter column meter_ids set statistics 0, alter column multipliers set statistics 0,
  alter column start_reads set statistics 0, alter column end_reads set statistics 0;
alter table bill
  alter column line_component set statistics 0, alter column line_slot set statistics 0, alter column line_block set statistics 0,
  alter column line_quantity_e4 set statistics 0, alter column line_price_e8 set statistics 0, alter column line_fen set statistics 0,
  alter column lines_sha256 set statistics 0;
alter table journal_entry
  alter column ledger_numbers set statistics 0, alter column amounts_fen set statistics 0;
