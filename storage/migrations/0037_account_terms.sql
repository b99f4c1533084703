-- What is agreed with an account beside its tariff, as rating asks for it (计费约定): contracted kW, a household of five, whether time of use
-- applies, transformers with their states. Each revision is the whole timeline, with the dates inside the document. Writer: billing.
create table account_terms (
  account_id  bigint not null references account,
  revision    integer not null check (revision > 0),
  document    jsonb not null,
  sha256      bytea not null check (length(sha256) = 32),
  recorded_at timestamptz not null,
  actor_id    text collate "C" not null references actor,
  reason      text not null check (reason <> ''),
  primary key (account_id, revision)
);
comment on table account_terms is 'fact: the dated facts and equipment that an account is rated by; the last revision that was known counts';
create trigger acts_now before insert on account_terms for each row execute function check_author('actor_id', 'recorded_at');

-- Dated facts of the registry and readings beside the energies are what rating by components asks for.
grant select on account_terms to shuangwu_billing, shuangwu_console, shuangwu_reader;
grant insert on account_terms to shuangwu_billing;
