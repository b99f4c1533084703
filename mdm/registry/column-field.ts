/** The field of a document that a column of a registry table comes from. */
export function fieldOfColumn(column: string): string {
  const named = otherwiseNamed[column]
  if (named !== undefined) return named
  return column.replace(/_id$/, '').replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

const otherwiseNamed: Readonly<Record<string, string>> = {
  effective_from: 'from',
  effective_to: 'to',
  starts_at: 'from',
  ends_at: 'to',
  occurred_at: 'at',
  tariff_code: 'tariff',
  transformer_code: 'transformer',
  ladder_energy_e4: 'ladderEnergyKwh',
  share_e6: 'share',
  quantity_e4: 'quantityKwh',
  no_load_loss_kw_e4: 'noLoadLossKw',
  load_loss_kw_e4: 'loadLossKw',
  no_load_current_e4: 'noLoadCurrentPercent',
  impedance_e4: 'impedancePercent',
  register_e4: 'registersKwh',
  ladder_e4: 'ladderKwh',
  estimate_e4: 'estimatesKwh',
  prepaid_fen: 'prepaid',
  arrear_fen: 'arrears',
  energy_e4: 'energyKwh',
  tou1_e4: 'tou1Kwh',
  tou2_e4: 'tou2Kwh',
  tou3_e4: 'tou3Kwh',
  tou4_e4: 'tou4Kwh',
  demand_kw_e4: 'demandKw',
  amount_fen: 'amount',
  // The digest of a batch is over its items, too.
  sha256: 'openingItems',
}
