-- Which due points there are and how each of them stands, told in one place: the head-end's accounts, the exception queue and the pages ask
-- the same functions, as of any instant. A claim that does not count serves nothing; what the decision on a reading says comes before how
-- it was got; a point that rests on a change which was withdrawn never was.

-- Few objects were revised, and few readings were decided by a person: whoever looks for them need not go through all others.
create index installation_revised on installation_timeline (usage_point_id) where revision > 1;
create index validation_decision_by_person on validation_decision (read_at) where decided_by is not null;

-- As meter_misaddressed, by what was known at an instant.
create function meter_misaddressed_as_of(known_at timestamptz)
returns table (meter_id bigint, told_from timestamptz, told_until timestamptz) language sql stable parallel safe as $$
  with said as materialized (select * from meter_description where recorded_at <= known_at)
  select d.meter_id, d.told_from, d.told_until
    from (select s.meter_id, s.was_protocol, s.was_communication_address, s.recorded_at as told_until,
                 lag(s.recorded_at, 1, '-infinity') over (partition by s.meter_id order by s.revision) as told_from
            from said s) d
    join (select distinct on (s.meter_id) s.meter_id, s.protocol, s.communication_address from said s order by s.meter_id, s.revision desc) n
      on n.meter_id = d.meter_id
   where (d.was_protocol, d.was_communication_address) <> (n.protocol, n.communication_address)
$$;

-- Due points of (after_at, through_at] that were laid for what the registry no longer says: a meter that by the last revision had not come to
-- the usage point by then, and the registers of an exchange that was withdrawn. (A meter that had hung there and left excuses its points.)
create function due_point_void(known_at timestamptz, after_at timestamptz, through_at timestamptz)
returns table (meter_id bigint, template text, read_at timestamptz) language sql stable parallel safe as $$
  with revised as materialized (
    select distinct t.usage_point_id from installation_timeline t where t.revision > 1 and t.recorded_at <= known_at),
  hung as materialized (
    select t.usage_point_id, t.meter_id, t.effective_from, t.effective_to,
           t.revision = max(t.revision) over (partition by t.usage_point_id) as is_last
      from revised r join installation_timeline t on t.usage_point_id = r.usage_point_id
     where t.recorded_at <= known_at),
  came as materialized (
    -- That nothing was ever there is said by a stretch in the first millisecond of time.
    select h.usage_point_id, h.meter_id,
           coalesce(min(h.effective_from) filter (where h.is_last and (h.effective_to is null or h.effective_to > timestamptz 'epoch' + interval '1 millisecond')),
                    'infinity') as came_at
      from hung h group by h.usage_point_id, h.meter_id)
  select d.meter_id, d.template, d.read_at
    from came c
    join due_read d on d.meter_id = c.meter_id and d.usage_point_id = c.usage_point_id
   where c.came_at > after_at and d.read_at > after_at and d.read_at <= through_at and d.read_at < c.came_at
  union
  select d.meter_id, d.template, d.read_at
    from meter_exchange_withdrawal w
    join came c on c.usage_point_id = w.usage_point_id
    join due_read d on d.meter_id = c.meter_id and d.usage_point_id = c.usage_point_id and d.read_at = w.exchanged_at
   where w.recorded_at <= known_at and w.exchanged_at > after_at and w.exchanged_at <= through_at
     and d.template = 'noted_registers' and d.read_at > after_at and d.read_at <= through_at
     and not exists (select from meter_exchange e
                      where (e.usage_point_id, e.exchanged_at) = (w.usage_point_id, w.exchanged_at) and e.recorded_at <= known_at
                        and not exists (select from meter_exchange_withdrawal o
                                         where (o.usage_point_id, o.exchanged_at, o.revision) = (e.usage_point_id, e.exchanged_at, e.revision)
                                           and o.recorded_at <= known_at))
     and not exists (select from due_purpose p
                      where (p.meter_id, p.template, p.read_at) = (d.meter_id, d.template, d.read_at) and p.purpose <> 'exchange')
$$;

-- How a due point stands: what was decided of its reading, else its claim, else its excuse. `is_claimed`: a claim that counts serves it.
--   read       a claim that nothing speaks against     held      in doubt: the last decision holds it, and a person has to decide
--   estimated  the decided value is an estimate        corrected a person entered the value
--   exempt     nothing is wanted, on record            open      nothing is there
create function due_point_state(known_at timestamptz, meter_id bigint, template text, usage_point_id bigint, line_id bigint, read_at timestamptz,
                                is_claimed boolean)
returns table (state text, excuse text) language sql stable parallel safe as $$
  select case
           when d.standing = 'held' and (x.excuse is null or (is_claimed and x.excuse <> 'meter_removed')) then 'held'
           when d.standing <> 'held' then d.standing
           when d.standing is null and is_claimed then 'read'
           when x.excuse is not null then 'exempt'
           else 'open'
         end,
         x.excuse
    from (select (select case when v.verdict <> 'accepted' then v.verdict when v.source = 7 then 'corrected' end
                    from validation_decision v
                   where due_point_state.template in ('daily_freeze', 'noted_registers') and v.meter_id = due_point_state.meter_id
                     and v.quantity = 1 and v.read_at = due_point_state.read_at and v.recorded_at <= known_at
                   order by v.revision desc limit 1) as standing
          offset 0) d
    -- A case, so that what has a value is not asked for its excuse; an offset, so that both columns share the answer.
   cross join lateral (
     select case when not is_claimed or d.standing = 'held'
                 then (select e.excuse from due_excuse(known_at, due_point_state.meter_id, due_point_state.usage_point_id,
                                                       due_point_state.line_id, due_point_state.read_at) e) end as excuse
     offset 0) x
$$;

-- As before, with what a claim is judged by: when it was told, and since when a note is withdrawn.
drop view served_read;
drop function served_otherwise(timestamptz, timestamptz);
create function served_otherwise(after_at timestamptz, through_at timestamptz)
returns table (meter_id bigint, template text, read_at timestamptz, source smallint, served_at timestamptz, told_at timestamptz,
               withdrawn_at timestamptz)
language sql stable parallel safe as $$
  select d.meter_id, d.template, d.read_at, r.source, r.recorded_at, coalesce(r.frame_received_at, r.recorded_at), null::timestamptz
    from due_read d join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.source = 4
     and r.read_at > d.read_at and r.read_at <= d.read_at + live_tolerance()
   where d.template = 'daily_freeze' and d.read_at > after_at and d.read_at <= through_at
     and r.read_at > after_at and r.read_at <= through_at + live_tolerance()
  union all
  select m.meter_id, t.template, m.read_at, m.source, m.recorded_at, m.recorded_at,
         (select w.recorded_at from manual_reading_withdrawal w
           where (w.meter_id, w.quantity, w.read_at, w.source, w.revision, w.noted_for)
               = (m.meter_id, m.quantity, m.read_at, m.source, m.revision, m.noted_for))
    from manual_reading m cross join (values ('daily_freeze'), ('noted_registers')) t (template)
   where m.quantity = 1 and m.read_at > after_at and m.read_at <= through_at
  union all
  select meter_id, 'monthly_set', settled_at, collection_source(settled_at, frame_received_at), recorded_at, frame_received_at, null
    from settlement_reading where quantity = 1 and settled_at > after_at and settled_at <= through_at
  union all
  select d.meter_id, d.template, d.read_at, r.source, greatest(r.recorded_at, min(s.recorded_at)),
         coalesce(r.frame_received_at, r.recorded_at), null
    from due_read d
    join reading r on r.meter_id = d.meter_id and r.quantity = 1 and r.read_at = d.read_at
    join settlement_reading s on s.meter_id = d.meter_id and s.quantity = 1 and s.settled_at <> d.read_at
     and s.settled_at > d.read_at - interval '32 days' and s.settled_at < d.read_at + interval '32 days'
     and s.frame_received_at >= d.read_at
   where d.template = 'monthly_set' and d.read_at > after_at and d.read_at <= through_at
     and r.read_at > after_at and r.read_at <= through_at
   group by d.meter_id, d.template, d.read_at, r.source, r.recorded_at, r.frame_received_at
  union all
  select d.meter_id, d.template, d.read_at, collection_source(d.read_at, day.received_at), day.served_at, day.received_at, null
    from due_read d
   cross join lateral (
     select max(slot.recorded_at) as served_at, max(slot.received_at) as received_at, sum(slot.length) as covered
       from (select min(p.recorded_at) as recorded_at, min(p.frame_received_at) as received_at, max(p.slot_end - p.slot_start) as length
               from interval_piece p
              where p.meter_id = d.meter_id and p.curve = 4
                and p.slot_start >= d.read_at - interval '24 hours' and p.slot_start < d.read_at
              group by p.slot_start) slot) day
   where d.template = 'curve_day' and d.read_at > after_at and d.read_at <= through_at and day.covered = interval '24 hours'
$$;
create view served_read as
  select meter_id, 'daily_freeze' as template, read_at, source, recorded_at as served_at from reading where quantity = 1
  union all
  select meter_id, template, read_at, source, served_at from served_otherwise('-infinity', 'infinity');
grant select on served_read to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;

-- The head-end tells how a point stands; what people decided about its reading belongs to that.
grant select on validation_decision to shuangwu_headend;
