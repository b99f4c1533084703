-- Lines: serial ports and RTU framing, and what a window was expected to take beside what it took.

alter table line drop constraint line_kind_check;
alter table line add constraint line_kind_check
  check (kind in ('dlt645_tcp', 'dlt645_serial', 'modbus_tcp', 'modbus_rtu_tcp', 'modbus_rtu_serial', 'mqtt_concentrator'));

-- What was said before a window opened. `ordinal` tells the rows of a window that was begun again after a restart.
call create_time_series('window_forecast', 'window_start', $columns$
  line_id            bigint not null,
  window_start       timestamptz not null,
  ordinal            integer not null check (ordinal > 0),
  jobs               integer not null,
  airtime_ms         bigint not null,
  predicted_end      timestamptz not null,
  unfit_jobs         integer not null,
  missing_ms         bigint not null,
  turnaround_us      integer not null,
  loss_ppm           integer not null check (loss_ppm between 0 and 1000000),
  recorded_at        timestamptz not null,
  primary key (line_id, window_start, ordinal),
  check (unfit_jobs between 0 and jobs and (unfit_jobs = 0) = (missing_ms = 0))
$columns$);
comment on table window_forecast is 'fact: what a window on a line was expected to take, said before it opened, and what could not fit';

call create_time_series('window_completion', 'window_start', $columns$
  line_id       bigint not null,
  window_start  timestamptz not null,
  ordinal       integer not null check (ordinal > 0),
  jobs          integer not null,
  done          integer not null,
  airtime_ms    bigint not null,
  achieved_end  timestamptz not null,
  turnaround_us integer,
  loss_ppm      integer,
  recorded_at   timestamptz not null,
  primary key (line_id, window_start, ordinal),
  check (done between 0 and jobs)
$columns$);
comment on table window_completion is 'fact: what the window of a forecast took, and what was measured on its line';

grant select on window_forecast, window_completion to shuangwu_headend, shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on window_forecast, window_completion to shuangwu_headend;
