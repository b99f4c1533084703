-- Bills under tariffs of components (tariff/2), and what is agreed with an account beside its tariff. Writer: billing.

-- What a bill of fixed columns cannot hold. Lines are packed: one array per line, in the order of the bill, numbers as exact texts:
--   [component, slot, block, segment, from, to, quantity, unit, unitPrice, multiple, amountExact, amount, version, included]
-- bill.lines_sha256 is SHA-256 over these arrays as JSON without blanks, one to a line. `closing` is where blocks, months, demand history and
-- roundings stand after the bill: the opening of the account's next one.
create table component_bill (
  segment_id bigint not null,
  ordinal    integer not null,
  lines      jsonb not null check (jsonb_typeof(lines) = 'array'),
  closing    jsonb not null check (jsonb_typeof(closing) = 'object'),
  primary key (segment_id, ordinal)
);
comment on table component_bill is 'fact: the packed lines of a bill under a tariff of components, and the state that it leaves to the next one';
create trigger segment_is_open after insert on component_bill
  referencing new table as appended for each statement execute function refuse_closed_segment();

-- One row per line, for people and for proofs.
create view component_bill_line as
  select c.segment_id, c.ordinal, b.account_id, l.line_no, l.line ->> 0 as component, l.line ->> 1 as slot, (l.line ->> 2)::integer as block,
         (l.line ->> 3)::integer as segment, l.line ->> 4 as starts_at, l.line ->> 5 as ends_at, l.line ->> 6 as quantity, l.line ->> 7 as unit,
         l.line ->> 8 as unit_price, l.line ->> 9 as multiple, l.line ->> 10 as amount_exact, l.line ->> 11 as amount,
         (l.line ->> 12)::integer as version, (l.line ->> 13)::boolean as is_included
    from component_bill c
    join bill b using (segment_id, ordinal)
   cross join lateral jsonb_array_elements(c.lines) with ordinality as l (line, line_no);

-- A bill that comes to nothing is nobody's debt: it has no receivable. A bill under a tariff of components has its lines, and no other has.
create or replace function check_segment_bills(segment bigint, expected_bills integer) returns void language plpgsql as $$
declare
  stray text;
begin
  select case
    when (select count(*) from bill where segment_id = segment) <> expected_bills then 'the number of bills'
    when exists (select from bill b where b.segment_id = segment and not exists (select from account a where a.account_id = b.account_id))
      then 'a bill of an unknown account'
    when exists (select from bill b where b.segment_id = segment
                   and not exists (select from tariff_version v where (v.tariff_code, v.version) = (b.tariff_code, b.tariff_version)))
      then 'a bill under an unknown tariff version'
    when (select count(*) from receivable where segment_id = segment)
         <> (select count(*) from bill where segment_id = segment and amount_fen <> 0)
         or exists (select ordinal, account_id, amount_fen from bill where segment_id = segment and amount_fen <> 0
                    except select ordinal, account_id, amount_fen from receivable where segment_id = segment)
      then 'a receivable that is not its bill''s'
    when (select coalesce(sum(amount_fen), 0) from bill where segment_id = segment)
         <> (select coalesce(sum(amount), 0) from journal_entry e, unnest(e.ledger_numbers, e.amounts_fen) as leg (number, amount)
              where e.segment_id = segment and number = 1122)
      then 'what the entries make receivable'
    when exists (select ordinal, account_id from journal_entry where segment_id = segment
                 except select ordinal, account_id from bill where segment_id = segment)
      then 'an entry of no bill'
    when (select count(*) from component_bill where segment_id = segment)
         <> (select count(*) from bill where segment_id = segment
                and (tariff_code, tariff_version) in (select tariff_code, version from tariff_version where document ->> 'format' = 'tariff/2'))
         or exists (select ordinal from component_bill where segment_id = segment
                    except select ordinal from bill where segment_id = segment
                       and (tariff_code, tariff_version) in (select tariff_code, version from tariff_version where document ->> 'format' = 'tariff/2'))
      then 'lines of components that are not a bill''s'
  end into stray;
  if stray is not null then
    raise exception 'segment % does not hold together: %', segment, stray using errcode = 'check_violation';
  end if;
end $$;

grant select on component_bill, component_bill_line to shuangwu_billing, shuangwu_console, shuangwu_reader;
grant insert on component_bill to shuangwu_billing;
