import type { Fund } from '../tariffs/tariff.js'

/** Numbers of the chart of accounts that migrations lay down. */
export const ledgerAccounts = {
  cashInTransit: 1012,
  receivable: 1122,
  prepaid: 2203,
  outputVat: 2221,
  unidentified: 2299,
  openingBalances: 3001,
  revenue: 6001,
  purchasedPower: 6401,
} as const

export const fundAccounts = {
  rural_grid_loan: 2241,
  reservoir_resettlement: 2242,
  renewable_energy: 2243,
} as const satisfies Record<Fund, number>
