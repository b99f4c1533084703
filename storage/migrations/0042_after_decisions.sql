-- What rests on a decision is done anew once it took effect. Which decisions that was done for is on record, so that whoever comes next makes
-- up for a crash in between.
create table exception_decision_redo (
  decision_id uuid primary key references exception_decision,
  recorded_at timestamptz not null
);
comment on table exception_decision_redo is 'fact: frozen periods that rested on what a decision changed were frozen anew, or there were none';
insert into exception_decision_redo select decision_id, max(recorded_at) from exception_effect group by decision_id;
grant select on exception_decision_redo to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on exception_decision_redo to shuangwu_mdm;
