-- What is to be done when. pg-boss only rings; the truth about a piece of work is here.

create table work_item (
  kind          text collate "C" not null,
  natural_key   text collate "C" not null,
  due_at        timestamptz not null,
  state         text not null check (state in ('due', 'running', 'done', 'failed')),
  attempt       integer not null check (attempt >= 0),
  fencing_token bigint not null check (fencing_token >= 0),
  lease_until   timestamptz,
  payload       jsonb not null,
  changed_at    timestamptz not null,
  primary key (kind, natural_key)
);
comment on table work_item is 'state: a piece of work under a key its creator can recompute; events in work_item_event';
create index on work_item (due_at) where state in ('due', 'running');

create table work_item_event (
  kind          text collate "C" not null,
  natural_key   text collate "C" not null,
  ordinal       integer not null check (ordinal > 0),
  state         text not null,
  fencing_token bigint not null,
  detail        text not null,
  occurred_at   timestamptz not null,
  primary key (kind, natural_key, ordinal),
  foreign key (kind, natural_key) references work_item
);
comment on table work_item_event is 'fact: each change of a work item';

grant select, insert, update on work_item to shuangwu_headend, shuangwu_mdm, shuangwu_billing, shuangwu_dunning, shuangwu_console;
grant select, insert on work_item_event to shuangwu_headend, shuangwu_mdm, shuangwu_billing, shuangwu_dunning, shuangwu_console;
grant select on work_item, work_item_event to shuangwu_reader;
