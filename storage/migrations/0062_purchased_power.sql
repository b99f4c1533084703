-- What customers feed in is bought: a cost of its own, not less revenue.
insert into ledger_account values (6401, '主营业务成本—购电', 'Cost of purchased power', 'debit');
