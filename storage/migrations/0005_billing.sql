-- Tariffs, runs, bills, ledger, receivables, cash. Writer: billing. Money in fen; prices e8; energies kWh e4.

create table tariff_version (
  tariff_code text collate "C" not null,
  version     integer not null check (version > 0),
  valid_from  date not null,
  valid_to    date,
  document    jsonb not null,
  sha256      bytea not null check (length(sha256) = 32),
  author      text collate "C" not null references actor,
  recorded_at timestamptz not null,
  primary key (tariff_code, version),
  check (valid_from < valid_to)
);
comment on table tariff_version is 'fact: a published tariff as data, valid over [valid_from, valid_to)';

create table tariff_signature (
  tariff_code text collate "C" not null,
  version     integer not null,
  actor_id    text collate "C" not null references actor,
  signed_at   timestamptz not null,
  primary key (tariff_code, version, actor_id),
  foreign key (tariff_code, version) references tariff_version
);
comment on table tariff_signature is 'fact: an approval of a tariff version; a run uses only versions with two';

create function check_tariff_signature() returns trigger language plpgsql as $$
begin
  if exists (select from tariff_version v where (v.tariff_code, v.version) = (new.tariff_code, new.version) and v.author = new.actor_id) then
    raise exception 'the author % of tariff % version % may not sign it', new.actor_id, new.tariff_code, new.version using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger author_may_not_sign before insert on tariff_signature for each row execute function check_tariff_signature();

create table billing_run (
  run_id          text collate "C" primary key,
  organisation_id bigint not null references organisation,
  period_start    timestamptz not null,
  period_end      timestamptz not null,
  set_id          bigint not null references determinant_set,
  state           text not null check (state in ('frozen', 'dry_run', 'reviewed', 'issued', 'posted', 'locked')),
  changed_at      timestamptz not null
);
comment on table billing_run is 'state: one billing run of an organisation and period; writer billing, events in billing_run_event';
create table billing_run_event (
  run_id      text collate "C" not null references billing_run,
  ordinal     integer not null check (ordinal > 0),
  state       text not null,
  actor_id    text collate "C" not null references actor,
  recorded_at timestamptz not null,
  primary key (run_id, ordinal)
);
comment on table billing_run_event is 'fact: each step of a billing run, with who took it';

-- What the run froze: the determinant set's digest and the tariff versions in force, under one hash.
create table run_manifest (
  run_id          text collate "C" primary key references billing_run,
  document        jsonb not null,
  sha256          bytea not null check (length(sha256) = 32),
  recorded_at     timestamptz not null
);
comment on table run_manifest is 'fact: everything a run depends on; the same manifest gives the same bills';

-- A batch of journal entries made visible at once: a shard of a run, or a day of cash.
create table ledger_segment (
  segment_id  bigint primary key,
  natural_key text collate "C" not null unique,
  kind        text not null check (kind in ('bills', 'cash')),
  recorded_at timestamptz not null
);
comment on table ledger_segment is 'fact: a batch of journal entries under one natural key';

-- Shards: at most 20 000 accounts of one organisation, ordered by account.
create table run_segment (
  segment_id       bigint primary key references ledger_segment,
  run_id           text collate "C" not null references billing_run,
  segment_no       integer not null,
  first_account_id bigint not null,
  last_account_id  bigint not null,
  account_count    integer not null check (account_count between 1 and 20000),
  unique (run_id, segment_no)
);
comment on table run_segment is 'fact: one shard of a run';

-- A dry run leaves only this: digest, totals and exceptions. Issue must reproduce the digest.
create table segment_result (
  segment_id      bigint not null references run_segment,
  attempt         integer not null check (attempt > 0),
  bill_count      integer not null,
  exception_count integer not null,
  energy_e4       bigint not null,
  amount_fen      bigint not null,
  digest          bytea not null check (length(digest) = 32),
  recorded_at     timestamptz not null,
  primary key (segment_id, attempt)
);
comment on table segment_result is 'fact: what a dry run of a segment came to';

create table run_exception (
  run_id      text collate "C" not null references billing_run,
  account_id  bigint not null references account,
  code        text not null,
  detail      text not null,
  recorded_at timestamptz not null,
  primary key (run_id, account_id)
);
comment on table run_exception is 'fact: an account that gets no bill from this run, and why';

create table segment_review (
  segment_id  bigint primary key references run_segment,
  digest      bytea not null,
  reviewed_by text collate "C" not null references actor,
  reviewed_at timestamptz not null
);
comment on table segment_review is 'fact: the review (应收审核) of a segment: the reviewer accepted exactly this digest';

-- Four eyes: whoever prepared a run may not review it.
create function check_segment_review() returns trigger language plpgsql as $$
begin
  if exists (select from run_segment s join billing_run_event e using (run_id)
              where s.segment_id = new.segment_id and e.state in ('frozen', 'dry_run') and e.actor_id = new.reviewed_by) then
    raise exception 'segment % was prepared by %, who may not review it', new.segment_id, new.reviewed_by using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger prepared_by_another before insert on segment_review for each row execute function check_segment_review();

create table segment_issue (
  segment_id   bigint primary key references run_segment,
  issued_by    text collate "C" not null references actor,
  issued_at    timestamptz not null,
  first_number bigint not null,
  bill_count   integer not null,
  digest       bytea not null
);
comment on table segment_issue is 'fact: the issue (发行) of a segment; its bills exist for others from here on';

-- Four eyes: whoever reviewed may not issue.
create function check_segment_issue() returns trigger language plpgsql as $$
declare
  review segment_review;
begin
  select * into review from segment_review where segment_id = new.segment_id;
  if not found then
    raise exception 'segment % has no review', new.segment_id using errcode = 'check_violation';
  end if;
  if review.reviewed_by = new.issued_by then
    raise exception 'segment % was reviewed by %, who may not issue it', new.segment_id, new.issued_by using errcode = 'check_violation';
  end if;
  if review.digest <> new.digest then
    raise exception 'segment % would issue other bills than were reviewed', new.segment_id using errcode = 'check_violation';
  end if;
  perform check_segment_bills(new.segment_id, new.bill_count);
  return new;
end $$;
create trigger reviewed_by_another before insert on segment_issue for each row execute function check_segment_issue();

-- Bill numbers run without gaps per organisation and year; the row is the lock under which a block is taken.
create table bill_number_lock (
  organisation_id bigint not null references organisation,
  year            integer not null,
  next_number     bigint not null check (next_number > 0),
  primary key (organisation_id, year)
);
comment on table bill_number_lock is 'state: next bill number; each block taken is recorded by segment_issue';

-- Bills, receivables and entries carry no foreign keys: seven look-ups a bill cost three times the row itself (ADR 0008). What the keys
-- would prove is proved for the whole segment at once, when it is issued and when it is posted; a closed segment takes nothing more.
-- Lines are packed: element i of each array is line i. Components and slots as in domain/bill.ts.
create table bill (
  segment_id       bigint not null,
  ordinal          integer not null check (ordinal >= 0),
  account_id       bigint not null,
  period_start     timestamptz not null,
  period_end       timestamptz not null,
  energy_e4        bigint not null,
  amount_fen       bigint not null,
  ladder_energy_e4 bigint not null,
  estimated        boolean not null,
  line_component   smallint[] not null,
  line_slot        smallint[] not null,
  line_block       smallint[] not null,
  line_quantity_e4 bigint[] not null,
  line_price_e8    bigint[] not null,
  line_fen         bigint[] not null,
  tariff_code      text collate "C" not null,
  tariff_version   integer not null,
  lines_sha256     bytea not null check (length(lines_sha256) = 32),
  primary key (segment_id, ordinal),
  unique (account_id, period_start)
);
comment on table bill is 'fact: a bill with its packed lines; its number is first_number of segment_issue + ordinal';

create table receivable (
  segment_id bigint not null,
  ordinal    integer not null,
  account_id bigint not null,
  due_date   date not null,
  amount_fen bigint not null,
  primary key (segment_id, ordinal)
);
comment on table receivable is 'fact: the open item (应收) a bill became at issue';
create index on receivable (account_id);

create table ledger_account (
  account_number integer primary key,
  name_zh        text not null,
  name_en        text not null,
  normal_side    text not null check (normal_side in ('debit', 'credit'))
);
comment on table ledger_account is 'fact: chart of accounts; written by migrations only';
insert into ledger_account values
  (1002, '银行存款', 'Bank', 'debit'),
  (1012, '在途资金', 'Cash in transit', 'debit'),
  (1122, '应收电费', 'Electricity receivable', 'debit'),
  (2203, '预收电费', 'Prepaid electricity', 'credit'),
  (2221, '应交税费—销项税额', 'Output VAT', 'credit'),
  (2241, '应付代征基金—农网还贷', 'Rural grid loan fund', 'credit'),
  (2242, '应付代征基金—水库移民', 'Reservoir resettlement fund', 'credit'),
  (2243, '应付代征基金—可再生能源', 'Renewable energy fund', 'credit'),
  (2299, '待处理不明款', 'Unidentified receipts', 'credit'),
  (6001, '主营业务收入—售电', 'Electricity sales revenue', 'credit');

-- Debits positive, credits negative. One call instead of several checks, so that one place states what an entry is.
create function entry_is_balanced(account_numbers integer[], amounts_fen bigint[]) returns boolean language plpgsql immutable as $$
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

create table journal_entry (
  segment_id     bigint not null,
  ordinal        integer not null check (ordinal >= 0),
  effective_date date not null,
  document_kind  text not null check (document_kind in ('bill', 'payment')),
  account_id     bigint,
  ledger_numbers integer[] not null,
  amounts_fen    bigint[] not null,
  primary key (segment_id, ordinal),
  constraint entry_balanced check (entry_is_balanced(ledger_numbers, amounts_fen))
);
comment on table journal_entry is 'fact: one double-entry posting with all its legs; never changed, corrected by another entry';

-- Every bill of a segment is of a known account under a known tariff version, and has its receivable; entries are those of bills.
-- Compared by EXCEPT and not by joins: to a planner that has not seen the segment yet it has one row, and a nested loop over 20 000 of
-- them takes minutes.
create function check_segment_bills(segment bigint, expected_bills integer) returns void language plpgsql as $$
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
    when (select count(*) from receivable where segment_id = segment) <> expected_bills
         or exists (select ordinal, account_id, amount_fen from bill where segment_id = segment
                    except select ordinal, account_id, amount_fen from receivable where segment_id = segment)
      then 'a receivable that is not its bill''s'
    when (select coalesce(sum(amount_fen), 0) from bill where segment_id = segment)
         <> (select coalesce(sum(amount), 0) from journal_entry e, unnest(e.ledger_numbers, e.amounts_fen) as leg (number, amount)
              where e.segment_id = segment and number = 1122)
      then 'what the entries make receivable'
    when exists (select ordinal, account_id from journal_entry where segment_id = segment
                 except select ordinal, account_id from bill where segment_id = segment)
      then 'an entry of no bill'
  end into stray;
  if stray is not null then
    raise exception 'segment % does not hold together: %', segment, stray using errcode = 'check_violation';
  end if;
end $$;

-- Makes a segment's entries visible. The chain names the posting before it.
create table segment_posting (
  segment_id   bigint primary key references ledger_segment,
  posted_by    text collate "C" not null references actor,
  posted_at    timestamptz not null,
  chain_no     bigint not null unique check (chain_no > 0),
  entry_count  integer not null,
  chain_sha256 bytea not null unique check (length(chain_sha256) = 32)
);
comment on table segment_posting is 'fact: the posting of a segment; chain_sha256 covers its entries and the posting before';

-- What an issue or a posting has counted stays as it was counted.
create function refuse_closed_segment() returns trigger language plpgsql as $$
begin
  if exists (select from segment_issue where segment_id in (select segment_id from appended))
     or exists (select from segment_posting where segment_id in (select segment_id from appended)) then
    raise exception 'a closed segment takes no further rows of %', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger segment_is_open after insert on bill
  referencing new table as appended for each statement execute function refuse_closed_segment();
create trigger segment_is_open after insert on receivable
  referencing new table as appended for each statement execute function refuse_closed_segment();
create trigger segment_is_open after insert on journal_entry
  referencing new table as appended for each statement execute function refuse_closed_segment();

-- Bills are posted only once they are issued; every leg is on an account of the chart.
create function check_segment_entries() returns trigger language plpgsql as $$
declare
  stray text;
begin
  select case
    when (select count(*) from journal_entry where segment_id = new.segment_id) <> new.entry_count then 'the number of entries'
    when (select kind from ledger_segment where segment_id = new.segment_id) = 'bills'
         and not exists (select from segment_issue where segment_id = new.segment_id)
      then 'bills that are not issued'
    when exists (select from journal_entry e where e.segment_id = new.segment_id and e.account_id is not null
                   and not exists (select from account a where a.account_id = e.account_id))
      then 'an entry of an unknown account'
    when exists (select from journal_entry e, unnest(e.ledger_numbers) as leg (number)
                  where e.segment_id = new.segment_id and not exists (select from ledger_account l where l.account_number = number))
      then 'a leg outside the chart of accounts'
  end into stray;
  if stray is not null then
    raise exception 'segment % does not hold the entries it would post: %', new.segment_id, stray using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger holds_together before insert on segment_posting for each row execute function check_segment_entries();

create table segment_balance (
  segment_id     bigint not null references segment_posting,
  account_number integer not null references ledger_account,
  debit_fen      numeric(30, 0) not null check (debit_fen >= 0),
  credit_fen     numeric(30, 0) not null check (credit_fen >= 0),
  primary key (segment_id, account_number)
);
comment on table segment_balance is 'fact: a segment''s totals per ledger account, written with its posting; reports read these';

create table ledger_lock (
  singleton boolean primary key default true check (singleton)
);
comment on table ledger_lock is 'state: taken while a posting takes its place in the chain; holds nothing';
insert into ledger_lock default values;

create table payment (
  channel            text collate "C" not null,
  provider_reference text collate "C" not null,
  account_id         bigint references account,
  amount_fen         bigint not null check (amount_fen > 0),
  paid_at            timestamptz not null,
  segment_id         bigint not null references ledger_segment,
  ordinal            integer not null,
  recorded_at        timestamptz not null,
  primary key (channel, provider_reference)
);
comment on table payment is 'fact: money a channel reported; account null = unidentified, in suspense';
create index on payment (account_id);

create table payment_allocation (
  channel               text collate "C" not null,
  provider_reference    text collate "C" not null,
  receivable_segment_id bigint not null,
  receivable_ordinal    integer not null,
  amount_fen            bigint not null check (amount_fen > 0),
  primary key (channel, provider_reference, receivable_segment_id, receivable_ordinal),
  foreign key (channel, provider_reference) references payment,
  foreign key (receivable_segment_id, receivable_ordinal) references receivable
);
comment on table payment_allocation is 'fact: which receivable a payment cleared, and how much of it';
create index on payment_allocation (receivable_segment_id, receivable_ordinal);

create function refuse_over_allocation() returns trigger language plpgsql as $$
begin
  if exists (select from (select distinct receivable_segment_id, receivable_ordinal from appended) touched
               join receivable r on (r.segment_id, r.ordinal) = (touched.receivable_segment_id, touched.receivable_ordinal)
              where r.amount_fen < (select sum(a.amount_fen) from payment_allocation a
                where (a.receivable_segment_id, a.receivable_ordinal) = (r.segment_id, r.ordinal))) then
    raise exception 'a receivable would be cleared by more than it amounts to' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger no_over_allocation after insert on payment_allocation
  referencing new table as appended for each statement execute function refuse_over_allocation();

-- Open items as of now; only issued and posted segments exist for others.
create view open_item as
  select r.segment_id, r.ordinal, r.account_id, i.first_number + r.ordinal as bill_number, r.due_date, r.amount_fen,
         r.amount_fen - coalesce((select sum(a.amount_fen) from payment_allocation a
           where (a.receivable_segment_id, a.receivable_ordinal) = (r.segment_id, r.ordinal)), 0)::bigint as open_fen
    from receivable r
    join segment_issue i using (segment_id)
    join segment_posting p using (segment_id);

create view trial_balance as
  select b.account_number, l.name_zh, l.name_en, sum(b.debit_fen) as debit_fen, sum(b.credit_fen) as credit_fen
    from segment_balance b join ledger_account l using (account_number)
   group by b.account_number, l.name_zh, l.name_en;

-- One row per line, for people and for proofs.
create view bill_line as
  select b.segment_id, b.ordinal, b.account_id, l.line_no, l.component, l.slot, l.block, l.quantity_e4, l.price_e8, l.amount_fen
    from bill b
   cross join lateral unnest(b.line_component, b.line_slot, b.line_block, b.line_quantity_e4, b.line_price_e8, b.line_fen)
         with ordinality as l (component, slot, block, quantity_e4, price_e8, amount_fen, line_no);

grant select on tariff_version, tariff_signature, billing_run, billing_run_event, run_manifest, ledger_segment, run_segment, segment_result,
  run_exception, segment_review, segment_issue, bill_number_lock, bill, receivable, ledger_account, journal_entry, segment_posting,
  segment_balance, ledger_lock, payment, payment_allocation, open_item, trial_balance, bill_line
  to shuangwu_billing, shuangwu_console, shuangwu_reader;
grant insert on tariff_version, tariff_signature, billing_run, billing_run_event, run_manifest, ledger_segment, run_segment, segment_result,
  run_exception, segment_review, segment_issue, bill_number_lock, bill, receivable, journal_entry, segment_posting,
  segment_balance, payment, payment_allocation to shuangwu_billing;
grant update on billing_run, bill_number_lock, ledger_lock to shuangwu_billing;
-- Collection sees what is owed, nothing else of billing.
grant select on open_item to shuangwu_dunning;
-- The ladder of an account's next determinants continues where its last bill ended.
