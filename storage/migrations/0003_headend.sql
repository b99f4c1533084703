-- What the field said. Writer: headend. Stamps outside [now - 400 d, now + 1 d] never get here: they are quarantined.

call create_time_series('frame', 'received_at', $columns$
  line_id       bigint not null,
  line_sequence bigint not null,
  received_at   timestamptz not null,
  meter_id      bigint,
  protocol      text not null,
  request       bytea,
  response      bytea not null,
  primary key (line_id, line_sequence, received_at)
$columns$);
comment on table frame is 'fact: bytes as they came from a line, with the request they answer; the root of every proof';

-- One row per register set. Energies e4, before the multiplier; source as in domain/reading.ts.
call create_time_series('reading', 'read_at', $columns$
  meter_id          bigint not null,
  quantity          smallint not null,
  read_at           timestamptz not null,
  total_e4          bigint not null,
  tou1_e4           bigint,
  tou2_e4           bigint,
  tou3_e4           bigint,
  tou4_e4           bigint,
  source            smallint not null,
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz,
  recorded_at       timestamptz not null,
  primary key (meter_id, quantity, read_at)
$columns$);
comment on table reading is 'fact: the first claim of a register set under its natural key (meter, quantity, instant)';

call create_time_series('reading_claim', 'read_at', $columns$
  meter_id          bigint not null,
  quantity          smallint not null,
  read_at           timestamptz not null,
  total_e4          bigint not null,
  tou1_e4           bigint,
  tou2_e4           bigint,
  tou3_e4           bigint,
  tou4_e4           bigint,
  source            smallint not null,
  line_id           bigint,
  line_sequence     bigint,
  frame_received_at timestamptz,
  recorded_at       timestamptz not null,
  claim_digest      bytea not null,
  primary key (meter_id, quantity, read_at, claim_digest)
$columns$);
comment on table reading_claim is 'fact: further claims with another value under a key that reading holds; any row here makes the key disputed';

-- A due point: this meter's registers at this instant are wanted. Laid down by the read plan before the read is tried.
call create_time_series('due_read', 'read_at', $columns$
  meter_id       bigint not null,
  read_at        timestamptz not null,
  usage_point_id bigint not null,
  line_id        bigint not null,
  recorded_at    timestamptz not null,
  primary key (meter_id, read_at)
$columns$);
comment on table due_read is 'fact: a due point of the read plan (meter, midnight)';

call create_time_series('failed_read', 'read_at', $columns$
  meter_id    bigint not null,
  read_at     timestamptz not null,
  attempt     integer not null,
  cause       text not null,
  failed_at   timestamptz not null,
  primary key (meter_id, read_at, attempt)
$columns$);
comment on table failed_read is 'fact: one attempt at a due point that brought no value, and why';

-- Totals of one collection window on one line; the sums per line are what a crew sees.
call create_time_series('line_statistics', 'window_start', $columns$
  line_id      bigint not null,
  window_start timestamptz not null,
  window_key   text collate "C" not null,
  requests     bigint not null,
  replies      bigint not null,
  bytes_out    bigint not null,
  bytes_in     bigint not null,
  damaged      bigint not null,
  refused      bigint not null,
  repaired     bigint not null,
  timeouts     bigint not null,
  recorded_at  timestamptz not null,
  primary key (line_id, window_key, window_start)
$columns$);
comment on table line_statistics is 'fact: frames and bytes of one collection window on one line';

create table quarantine (
  quarantine_id text collate "C" primary key,
  line_id       bigint,
  reason        text not null,
  payload       bytea not null,
  received_at   timestamptz not null
);
comment on table quarantine is 'fact: messages refused before they became readings, with the reason';

-- One owner per line. The holder continues the line''s frame sequence.
create table line_lease (
  line_id       bigint primary key,
  owner         text not null,
  fencing_token bigint not null,
  next_sequence bigint not null,
  expires_at    timestamptz not null
);
comment on table line_lease is 'state: who may talk on a line, under which fencing token';
create table line_lease_event (
  line_id       bigint not null,
  fencing_token bigint not null,
  owner         text not null,
  taken_at      timestamptz not null,
  primary key (line_id, fencing_token)
);
comment on table line_lease_event is 'fact: each change of owner of a line';

grant select on frame, reading, reading_claim, due_read, failed_read, line_statistics, quarantine, line_lease, line_lease_event
  to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on frame, reading, reading_claim, due_read, failed_read, line_statistics, quarantine, line_lease, line_lease_event
  to shuangwu_headend;
grant update on line_lease to shuangwu_headend;
