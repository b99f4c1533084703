-- A broadcast is used before its frame leaves; a frame that could not leave at once is dropped (ADR 0011), and the day's use stands without one.
comment on table standing_order_use is 'fact: the one broadcast time of a line and day was used; unless standing_order_unsent says so, its frame left or its process died before';

create table standing_order_unsent (
  line_id      bigint not null,
  service_date date not null,
  reason       text not null,
  recorded_at  timestamptz not null,
  primary key (line_id, service_date),
  foreign key (line_id, service_date) references standing_order_use
);
comment on table standing_order_unsent is 'fact: the frame of a used broadcast did not leave, and why';

grant select on standing_order_unsent to shuangwu_headend, shuangwu_console, shuangwu_reader;
grant insert on standing_order_unsent to shuangwu_headend;
