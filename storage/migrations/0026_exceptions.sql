-- The exception queue (异常队列): what is in doubt, who owns it until when, what people decide about it and what came of that. Writers: mdm for
-- what the system finds and for effects; console for what people decide and approve. A value that a person decided reaches validation_decision
-- only through an effect, and an effect only through the approvals that its policy asks for.

-- Deadlines, probabilities and thresholds of approval, as one document (docs/schemas/exception-policy.json). The product ships the first one.
create table exception_policy (
  revision    integer primary key check (revision > 0),
  document    jsonb not null,
  author      text collate "C" references actor,
  reason      text not null check (reason <> ''),
  recorded_at timestamptz not null,
  unique (revision, author),
  check (revision = 1 or author is not null)
);
comment on table exception_policy is 'fact: a revision of the policy of the exception queue as its author handed it in';
create table exception_policy_approval (
  revision    integer primary key,
  author      text collate "C" not null,
  approver    text collate "C" not null references actor,
  approved_at timestamptz not null,
  foreign key (revision, author) references exception_policy (revision, author),
  check (approver <> author)
);
comment on table exception_policy_approval is 'fact: approval of a revision of the policy by another person than its author';
create trigger acts_now before insert on exception_policy for each row when (new.author is not null)
  execute function check_author('author', 'recorded_at');
create trigger four_eyes before insert on exception_policy_approval for each row
  execute function check_approval('exception policy', 'exception_policy', 'author', 'approver', 'approved_at', 'revision');
create function exception_policy_as_of(known_at timestamptz) returns setof exception_policy language sql stable as $$
  select p.* from exception_policy p
   where p.recorded_at <= known_at
     and (p.author is null or exists (select from exception_policy_approval a where a.revision = p.revision and a.approved_at <= known_at))
   order by p.revision desc limit 1
$$;
insert into exception_policy (revision, document, author, reason, recorded_at) values (1, '{
  "format": "exception-policy/1",
  "version": "built-in/1",
  "lookBackDays": 62,
  "missingAfterHours": 72,
  "longestEstimateDays": 10,
  "watchedRules": ["zero_run"],
  "releasableHolds": ["usage_unlike_history", "contradicted", "new_multiplier", "lone_jump", "boundary_stale", "note_unlike_readings", "tou_tables_differ"],
  "kinds": {
    "held_reading": {"deadlineHours": 48, "changePermille": 600},
    "missing_reading": {"deadlineHours": 24, "changePermille": 300},
    "determinant_hold": {"deadlineHours": 24, "changePermille": 800},
    "prolonged_estimate": {"deadlineHours": 72, "changePermille": 500},
    "doubtful_reading": {"deadlineHours": 240, "changePermille": 300},
    "other": {"deadlineHours": 72, "changePermille": 300}
  },
  "approvals": [
    {"action": "accept", "aboveKwh": "1000", "aboveYuan": "500", "aboveItems": 50},
    {"action": "estimate", "aboveKwh": "1000", "aboveYuan": "500", "aboveItems": 200},
    {"action": "reject", "aboveKwh": "1000", "aboveYuan": "500", "aboveItems": 200}
  ],
  "defaultPriceYuan": "0.6",
  "defaultExpectedKwh": "200",
  "visitMinutes": 20,
  "dayMinutes": 420
}', null, 'as shipped', 'epoch');

-- What an account is about to be billed, so that work can be ranked by money. Writer: billing.
create table money_at_risk (
  account_id         bigint not null references account,
  period_start       timestamptz not null,
  revision           integer not null check (revision > 0),
  price_e8           bigint not null check (price_e8 >= 0),
  expected_energy_e4 bigint not null check (expected_energy_e4 >= 0),
  recorded_at        timestamptz not null,
  primary key (account_id, period_start, revision)
);
comment on table money_at_risk is 'fact: mean price per kWh and expected energy of an account in a period; the latest revision counts';
create view money_at_risk_now as
  select distinct on (account_id) account_id, period_start, price_e8, expected_energy_e4
    from money_at_risk order by account_id, period_start desc, revision desc;

-- What other checks find: table mismatch, loss out of band, findings of an audit. A finding is over when its end is recorded.
create table exception_finding (
  finding_key         text collate "C" primary key,
  kind                text collate "C" not null check (kind ~ '^[a-z][a-z0-9_]*$'),
  usage_point_id      bigint references usage_point,
  transformer_area_id bigint references transformer_area,
  meter_id            bigint references meter,
  account_id          bigint references account,
  -- Of what instant or stretch it tells.
  read_at             timestamptz,
  period_start        timestamptz,
  period_end          timestamptz,
  detail              text not null check (detail <> ''),
  evidence            jsonb not null,
  recorded_at         timestamptz not null,
  check (num_nonnulls(usage_point_id, transformer_area_id) > 0)
);
comment on table exception_finding is 'fact: something that a check found and a person has to look at';
create table exception_finding_end (
  finding_key text collate "C" primary key references exception_finding,
  reason      text not null check (reason <> ''),
  recorded_at timestamptz not null
);
comment on table exception_finding_end is 'fact: a finding is no longer so';

-- What is in doubt. The key says kind, object and instant, so that whoever looks again finds the same exception.
create table exception (
  exception_key       text collate "C" primary key,
  -- What people type.
  code                text collate "C" not null generated always as (left(md5(exception_key), 8)) stored,
  kind                text collate "C" not null check (kind ~ '^[a-z][a-z0-9_]*$'),
  usage_point_id      bigint references usage_point,
  transformer_area_id bigint references transformer_area,
  meter_id            bigint references meter,
  quantity            smallint,
  read_at             timestamptz,
  account_id          bigint references account,
  period_start        timestamptz,
  period_end          timestamptz,
  recorded_at         timestamptz not null,
  -- An owner follows from the place: crew of the area, else manager of the grid cell.
  check (num_nonnulls(usage_point_id, transformer_area_id) > 0)
);
comment on table exception is 'fact: a doubt about a reading, an account or an area; its events say whether it is open';
create index on exception (meter_id, quantity, read_at);
create index on exception (code);

create table exception_event (
  exception_key   text collate "C" not null references exception,
  ordinal         integer not null check (ordinal > 0),
  event           text not null check (event in ('opened', 'closed')),
  rules           text[] not null,
  detail          text not null,
  evidence        jsonb not null,
  deadline        timestamptz check ((deadline is null) = (event = 'closed')),
  policy_revision integer not null references exception_policy,
  -- Null: the system opened it, or its cause was gone.
  decision_id     uuid,
  recorded_at     timestamptz not null,
  primary key (exception_key, ordinal)
);
comment on table exception_event is 'fact: an exception was opened or closed; the last event holds';
create index on exception_event (recorded_at);

create view exception_now as
  select exception_key, ordinal, event, rules, detail, evidence, deadline, decision_id, recorded_at
    from exception_event e
   where not exists (select from exception_event n where n.exception_key = e.exception_key and n.ordinal > e.ordinal);

-- What people decide. Items go in first and are judged one by one; the head closes the list, counts it and says how many must approve.
create table exception_decision_item (
  decision_id    uuid not null,
  exception_key  text collate "C" not null references exception,
  action         text not null check (action in ('accept', 'correct', 'estimate', 'hold', 'field_order', 'reject', 'undo')),
  -- The opening that was looked at, and the last decision on the key then; both null where there is none.
  seen_ordinal   integer not null,
  seen_revision  integer,
  total_e4       bigint,
  tou1_e4        bigint,
  tou2_e4        bigint,
  tou3_e4        bigint,
  tou4_e4        bigint,
  source         smallint,
  -- Set by the trigger: what is billed otherwise, after the multiplier; null where nobody can say.
  effect_e4      bigint,
  effect_fen     bigint,
  primary key (decision_id, exception_key),
  check ((total_e4 is null) = (source is null)),
  check (action in ('accept', 'correct') or total_e4 is null),
  check (action <> 'correct' or (total_e4 is not null and source = 7)),
  check (total_e4 >= 0 and tou1_e4 >= 0 and tou2_e4 >= 0 and tou3_e4 >= 0 and tou4_e4 >= 0)
);
comment on table exception_decision_item is 'fact: one exception in a decision, with the value that was seen or given';
create index on exception_decision_item (exception_key);

create table exception_decision (
  decision_id      uuid primary key,
  action           text not null check (action in ('accept', 'correct', 'estimate', 'hold', 'field_order', 'reject', 'undo')),
  reason           text not null check (length(reason) between 1 and 400),
  -- What backs it: a photo, a sheet, a letter, a frame.
  evidence         text not null,
  -- How the list came about: the keys that were named, or a filter.
  selection        text not null,
  hold_until       timestamptz check ((hold_until is null) = (action <> 'hold')),
  undoes           uuid references exception_decision check ((undoes is null) = (action <> 'undo')),
  item_count       integer not null check (item_count > 0),
  -- Sums over the items whose effect is known, set by the trigger.
  effect_e4        bigint not null,
  effect_fen       bigint not null,
  unknown_effects  integer not null,
  approvals_needed integer not null,
  policy_revision  integer not null references exception_policy,
  actor_id         text collate "C" not null references actor,
  recorded_at      timestamptz not null,
  unique (decision_id, actor_id),
  check (action <> 'correct' or evidence <> '')
);
comment on table exception_decision is 'fact: what a person decided about one or many exceptions, frozen as a list';

create table exception_decision_approval (
  decision_id uuid not null,
  author      text collate "C" not null,
  approver    text collate "C" not null references actor,
  approved_at timestamptz not null,
  primary key (decision_id, approver),
  foreign key (decision_id, author) references exception_decision (decision_id, actor_id),
  check (approver <> author)
);
comment on table exception_decision_approval is 'fact: another person approved a decision';
create trigger acts_now before insert on exception_decision for each row execute function check_author('actor_id', 'recorded_at');
create trigger four_eyes before insert on exception_decision_approval for each row
  execute function check_approval('decision', 'exception_decision', 'actor_id', 'approver', 'approved_at', 'decision_id');

create table exception_effect (
  decision_id         uuid not null references exception_decision,
  exception_key       text collate "C" not null,
  outcome             text not null check (outcome in ('applied', 'superseded', 'not_estimable')),
  -- Of the decision on the reading that it wrote.
  validation_revision integer,
  field_order_id      uuid references field_order,
  detail              text not null,
  recorded_at         timestamptz not null,
  primary key (decision_id, exception_key),
  foreign key (decision_id, exception_key) references exception_decision_item
);
comment on table exception_effect is 'fact: what came of a decision for one exception; its key makes that happen once';
create index on exception_effect (exception_key);

-- What a decision changes, kWh e4 after the multiplier and fen: for a value, its distance to the last accepted one before it; for an
-- account's hold, all that the account is expected to use. Null where nothing before is known or nobody expects anything.
create function exception_item_effect(known_at timestamptz, item exception_decision_item)
returns table (effect_e4 bigint, effect_fen bigint) language plpgsql stable set search_path = public, pg_temp as $$
declare
  named exception;
  at timestamptz;
  of_account bigint;
  expected bigint;
  price numeric;
begin
  select * into strict named from exception x where x.exception_key = item.exception_key;
  at := coalesce(named.read_at, named.period_start, known_at);
  of_account := coalesce(named.account_id, (
    select t.account_id from agreement_timeline t
     where t.usage_point_id = named.usage_point_id and t.effective_from <= at and (t.effective_to is null or t.effective_to > at)
       and t.revision = (select max(n.revision) from agreement_timeline n where n.account_id = t.account_id)
     order by t.account_id limit 1));
  select r.expected_energy_e4, r.price_e8 into expected, price from money_at_risk r
   where r.account_id = of_account order by r.period_start desc, r.revision desc limit 1;
  if item.total_e4 is not null then
    select abs(item.total_e4 - v.total_e4) * coalesce((
             select m.ct_ratio::bigint * m.pt_ratio from multiplier_timeline m
              where m.usage_point_id = named.usage_point_id and m.effective_from <= at and (m.effective_to is null or m.effective_to > at)
              order by m.revision desc limit 1), 1)
      into effect_e4
      from validation_decision v
     where v.meter_id = named.meter_id and v.quantity = named.quantity and v.read_at < named.read_at and v.verdict <> 'held'
       and not exists (select from validation_decision n
                        where (n.meter_id, n.quantity, n.read_at) = (v.meter_id, v.quantity, v.read_at) and n.revision > v.revision)
     order by v.read_at desc limit 1;
  elsif item.action = 'accept' and named.kind = 'determinant_hold' then
    effect_e4 := expected;
  else
    effect_e4 := 0;
  end if;
  price := coalesce(price, (select (p.document ->> 'defaultPriceYuan')::numeric * 100000000 from exception_policy_as_of(known_at) p));
  effect_fen := effect_e4 * price / 10000000000;
  return next;
end $$;

create function check_exception_item() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  named exception;
begin
  select * into named from exception x where x.exception_key = new.exception_key;
  if new.total_e4 is not null and named.read_at is null then
    perform refuse(format('%s is about no reading', new.exception_key));
  end if;
  -- Accepting means to believe a claim that is there; whatever else somebody enters is a correction.
  if new.action = 'accept' and new.total_e4 is not null and not exists (
    select from reading_claims c
     where (c.meter_id, c.quantity, c.read_at, c.source) = (named.meter_id, named.quantity, named.read_at, new.source)
       and (c.total_e4, c.tou1_e4, c.tou2_e4, c.tou3_e4, c.tou4_e4) is not distinct from
           (new.total_e4, new.tou1_e4, new.tou2_e4, new.tou3_e4, new.tou4_e4)) then
    perform refuse(format('no claim of %s says what is to be accepted', new.exception_key));
  end if;
  if new.action in ('accept', 'correct') then
    select e.effect_e4, e.effect_fen into new.effect_e4, new.effect_fen from exception_item_effect('infinity', new) e;
  else
    new.effect_e4 := 0;
    new.effect_fen := 0;
  end if;
  return new;
end $$;
create trigger judged before insert on exception_decision_item for each row execute function check_exception_item();

create function refuse_closed_decision() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from exception_decision where decision_id in (select decision_id from appended)) then
    perform refuse('a decision that is closed takes no further exceptions');
  end if;
  return null;
end $$;
create trigger list_is_open after insert on exception_decision_item
  referencing new table as appended for each statement execute function refuse_closed_decision();

-- Whoever enters a value needs a second person whatever the policy says; so does whoever cannot say what it changes.
create function check_exception_decision() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  items bigint;
  others bigint;
begin
  select p.revision into strict new.policy_revision from exception_policy_as_of(new.recorded_at) p;
  select count(*), count(*) filter (where i.action <> new.action), coalesce(sum(abs(i.effect_e4)), 0), coalesce(sum(abs(i.effect_fen)), 0),
         count(*) filter (where i.effect_e4 is null)
    into items, others, new.effect_e4, new.effect_fen, new.unknown_effects
    from exception_decision_item i where i.decision_id = new.decision_id;
  if items <> new.item_count or others > 0 then
    perform refuse(format('decision %s does not hold its %s exceptions', new.decision_id, new.item_count));
  end if;
  new.approvals_needed := case
    when new.action = 'correct' or new.unknown_effects > 0 then 1
    when exists (
      select from exception_policy_as_of(new.recorded_at) p cross join jsonb_array_elements(p.document -> 'approvals') r
       where r ->> 'action' = new.action
         and (r -> 'kinds' is null or exists (
           select from exception_decision_item i join exception x using (exception_key)
            where i.decision_id = new.decision_id and r -> 'kinds' ? x.kind))
         and (new.effect_e4 > (r ->> 'aboveKwh')::numeric * 10000 or new.effect_fen > (r ->> 'aboveYuan')::numeric * 100
              or new.item_count > (r ->> 'aboveItems')::integer)) then 1
    else 0 end;
  if new.action = 'undo' and exists (
    select from exception_decision_item i where i.decision_id = new.decision_id
       and not exists (select from exception_decision_item e where (e.decision_id, e.exception_key) = (new.undoes, i.exception_key))) then
    perform refuse(format('decision %s did not speak of all that is to be undone', new.undoes));
  end if;
  return new;
end $$;
create trigger counted before insert on exception_decision for each row execute function check_exception_decision();

create function check_exception_effect() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  needed integer := (select d.approvals_needed from exception_decision d where d.decision_id = new.decision_id);
  given bigint := (select count(*) from exception_decision_approval a where a.decision_id = new.decision_id);
begin
  if needed is null or given < needed then
    perform refuse(format('decision %s has %s of %s approvals', new.decision_id, given, needed));
  end if;
  return new;
end $$;
create trigger only_what_is_approved before insert on exception_effect for each row execute function check_exception_effect();

-- A reading that a person decided says what the approved decision says, nothing else, and an estimate stays one.
create function check_decided_by() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (
    select from exception x
      join exception_effect e on e.exception_key = x.exception_key and e.outcome = 'applied'
      join exception_decision d on d.decision_id = e.decision_id and d.actor_id = new.decided_by
      join exception_decision_item i on (i.decision_id, i.exception_key) = (e.decision_id, e.exception_key)
     where (x.meter_id, x.quantity, x.read_at) = (new.meter_id, new.quantity, new.read_at)
       and not exists (select from exception_decision u join exception_effect f on f.decision_id = u.decision_id
                        where u.undoes = d.decision_id and f.exception_key = x.exception_key and f.outcome = 'applied')
       and case when d.action = 'estimate' then new.verdict = 'estimated'
                else d.action in ('accept', 'correct') and new.verdict = 'accepted'
                 and (new.source, new.total_e4, new.tou1_e4, new.tou2_e4, new.tou3_e4, new.tou4_e4) is not distinct from
                     (i.source, i.total_e4, i.tou1_e4, i.tou2_e4, i.tou3_e4, i.tou4_e4) end) then
    perform refuse(format('%s has decided nothing of the kind about meter %s at %s', new.decided_by, new.meter_id, new.read_at));
  end if;
  return new;
end $$;
create trigger decided_by_approved before insert on validation_decision for each row when (new.decided_by is not null)
  execute function check_decided_by();
alter table validation_decision add constraint corrected_by_somebody check (source is distinct from 7 or decided_by is not null);

-- Where the value of a key comes from, and who stands for it; what a bill says of its boundaries.
create view decision_origin as
  select v.meter_id, v.quantity, v.read_at, v.revision,
         case when v.verdict = 'held' then 'held'
              when v.verdict = 'estimated' then 'estimated'
              when v.source = 2 then 'back_filled'
              when v.source = 4 then 'live'
              when v.source = 5 then 'field'
              when v.source = 6 then 'exchange'
              when v.source = 7 then 'corrected'
              else 'read' end as origin,
         coalesce(v.decided_by, m.actor_id) as by_whom, v.reason, m.document
    from (select distinct on (meter_id, quantity, read_at) *
            from validation_decision order by meter_id, quantity, read_at, revision desc) v
    left join manual_reading m on (m.meter_id, m.quantity, m.read_at, m.source) = (v.meter_id, v.quantity, v.read_at, v.source);

-- Accounts whose quantity a person accepted although it is held: the freeze takes them. Codes that a person can answer for only.
create view determinant_hold_release as
  select x.account_id, x.period_start, x.period_end, o.rules[1] as code, d.actor_id, d.reason, f.recorded_at
    from exception x
    join exception_effect f on f.exception_key = x.exception_key and f.outcome = 'applied'
    join exception_decision d on d.decision_id = f.decision_id and d.action = 'accept'
    join exception_decision_item i on (i.decision_id, i.exception_key) = (f.decision_id, f.exception_key)
    join exception_event o on (o.exception_key, o.ordinal) = (i.exception_key, i.seen_ordinal)
   where x.kind = 'determinant_hold'
     and not exists (select from exception_decision u join exception_effect g on g.decision_id = u.decision_id
                      where u.undoes = d.decision_id and g.exception_key = x.exception_key and g.outcome = 'applied');

-- Who read the display, and when; the person who entered it is the actor. Orders that people asked for name their decision.
-- A second visit may be wanted where the first one brought nothing; the id of the first follows from meter and midnight as before.
alter table field_order drop constraint field_order_meter_id_read_at_key;
create index on field_order (meter_id, read_at);
alter table field_order_result add column reader text, add column visited_at timestamptz;

-- Doubts are few among decisions; whoever looks for them need not go through the others.
create index on validation_decision (read_at) where verdict <> 'accepted' or rules <> '{}';

grant select on exception_policy, exception_policy_approval, money_at_risk, money_at_risk_now, exception_finding, exception_finding_end, exception,
  exception_event, exception_now, exception_decision_item, exception_decision, exception_decision_approval, exception_effect, decision_origin,
  determinant_hold_release to shuangwu_mdm, shuangwu_billing, shuangwu_console, shuangwu_reader;
grant insert on exception_policy, exception_policy_approval, exception_decision_item, exception_decision, exception_decision_approval
  to shuangwu_console;
grant insert on exception_finding, exception_finding_end, exception, exception_event, exception_effect to shuangwu_mdm;
grant insert on money_at_risk to shuangwu_billing;
