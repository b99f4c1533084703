-- Lines of accounts that are rated by their interval days. Writer: billing (ADR 0026).

-- A determinant set under certain tariff versions is rated once, however often it is begun. tariffs: code, version and SHA-256 of each
-- document, with the names behind the numbers that lines carry.
create table interval_rating (
  rating_id      bigint generated always as identity primary key,
  set_id         bigint not null references determinant_set,
  tariffs_sha256 bytea not null check (length(tariffs_sha256) = 32),
  tariffs        jsonb not null check (jsonb_typeof(tariffs) = 'array'),
  recorded_at    timestamptz not null,
  actor_id       text collate "C" not null references actor,
  unique (set_id, tariffs_sha256)
);
comment on table interval_rating is 'fact: the accounts of a determinant set with interval days, rated under these tariff versions';

-- Written in one transaction with its lines and exceptions. result_sha256: over the digests of the accounts' lines, in order.
create table interval_rating_shard (
  rating_id        bigint not null references interval_rating,
  first_account_id bigint not null,
  last_account_id  bigint not null,
  account_count    integer not null,
  charged_count    integer not null,
  parked_count     integer not null,
  energy_e4        numeric not null,
  amount_fen       numeric not null,
  result_sha256    bytea not null check (length(result_sha256) = 32),
  recorded_at      timestamptz not null,
  primary key (rating_id, first_account_id),
  check (first_account_id <= last_account_id),
  check (account_count = charged_count + parked_count)
);
comment on table interval_rating_shard is 'fact: a shard of such a rating is complete, with what it came to';

-- Lines are packed: element i of each array is line i, numbered by the names in interval_rating.tariffs. Price 0: each interval had its own.
-- No foreign keys: what they would prove is proved for the shard (ADR 0008).
create table interval_charge (
  rating_id        bigint not null,
  account_id       bigint not null,
  tariff_code      text collate "C" not null,
  tariff_version   integer not null,
  period_start     timestamptz not null,
  period_end       timestamptz not null,
  energy_e4        bigint not null,
  amount_fen       bigint not null,
  line_component   smallint[] not null,
  line_slot        smallint[] not null,
  line_quantity_e4 bigint[] not null,
  line_price_e8    bigint[] not null,
  line_fen         bigint[] not null,
  lines_sha256     bytea not null check (length(lines_sha256) = 32),
  primary key (rating_id, account_id)
);
comment on table interval_charge is 'fact: the lines of an account rated by its interval days';

create table interval_exception (
  rating_id  bigint not null,
  account_id bigint not null,
  code       text not null,
  detail     text not null,
  primary key (rating_id, account_id)
);
comment on table interval_exception is 'fact: an account with interval days that could not be rated by them, and why';

create view interval_charge_line as
  select c.rating_id, r.set_id, c.account_id, c.tariff_code, c.tariff_version, line.ordinal,
         kind.value ->> 'code' as component, kind.value -> 'slots' ->> line.slot as slot,
         line.quantity_e4::numeric / 10000 as quantity_kwh, nullif(line.price_e8, 0)::numeric / 100000000 as price,
         line.fen::numeric / 100 as amount
    from interval_charge c
    join interval_rating r using (rating_id)
   cross join lateral unnest(c.line_component, c.line_slot, c.line_quantity_e4, c.line_price_e8, c.line_fen)
         with ordinality line (component, slot, quantity_e4, price_e8, fen, ordinal)
   cross join lateral (select t.value -> 'components' -> line.component::integer as value from jsonb_array_elements(r.tariffs) t
                        where t.value ->> 'code' = c.tariff_code and (t.value ->> 'version')::integer = c.tariff_version) kind;

grant select on interval_day to shuangwu_billing;
grant select on interval_rating, interval_rating_shard, interval_charge, interval_exception, interval_charge_line
  to shuangwu_billing, shuangwu_console, shuangwu_reader;
grant insert on interval_rating, interval_rating_shard, interval_charge, interval_exception to shuangwu_billing;
