import { divideHalfUp, lineFen } from '../../domain/scaled.js'
import type { Tariff } from '../tariffs/tariff.js'
import { fundAccounts, ledgerAccounts } from './accounts.js'
import { type Legs, toLegs } from './legs.js'

/**
 * Issue of a bill: the receivable against revenue, VAT and each fund. Prices include tax, so net = gross / (1 + rate) rounded and
 * VAT = gross − net, that the two always add up; a fund is kWh × its rate rounded; revenue is what is left of the net.
 * The readable truth: `billing/engine` computes the same in columns, and a property test holds the two equal.
 * Source: billing-rules 8 and 13.1.
 */
export function billEntry(
  terms: Pick<Tariff, 'vatRateE4' | 'funds'>,
  bill: { readonly energyE4: bigint; readonly amountFen: bigint },
): Legs {
  const netFen = divideHalfUp(bill.amountFen * 10_000n, 10_000n + terms.vatRateE4)
  const funds = terms.funds.map(({ fund, priceE8 }) => [fundAccounts[fund], lineFen(bill.energyE4, priceE8)] as const)
  const fundsFen = funds.reduce((sum, [, amountFen]) => sum + amountFen, 0n)
  return toLegs([
    [ledgerAccounts.receivable, bill.amountFen],
    [ledgerAccounts.outputVat, netFen - bill.amountFen],
    ...funds.map(([account, amountFen]) => [account, -amountFen] as const),
    [ledgerAccounts.revenue, fundsFen - netFen],
  ])
}
