-- What makes freezing the determinants of plain accounts cheap. Writer: mdm.

-- Keys that were decided more than once, which a freeze looks for over all meters; few.
create index validation_decision_revised on validation_decision (read_at) where revision > 1;

-- As before: accounts in = determinants + holds, each once and each known. Each table has an account once by its key, so what is left to
-- ask is whether one is in both, and whether all are known; nothing is sorted.
create or replace function check_determinant_set() returns trigger language plpgsql as $$
declare
  determinants integer;
  holds integer;
  known integer;
begin
  select count(*), count(a.account_id) into determinants, known
    from determinant d left join account a using (account_id) where d.set_id = new.set_id;
  select count(*), known + count(a.account_id) into holds, known
    from determinant_hold h left join account a using (account_id) where h.set_id = new.set_id;
  if determinants + holds <> new.account_count or known <> new.account_count
     or holds > 0 and exists (select account_id from determinant_hold where set_id = new.set_id
                              intersect select account_id from determinant where set_id = new.set_id) then
    raise exception 'determinant set % does not hold each of its % accounts once', new.set_id, new.account_count using errcode = 'check_violation';
  end if;
  return new;
end $$;
