-- Why an approved order was not written when a node tried to. Writer: headend. An order that waits is tried again every minute, so only
-- another reason than the last one is put down.
create table meter_order_attempt (
  order_id uuid not null references meter_order,
  tried_at timestamptz not null,
  node     text not null,
  reason   text collate "C" not null check (reason ~ '^[a-z_]+$'),
  primary key (order_id, tried_at)
);
comment on table meter_order_attempt is 'fact: a node could not write an approved order, and why; nothing was sent';
grant select on meter_order_attempt to shuangwu_headend, shuangwu_console, shuangwu_reader;
grant insert on meter_order_attempt to shuangwu_headend;
