-- Who or what decided a value, and what kind of supply an agreement is for.

-- A person's decision stands: the rules leave its key alone until a claim comes that nobody had seen.
alter table validation_decision add column policy_version text collate "C";
alter table validation_decision add column decided_by text collate "C";

-- Class of supply (用电类别): thresholds of validation go by it. Null: as the customer's kind says. Capacity in whole kVA.
alter table agreement_timeline add column usage_class text
  check (usage_class in ('residential', 'commercial', 'large_industrial', 'agricultural'));
alter table agreement_timeline add column contract_capacity_kva integer check (contract_capacity_kva > 0);
