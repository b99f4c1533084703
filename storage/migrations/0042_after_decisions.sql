-- What rests on a decision, or on a correction of master data, is done anew once it took effect. Which ones that was done for is on record, so
-- that whoever comes next makes up for a crash in between.
create table exception_decision_redo (
  decision_id uuid primary key references exception_decision,
  recorded_at timestamptz not null
);
comment on table exception_decision_redo is 'fact: frozen periods that rested on what a decision changed were frozen anew, or there were none';
insert into exception_decision_redo select decision_id, max(recorded_at) from exception_effect group by decision_id;
create table registry_correction_redo (
  correction_id uuid primary key references registry_correction_approval,
  recorded_at   timestamptz not null
);
comment on table registry_correction_redo is 'fact: readings and frozen periods that rested on what was corrected were done anew';
insert into registry_correction_redo select correction_id, approved_at from registry_correction_approval;
grant select on exception_decision_redo, registry_correction_redo to shuangwu_mdm, shuangwu_console, shuangwu_reader;
grant insert on exception_decision_redo, registry_correction_redo to shuangwu_mdm;
