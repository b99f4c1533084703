-- From an open item to a notice, and after three effective notices to a person. Writer: dunning.

create table dunning_policy_version (
  policy_code text collate "C" not null,
  version     integer not null check (version > 0),
  document    jsonb not null,
  sha256      bytea not null check (length(sha256) = 32),
  author      text collate "C" not null references actor,
  approver    text collate "C" not null references actor,
  recorded_at timestamptz not null,
  primary key (policy_code, version),
  check (author <> approver)
);
comment on table dunning_policy_version is 'fact: a dunning policy as data; cases keep the version they began under';

create table dunning_case (
  case_id         uuid primary key,
  segment_id      bigint not null,
  ordinal         integer not null,
  account_id      bigint not null references account,
  policy_code     text collate "C" not null,
  policy_version  integer not null,
  state           text not null check (state in ('active', 'manual', 'closed_paid', 'closed_cancelled')),
  step            integer not null check (step >= 0),
  effective_count integer not null check (effective_count >= 0),
  changed_at      timestamptz not null,
  unique (segment_id, ordinal),
  foreign key (policy_code, policy_version) references dunning_policy_version
);
comment on table dunning_case is 'state: the collection of one overdue open item; writer dunning, events in dunning_case_event';
create index on dunning_case (account_id);
create table dunning_case_event (
  case_id     uuid not null references dunning_case,
  ordinal     integer not null check (ordinal > 0),
  kind        text not null,
  detail      jsonb not null,
  occurred_at timestamptz not null,
  primary key (case_id, ordinal)
);
comment on table dunning_case_event is 'fact: each input a case took and what came of it';

-- The one outbox: what is to leave the building. Written in the transaction that decides it.
create table outbox_message (
  message_id  uuid primary key,
  kind        text not null check (kind in ('notice')),
  channel     text not null check (channel in ('sms', 'voice', 'email', 'webhook')),
  address     text not null,
  body        jsonb not null,
  not_before  timestamptz not null,
  expires_at  timestamptz not null,
  recorded_at timestamptz not null,
  check (not_before < expires_at)
);
comment on table outbox_message is 'fact: a message to be sent, keyed by what it is about so that it can exist only once';

-- send_intent is committed before the provider is called; a message with an intent and no outcome is queried, never sent again blindly.
create table outbox_event (
  message_id         uuid not null references outbox_message,
  ordinal            integer not null check (ordinal > 0),
  kind               text not null check (kind in ('send_intent', 'accepted', 'delivered', 'failed', 'suppressed', 'expired')),
  provider_reference text,
  detail             text not null,
  occurred_at        timestamptz not null,
  primary key (message_id, ordinal)
);
comment on table outbox_event is 'fact: what became of an outbox message';
create unique index outbox_one_intent on outbox_event (message_id) where kind = 'send_intent';
create index on outbox_event (provider_reference) where kind = 'accepted';

create table notice (
  notice_id   uuid primary key references outbox_message,
  case_id     uuid not null references dunning_case,
  step        integer not null check (step > 0),
  attempt     integer not null check (attempt > 0),
  channel     text not null,
  template    text not null,
  open_fen    bigint not null check (open_fen > 0),
  recorded_at timestamptz not null,
  unique (case_id, step, attempt)
);
comment on table notice is 'fact: an automatic notice of a case, with the amount it names';

create table manual_task (
  task_id      uuid primary key,
  case_id      uuid not null unique references dunning_case,
  account_id   bigint not null references account,
  grid_cell_id bigint not null references grid_cell,
  assignee     text collate "C" not null references actor,
  open_fen     bigint not null check (open_fen > 0),
  due_date     date not null,
  recorded_at  timestamptz not null
);
comment on table manual_task is 'fact: a visit or call by a person, only after three effective automatic notices';

create table manual_task_event (
  task_id     uuid not null references manual_task,
  ordinal     integer not null check (ordinal > 0),
  outcome     text not null check (outcome in ('paid', 'promised', 'disputed', 'unreachable', 'vulnerable', 'cancelled')),
  actor_id    text collate "C" not null references actor,
  occurred_at timestamptz not null,
  primary key (task_id, ordinal)
);
comment on table manual_task_event is 'fact: what came of a manual task';

grant select on dunning_policy_version, dunning_case, dunning_case_event, outbox_message, outbox_event, notice, manual_task, manual_task_event
  to shuangwu_dunning, shuangwu_console, shuangwu_reader;
grant insert on dunning_policy_version, dunning_case, dunning_case_event, outbox_message, outbox_event, notice, manual_task, manual_task_event
  to shuangwu_dunning;
grant update on dunning_case to shuangwu_dunning;
