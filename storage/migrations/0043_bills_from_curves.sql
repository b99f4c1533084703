-- Interval days in place of registers. Writer: mdm.

alter table determinant_quantity add column instead_of text check (instead_of is null or (quantity = 'interval_days' and instead_of <> ''));
comment on column determinant_quantity.instead_of is
  'why these interval days are the energy by slot in place of the registers, where the tariff version allows it; null: they stand beside them';
