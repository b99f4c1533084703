-- An account is opened once. A batch that says something which a batch in force has said of the same account, whether otherwise or the same, or that
-- begins at another instant, is not approved while that stands: its accounts would be held at the first freeze, or their money booked twice.

-- What an item says, for people.
create function opening_said(item opening_item) returns text language sql stable set search_path = public, pg_temp as $$
  select case item.kind
    when 'register' then concat_ws(' / ', trim_scale(item.energy_e4 / 1e4), trim_scale(item.tou1_e4 / 1e4), trim_scale(item.tou2_e4 / 1e4),
                                   trim_scale(item.tou3_e4 / 1e4), trim_scale(item.tou4_e4 / 1e4)) || ' kWh'
    when 'ladder' then format('%s kWh, %s months', trim_scale(item.energy_e4 / 1e4), item.ladder_months)
    when 'demand' then format('%s kW', trim_scale(item.demand_kw_e4 / 1e4))
    when 'estimate' then format('%s kWh, %s to %s', trim_scale(item.energy_e4 / 1e4), item.from_day, item.to_day)
    when 'prepaid' then round(item.amount_fen / 1e2, 2)::text
    else format('%s, due %s', round(item.amount_fen / 1e2, 2), item.due_date)
  end
$$;

create function opening_contradictions(of_batch text)
returns table (account_id bigint, kind text, named text, said text, other_batch text, other_said text)
language sql stable set search_path = public, pg_temp as $$
  with met as materialized (
    select m as mine, o as other, b.as_of, f.as_of as other_as_of
      from opening_batch b
      join opening_item m on m.batch = b.code
      join opening_batch_in_force f on f.code <> b.code
      join opening_item o on o.batch = f.code and o.account_id = m.account_id
     where b.code = of_batch)
  select (mine).account_id, (mine).kind,
         coalesce((select code from meter where meter_id = (mine).meter_id), (mine).month, (mine).bill, ''),
         opening_said(mine), (other).batch, opening_said(other)
    from met
   where (mine).kind = (other).kind
     and case (mine).kind when 'register' then (mine).meter_id = (other).meter_id
                          when 'demand' then (mine).month = (other).month
                          when 'arrear' then (mine).bill = (other).bill
                          when 'estimate' then (mine).from_day < (other).to_day and (other).from_day < (mine).to_day
                          else true end
  union all
  -- Registers, ladders and estimates of one account begin together.
  select distinct (mine).account_id, 'as_of', '', to_char(as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), (other).batch,
         to_char(other_as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    from met
   where as_of <> other_as_of and (mine).kind in ('register', 'ladder', 'estimate') and (other).kind in ('register', 'ladder', 'estimate')
$$;
comment on function opening_contradictions(text) is 'What a batch says of accounts that another one in force has said of them, with both values.';

create function refuse_contradicting_opening() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  contradictions bigint;
begin
  -- Of two that contradict each other, the one that comes second sees the first in force.
  perform pg_advisory_xact_lock(hashtextextended('opening batches', 0));
  select count(*) into contradictions from opening_contradictions(new.code);
  if contradictions > 0 then
    perform refuse(format('opening batch %s contradicts what is in force: %s items', new.code, contradictions));
  end if;
  return new;
end $$;
create trigger contradicts_nothing before insert on opening_batch_approval for each row execute function refuse_contradicting_opening();
grant execute on function opening_said(opening_item), opening_contradictions(text) to shuangwu_mdm, shuangwu_console, shuangwu_reader;
