-- A correction covers what two people read in it, and nothing else: a description or a withdrawal names the one that says so, of this object
-- and in the state that they saw. Judged when the transaction ends, as the foreign key is: the approval comes last.

create function refuse_uncovered() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  says registry_correction;
  approved timestamptz;
  covered boolean;
begin
  select * into says from registry_correction where correction_id = new.correction_id;
  select approved_at into approved from registry_correction_approval where correction_id = new.correction_id;
  case tg_table_name
    when 'meter_description' then
      covered := says.kind = 'meter' and says.meter_id = new.meter_id and says.withdraws = new.revision - 1
        and (coalesce(says.document #>> '{instead,protocol}', new.was_protocol),
             coalesce(says.document #>> '{instead,communicationAddress}', new.was_communication_address),
             coalesce(says.document #>> '{instead,model}', new.was_model),
             coalesce((says.document #>> '{instead,registerDigits}')::smallint, new.was_register_digits),
             coalesce((says.document #>> '{instead,registerDecimals}')::smallint, new.was_register_decimals))
          = (new.protocol, new.communication_address, new.model, new.register_digits, new.register_decimals);
    when 'meter_exchange_withdrawal' then
      covered := says.kind = 'meter_exchange' and says.usage_point_id = new.usage_point_id
        and says.at = new.exchanged_at and says.withdraws = new.revision;
    when 'field_event_withdrawal' then
      covered := says.kind = 'field_event' and says.meter_id = new.meter_id
        and (says.at, says.event) = (new.occurred_at, new.event) and says.withdraws = new.revision;
    when 'manual_reading_withdrawal' then
      -- Notes of before they said which change they came with are known by a meter that hung there. What was noted since is another note.
      covered := says.kind in ('meter_exchange', 'meter_removal', 'installation', 'multiplier') and says.at = new.read_at
        and new.noted_for in ('', says.kind || ' ' || says.usage_point_id)
        and exists (select from installation_timeline i where (i.usage_point_id, i.meter_id) = (says.usage_point_id, new.meter_id))
        and exists (select from manual_reading m
                     where (m.meter_id, m.quantity, m.read_at, m.source, m.revision, m.noted_for, m.recorded_at)
                         = (new.meter_id, new.quantity, new.read_at, new.source, new.revision, new.noted_for, new.noted_at)
                       and m.source = 6 and m.recorded_at < approved);
  end case;
  if covered is not true then
    perform refuse(format('correction %s does not say what %s is to hold', new.correction_id, tg_table_name));
  end if;
  return null;
end $$;
comment on function refuse_uncovered() is 'The correction that a row names is about this object and says this of it.';

create constraint trigger covered after insert on meter_description deferrable initially deferred
  for each row execute function refuse_uncovered();
create constraint trigger covered after insert on meter_exchange_withdrawal deferrable initially deferred
  for each row execute function refuse_uncovered();
create constraint trigger covered after insert on field_event_withdrawal deferrable initially deferred
  for each row execute function refuse_uncovered();
create constraint trigger covered after insert on manual_reading_withdrawal deferrable initially deferred
  for each row execute function refuse_uncovered();
