-- The exception queue asks twice: a correction that speaks against the rules says why and is seen by another person with what speaks against
-- it; undoing and long holds take a second person where deciding did. What the queue has looked through is on record, so that a doubt is found
-- however old it is. Policies of curves and losses are signed as those of validation and estimation are.

alter table exception_decision_item
  -- Rules that speak against the value that is entered, and whether one of them would hold it.
  add column warnings text[] not null default '{}',
  add column refused boolean not null default false,
  add check (action = 'correct' or (warnings = '{}' and not refused)),
  add check (not refused or warnings <> '{}');
alter table exception_decision
  add column override_code text check (override_code in
    ('earlier_value_wrong', 'later_value_wrong', 'exchange_not_recorded', 'meter_faulty', 'usage_confirmed')),
  add check (action = 'correct' or override_code is null);
-- The approver names the code that was given: whoever approves has read it.
alter table exception_decision_approval add column override_code text;

create function check_override_seen() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if new.override_code is distinct from (select d.override_code from exception_decision d where d.decision_id = new.decision_id) then
    perform refuse(format('decision %s goes against the rules; who approves it names its override code', new.decision_id));
  end if;
  return new;
end $$;
create trigger override_is_seen before insert on exception_decision_approval for each row execute function check_override_seen();

-- When nothing of the month that an exception belongs to may be open any more (domain/read-ladder.ts: cutOffOf); null where it has no month.
create function exception_cut_off(named exception) returns timestamptz language sql stable set search_path = public, pg_temp as $$
  select (date_trunc('month', (at.instant - interval '1 millisecond') at time zone zone.name) + interval '1 month') at time zone zone.name
         + interval '120 hours'
    from (select coalesce(named.read_at, named.period_end, named.period_start)) at (instant)
   cross join lateral (
     select coalesce((select o.time_zone from usage_point u join organisation o using (organisation_id) where u.usage_point_id = named.usage_point_id),
                     (select o.time_zone from transformer_area a join organisation o using (organisation_id)
                       where a.transformer_area_id = named.transformer_area_id), 'UTC')) zone (name)
$$;

create or replace function check_exception_item() returns trigger language plpgsql set search_path = public, pg_temp as $$
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
  if new.action = 'correct' and new.warnings = '{}' and new.total_e4 < (
    select v.total_e4 from validation_decision v
     where v.meter_id = named.meter_id and v.quantity = named.quantity and v.read_at < named.read_at and v.verdict = 'accepted'
       and not exists (select from validation_decision n
                        where (n.meter_id, n.quantity, n.read_at) = (v.meter_id, v.quantity, v.read_at) and n.revision > v.revision)
     order by v.read_at desc limit 1) then
    perform refuse(format('%s is corrected to less than the last accepted value, and no rule was asked', new.exception_key));
  end if;
  if new.action in ('accept', 'correct') then
    select e.effect_e4, e.effect_fen into new.effect_e4, new.effect_fen from exception_item_effect('infinity', new) e;
  else
    new.effect_e4 := 0;
    new.effect_fen := 0;
  end if;
  return new;
end $$;

-- Whoever enters a value needs a second person whatever the policy says; so does whoever cannot say what it changes, who undoes what took one,
-- and who puts something off beyond the day on which its month is closed.
create or replace function check_exception_decision() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  items bigint;
  others bigint;
  against bigint;
  late bigint;
  undone exception_decision;
begin
  select p.revision into strict new.policy_revision from exception_policy_as_of(new.recorded_at) p;
  select count(*), count(*) filter (where i.action <> new.action), coalesce(sum(abs(i.effect_e4)), 0), coalesce(sum(abs(i.effect_fen)), 0),
         count(*) filter (where i.effect_e4 is null), count(*) filter (where i.refused),
         count(*) filter (where new.hold_until > exception_cut_off(x))
    into items, others, new.effect_e4, new.effect_fen, new.unknown_effects, against, late
    from exception_decision_item i join exception x using (exception_key) where i.decision_id = new.decision_id;
  if items <> new.item_count or others > 0 then
    perform refuse(format('decision %s does not hold its %s exceptions', new.decision_id, new.item_count));
  end if;
  if new.hold_until <= new.recorded_at then
    perform refuse(format('decision %s holds until %s, which is past', new.decision_id, new.hold_until));
  end if;
  if (against > 0) <> (new.override_code is not null) then
    perform refuse(format('decision %s: an override code belongs to a value that the rules refuse, and to no other', new.decision_id));
  end if;
  if new.action = 'undo' then
    select * into strict undone from exception_decision d where d.decision_id = new.undoes;
    new.effect_e4 := undone.effect_e4;
    new.effect_fen := undone.effect_fen;
    new.unknown_effects := undone.unknown_effects;
    if exists (select from exception_decision_item i where i.decision_id = new.decision_id
       and not exists (select from exception_decision_item e where (e.decision_id, e.exception_key) = (new.undoes, i.exception_key))) then
      perform refuse(format('decision %s did not speak of all that is to be undone', new.undoes));
    end if;
  end if;
  new.approvals_needed := case
    -- What has had no effect yet is only withdrawn.
    when new.action = 'undo' then
      case when exists (select from exception_effect e where e.decision_id = new.undoes) then undone.approvals_needed else 0 end
    when new.action = 'correct' or new.unknown_effects > 0 or late > 0 then 1
    when exists (
      select from exception_policy_as_of(new.recorded_at) p cross join jsonb_array_elements(p.document -> 'approvals') r
       where r ->> 'action' = new.action
         and (r -> 'kinds' is null or exists (
           select from exception_decision_item i join exception x using (exception_key)
            where i.decision_id = new.decision_id and r -> 'kinds' ? x.kind))
         and (new.effect_e4 > (r ->> 'aboveKwh')::numeric * 10000 or new.effect_fen > (r ->> 'aboveYuan')::numeric * 100
              or new.item_count > (r ->> 'aboveItems')::integer)) then 1
    else 0 end;
  return new;
end $$;

-- Counter decisions that hold: approved where they need it.
create view exception_undo as
  select u.decision_id, u.undoes, i.exception_key, u.recorded_at
    from exception_decision u
    join exception_decision_item i on i.decision_id = u.decision_id
   where u.action = 'undo'
     and u.approvals_needed <= (select count(*) from exception_decision_approval a where a.decision_id = u.decision_id);

-- What the queue has looked through. A doubt that was recorded before the last look was seen by it; one that came since is found by when it
-- came, however long ago the reading itself is.
create table exception_look (
  looked_at timestamptz primary key,
  actor_id  text collate "C" not null references actor
);
comment on table exception_look is 'fact: a run of the exception queue looked at everything that was in doubt';
create index on validation_decision (recorded_at) where verdict <> 'accepted' or rules <> '{}';

-- Revisions of the policy of the queue carry digest and day as those of all other policies do.
alter table exception_policy add column sha256 bytea check (octet_length(sha256) = 32), add column effective_from timestamptz;
update exception_policy set sha256 = sha256(convert_to(document::text, 'UTF8')), effective_from = recorded_at;
alter table exception_policy alter column sha256 set not null, alter column effective_from set not null;
create or replace function exception_policy_as_of(known_at timestamptz) returns setof exception_policy language sql stable as $$
  select p.* from exception_policy p
   where p.recorded_at <= known_at and p.effective_from <= known_at
     and (p.author is null or exists (select from exception_policy_approval a where a.revision = p.revision and a.approved_at <= known_at))
   order by p.revision desc limit 1
$$;

create table curve_policy (
  revision       integer primary key check (revision > 0),
  document       jsonb not null,
  sha256         bytea not null check (octet_length(sha256) = 32),
  effective_from timestamptz not null,
  recorded_at    timestamptz not null,
  author         text collate "C" not null references actor,
  reason         text not null check (reason <> ''),
  unique (revision, author)
);
comment on table curve_policy is 'fact: a revision of the policy of day curves as its author handed it in';
create trigger acts_now before insert on curve_policy for each row execute function check_author('author', 'recorded_at');
create table curve_policy_approval (
  revision    integer primary key,
  author      text collate "C" not null,
  approver    text collate "C" not null references actor,
  approved_at timestamptz not null,
  foreign key (revision, author) references curve_policy (revision, author),
  check (approver <> author)
);
comment on table curve_policy_approval is 'fact: approval of a revision of the policy of day curves by another person than its author';
create trigger four_eyes before insert on curve_policy_approval for each row
  execute function check_approval('curve policy', 'curve_policy', 'author', 'approver', 'approved_at', 'revision');

create table loss_policy (
  revision       integer primary key check (revision > 0),
  document       jsonb not null,
  sha256         bytea not null check (octet_length(sha256) = 32),
  effective_from timestamptz not null,
  recorded_at    timestamptz not null,
  author         text collate "C" not null references actor,
  reason         text not null check (reason <> ''),
  unique (revision, author)
);
comment on table loss_policy is 'fact: a revision of the policy of area losses as its author handed it in';
create trigger acts_now before insert on loss_policy for each row execute function check_author('author', 'recorded_at');
create table loss_policy_approval (
  revision    integer primary key,
  author      text collate "C" not null,
  approver    text collate "C" not null references actor,
  approved_at timestamptz not null,
  foreign key (revision, author) references loss_policy (revision, author),
  check (approver <> author)
);
comment on table loss_policy_approval is 'fact: approval of a revision of the policy of area losses by another person than its author';
create trigger four_eyes before insert on loss_policy_approval for each row
  execute function check_approval('loss policy', 'loss_policy', 'author', 'approver', 'approved_at', 'revision');

grant select on exception_look, exception_undo, curve_policy, curve_policy_approval, loss_policy, loss_policy_approval
  to shuangwu_mdm, shuangwu_billing, shuangwu_console, shuangwu_reader;
grant insert on curve_policy, curve_policy_approval, loss_policy, loss_policy_approval to shuangwu_console;
grant insert on exception_look to shuangwu_mdm;
