-- What a meter is may have been typed wrongly: its address, its model, the digits of its display. Two people put it right; what was believed
-- stays on record, and a bill is proved from the description that stood when its determinants were frozen.

comment on table meter is 'state: a meter as an asset, as it is described now; register_digits are the digits before the decimal point';

create table meter_description (
  meter_id              bigint not null references meter,
  revision              integer not null check (revision > 0),
  -- What was believed until then.
  was_protocol              text not null,
  was_communication_address text collate "C" not null,
  was_model                 text not null,
  was_register_digits       smallint not null,
  was_register_decimals     smallint not null,
  protocol              text not null,
  communication_address text collate "C" not null,
  model                 text not null,
  register_digits       smallint not null,
  register_decimals     smallint not null,
  correction_id         uuid not null references registry_correction_approval deferrable initially deferred,
  recorded_at           timestamptz not null,
  primary key (meter_id, revision)
);
comment on table meter_description is 'fact: the description of a meter was wrong, and which one is right; two people stand for it';

-- Nobody may change a meter by hand: it follows from what two people wrote.
create function describe_meter() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update meter
     set protocol = new.protocol, communication_address = new.communication_address, model = new.model,
         register_digits = new.register_digits, register_decimals = new.register_decimals
   where meter_id = new.meter_id
     and (protocol, communication_address, model, register_digits, register_decimals)
       = (new.was_protocol, new.was_communication_address, new.was_model, new.was_register_digits, new.was_register_decimals);
  if not found then
    raise exception 'meter % is described otherwise than this correction says', new.meter_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger describes after insert on meter_description for each row execute function describe_meter();

-- The descriptions that were believed at an instant.
create function meter_as_of(known_at timestamptz) returns setof meter language sql stable parallel safe as $$
  select m.meter_id, m.code, coalesce(d.was_protocol, m.protocol), coalesce(d.was_communication_address, m.communication_address),
         coalesce(d.was_model, m.model), coalesce(d.was_register_digits, m.register_digits), coalesce(d.was_register_decimals, m.register_decimals)
    from meter m
    left join (select distinct on (meter_id) * from meter_description where recorded_at > known_at order by meter_id, revision) d using (meter_id)
$$;

-- What a meter was called over by while it was described with another address than now: what came by wire then is another meter's. An
-- address that was put back makes what came under it count again.
create view meter_misaddressed as
  select d.meter_id, d.told_from, d.told_until
    from (select meter_id, was_protocol, was_communication_address, recorded_at as told_until,
                 lag(recorded_at, 1, '-infinity') over (partition by meter_id order by revision) as told_from
            from meter_description) d
    join meter m using (meter_id)
   where (d.was_protocol, d.was_communication_address) <> (m.protocol, m.communication_address);
comment on view meter_misaddressed is 'Stretches (told_from, told_until] in which a meter was described with another address than now.';

grant select on meter_description, meter_misaddressed to shuangwu_mdm, shuangwu_console, shuangwu_reader, shuangwu_headend;
grant insert on meter_description to shuangwu_mdm;
