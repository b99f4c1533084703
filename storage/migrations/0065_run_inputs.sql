-- A run keeps what it froze of each shard, so that its dry run, its issue and whoever rates it again read just that, and once is enough to
-- look for where each account's ladder stands. About 100 bytes an account, not compressed: they are read more often than they are kept.
create table run_input (
  segment_id bigint primary key references run_segment,
  usages bytea not null
);
alter table run_input alter column usages set storage external;
comment on table run_input is 'fact: what the accounts of a shard are billed on, as the run froze it, in columns';
comment on column run_input.usages is 'storage/billing/packed-usages.ts says how; its SHA-256 is in the manifest';
revoke all on run_input from public;
grant select, insert on run_input to shuangwu_billing;
grant select on run_input to shuangwu_reader;

-- A freeze asks whether an agreement or a multiplier has a later revision. Few have; as for installations, those alone are looked through.
create index agreement_revised on agreement_timeline (account_id, revision) where revision > 1;
create index multiplier_revised on multiplier_timeline (usage_point_id, revision) where revision > 1;
