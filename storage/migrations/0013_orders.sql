-- What is to be written to a meter, who approved it, that it was used, and what came of it. Writers: console for orders, approvals,
-- rules and credentials; headend for uses and results. Nothing is written to a meter without a row of meter_order_use or
-- standing_order_use that was committed before (ADR 0011).

-- How many people must approve, and how long an order may stay valid. The product ships the first revisions; two people are the
-- least for what can cut supply or move energy between tariffs, whatever a later revision says.
create table meter_order_rule (
  kind            text collate "C" not null check (kind ~ '^[a-z_]+$'),
  revision        integer not null check (revision > 0),
  approvals       integer not null check (approvals between 1 and 5),
  longest_minutes integer not null check (longest_minutes between 1 and 43200),
  recorded_at     timestamptz not null,
  actor_id        text collate "C" references actor,
  primary key (kind, revision),
  check (approvals >= 2 or kind not in ('relay_permit_close', 'tariff_table', 'tariff_switch')),
  check (revision = 1 or actor_id is not null)
);
comment on table meter_order_rule is 'fact: approvals and longest validity of a kind of order; the latest revision holds';
insert into meter_order_rule (kind, revision, approvals, longest_minutes, recorded_at) values
  ('set_clock', 1, 1, 4320, 'epoch'),
  ('tariff_table', 1, 2, 10080, 'epoch'),
  ('tariff_switch', 1, 2, 10080, 'epoch'),
  ('relay_permit_close', 1, 2, 1440, 'epoch'),
  ('event_reset', 1, 1, 4320, 'epoch'),
  ('freeze', 1, 1, 1440, 'epoch');

create function meter_order_rule_as_of(order_kind text, known_at timestamptz) returns setof meter_order_rule language sql stable as $$
  select * from meter_order_rule where kind = order_kind and recorded_at <= known_at order by revision desc limit 1
$$;

-- Passwords and operator codes of meters under AES-256-GCM; the key is in a file of the head-end, never here.
create table meter_credential (
  credential_code text collate "C" not null check (credential_code ~ '^[a-z0-9-]{1,40}$'),
  version         integer not null check (version > 0),
  nonce           bytea not null check (octet_length(nonce) = 12),
  cipher_text     bytea not null,
  tag             bytea not null check (octet_length(tag) = 16),
  actor_id        text collate "C" not null references actor,
  recorded_at     timestamptz not null,
  primary key (credential_code, version)
);
comment on table meter_credential is 'fact: a sealed password with its operator code; the latest version holds';

create table meter_order (
  order_id              uuid primary key,
  meter_id              bigint not null references meter,
  -- The address at which the author knew the meter; broadcast and wildcards are no meter.
  communication_address text collate "C" not null check (communication_address ~ '^[0-9]{12}$' and communication_address <> '999999999999'),
  kind                  text collate "C" not null,
  parameters            jsonb not null,
  credential_code       text collate "C",
  reason                text not null check (length(reason) between 1 and 400),
  author                text collate "C" not null references actor,
  not_before            timestamptz not null,
  expires_at            timestamptz not null,
  order_digest          bytea not null check (octet_length(order_digest) = 32),
  recorded_at           timestamptz not null,
  check (not_before < expires_at)
);
comment on table meter_order is 'fact: exactly what is to be written to which meter, until when and why';
create index on meter_order (meter_id);

create function check_meter_order() returns trigger language plpgsql as $$
declare
  longest integer;
begin
  select longest_minutes into longest from meter_order_rule_as_of(new.kind, new.recorded_at);
  if longest is null then
    raise exception 'no rule says who approves orders of kind %', new.kind using errcode = 'check_violation';
  end if;
  if new.expires_at - new.not_before > longest * interval '1 minute' then
    raise exception 'an order of kind % is valid for % minutes at most', new.kind, longest using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger kind_has_a_rule before insert on meter_order for each row execute function check_meter_order();

create table meter_order_approval (
  order_id     uuid not null references meter_order,
  approver     text collate "C" not null references actor,
  -- What the approver saw.
  order_digest bytea not null,
  approved_at  timestamptz not null,
  primary key (order_id, approver)
);
comment on table meter_order_approval is 'fact: a person other than the author approved an order';

create function check_meter_order_approval() returns trigger language plpgsql as $$
begin
  if not exists (select from meter_order o where o.order_id = new.order_id and o.order_digest = new.order_digest) then
    raise exception 'order % is not what was approved', new.order_id using errcode = 'check_violation';
  end if;
  if exists (select from meter_order o where o.order_id = new.order_id and o.author = new.approver) then
    raise exception 'the author % of order % may not approve it', new.approver, new.order_id using errcode = 'check_violation';
  end if;
  if not exists (select from actor a where a.actor_id = new.approver and a.kind = 'person') then
    raise exception 'order % is approved by people; % is none', new.order_id, new.approver using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger author_may_not_approve before insert on meter_order_approval for each row execute function check_meter_order_approval();

-- Committed before the first byte leaves: a process that dies in between leaves a use without a frame, never a frame without a use.
create table meter_order_use (
  order_id      uuid primary key references meter_order,
  line_id       bigint not null references line,
  node          text not null,
  fencing_token bigint not null,
  used_at       timestamptz not null
);
comment on table meter_order_use is 'fact: an order was used; its key makes that happen once';

create function check_meter_order_use() returns trigger language plpgsql as $$
declare
  used meter_order;
  needed integer;
  given bigint;
begin
  select * into strict used from meter_order o where o.order_id = new.order_id;
  select approvals into needed from meter_order_rule_as_of(used.kind, new.used_at);
  select count(*) into given from meter_order_approval a
   where a.order_id = new.order_id and a.order_digest = used.order_digest and a.approved_at <= new.used_at;
  if needed is null or given < needed then
    raise exception 'order % has % of % approvals', new.order_id, given, needed using errcode = 'check_violation';
  end if;
  if new.used_at < used.not_before or new.used_at >= used.expires_at then
    raise exception 'order % is not valid at %', new.order_id, new.used_at using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger only_what_is_approved before insert on meter_order_use for each row execute function check_meter_order_use();

create table meter_order_result (
  order_id      uuid not null references meter_order_use,
  ordinal       integer not null check (ordinal > 0),
  verdict       text not null check (verdict in ('verified', 'not_verified', 'refused', 'unknown')),
  -- Frames as hexadecimal, with ** for each byte of a password or an operator code; null where there was none.
  request_trace text,
  answer_trace  text,
  -- What the meter said when it was asked afterwards: items with their frames, and what follows from them.
  read_back     jsonb not null,
  detail        text not null,
  recorded_at   timestamptz not null,
  primary key (order_id, ordinal)
);
comment on table meter_order_result is 'fact: what became of a used order; unknown until the meter could be asked';
create unique index on meter_order_result (order_id) where verdict <> 'unknown';

-- Broadcast time reaches every meter of a line at once and gets no answer, so it has no order of its own but a standing one.
create table standing_order (
  code        text collate "C" not null,
  version     integer not null check (version > 0),
  document    jsonb not null,
  sha256      bytea not null check (octet_length(sha256) = 32),
  author      text collate "C" not null references actor,
  recorded_at timestamptz not null,
  primary key (code, version)
);
comment on table standing_order is 'fact: a version of a standing order for broadcast time; two approvals put it in force';

create table standing_order_approval (
  code        text collate "C" not null,
  version     integer not null,
  approver    text collate "C" not null references actor,
  sha256      bytea not null,
  approved_at timestamptz not null,
  primary key (code, version, approver),
  foreign key (code, version) references standing_order
);
comment on table standing_order_approval is 'fact: a person other than the author approved a version of a standing order';

create function check_standing_order_approval() returns trigger language plpgsql as $$
begin
  if not exists (select from standing_order s where (s.code, s.version) = (new.code, new.version) and s.sha256 = new.sha256) then
    raise exception 'standing order % version % is not what was approved', new.code, new.version using errcode = 'check_violation';
  end if;
  if exists (select from standing_order s where (s.code, s.version) = (new.code, new.version) and s.author = new.approver) then
    raise exception 'the author % of standing order % version % may not approve it', new.approver, new.code, new.version using errcode = 'check_violation';
  end if;
  if not exists (select from actor a where a.actor_id = new.approver and a.kind = 'person') then
    raise exception 'standing order % version % is approved by people; % is none', new.code, new.version, new.approver using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger author_may_not_approve before insert on standing_order_approval for each row execute function check_standing_order_approval();

create table standing_order_use (
  line_id       bigint not null references line,
  -- The line's local day.
  service_date  date not null,
  code          text collate "C" not null,
  version       integer not null,
  node          text not null,
  fencing_token bigint not null,
  used_at       timestamptz not null,
  primary key (line_id, service_date),
  foreign key (code, version) references standing_order
);
comment on table standing_order_use is 'fact: broadcast time went out on a line; its key makes that happen once a day';

create function check_standing_order_use() returns trigger language plpgsql as $$
begin
  if (select count(*) from standing_order s join standing_order_approval a using (code, version, sha256)
       where (s.code, s.version) = (new.code, new.version) and a.approved_at <= new.used_at) < 2 then
    raise exception 'standing order % version % lacks approvals', new.code, new.version using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger only_what_is_approved before insert on standing_order_use for each row execute function check_standing_order_use();

grant select on meter_order_rule, meter_order, meter_order_approval, meter_order_use, meter_order_result,
  standing_order, standing_order_approval, standing_order_use
  to shuangwu_headend, shuangwu_console, shuangwu_reader;
grant insert on meter_order_rule, meter_order, meter_order_approval, standing_order, standing_order_approval, meter_credential
  to shuangwu_console;
grant insert on meter_order_use, meter_order_result, standing_order_use to shuangwu_headend;
-- Who writes a credential cannot read it again.
grant select on meter_credential to shuangwu_headend;
grant select (credential_code, version, actor_id, recorded_at) on meter_credential to shuangwu_console;
