-- One frame row holds one message as received: what a line answered for one reading, or all that an upload brought. A reading names
-- the slice of `response` that decodes to it (both null: the whole), so that a proof never shows another customer's meter.

alter table reading add column frame_offset integer;
alter table reading add column frame_length integer;
alter table reading_claim add column frame_offset integer;
alter table reading_claim add column frame_length integer;
comment on column reading.frame_offset is 'first byte of the slice of frame.response, counted from 0; null with frame_length: the whole response';

create or replace view reading_claims as
  select meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, line_sequence, frame_received_at, recorded_at,
         frame_offset, frame_length from reading
  union all
  select meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, line_sequence, frame_received_at, recorded_at,
         frame_offset, frame_length from reading_claim
  union all
  select meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, null, null, null, recorded_at, null, null from manual_reading;

-- Frames hold few repeated bytes and are read by slice: compressing them costs more time than it saves room.
alter table frame alter column response set storage external;

-- Numbers of frames, the same for all lines and nodes. Each draw stands for a block of 1000, of which its drawer uses what it needs.
create sequence frame_sequence increment by 1000;
grant usage on sequence frame_sequence to shuangwu_headend;

alter table line_lease drop column next_sequence;
comment on table line_lease is 'state: who may talk on a line, under which fencing token';

-- Whose reading an upload brings is asked by address, for thousands of meters at once.
create index on meter (communication_address);
