import { present } from '../../domain/result.js'
import { formatScaled, yuan } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import { findProofOpening, type ProofOpeningRow } from '../../storage/billing/proof-openings.js'
import type { Queryable } from '../../storage/database.js'
import type { ProofOpening } from './proof-document.js'
import { iso, kwh, registersOf } from './proof-values.js'

/** What an account brought along as of the beginning of its determinant; null where that is no go-live. */
export async function openingOf(
  client: Queryable,
  account: { readonly account_id: bigint; readonly period_start: Instant },
  frozenAt: Instant,
): Promise<ProofOpening | null> {
  const asOf = account.period_start
  const { items, batches } = await findProofOpening(client, account.account_id, { asOf, frozenAt })
  if (items.length === 0) return null
  const of = (kind: ProofOpeningRow['kind']) => items.filter((item) => item.kind === kind)
  const [ladder] = of('ladder')
  return {
    asOf: iso(asOf),
    batches,
    registers: of('register').map((item) => ({ meter: present(item.meter, 'a meter'), registers: energiesOf(item) })),
    estimates: of('estimate').map((item) => ({
      fromDay: present(item.from_day, 'from_day'),
      toDay: present(item.to_day, 'to_day'),
      energies: energiesOf(item),
    })),
    ladder:
      ladder === undefined
        ? null
        : {
            energy: kwh(present(ladder.energy_e4, 'energy_e4')),
            months: present(ladder.ladder_months, 'ladder_months'),
          },
    demands: of('demand').map(({ month, demand_kw_e4 }) => ({
      month: present(month, 'month'),
      kw: formatScaled(present(demand_kw_e4, 'demand_kw_e4'), 4),
    })),
    prepaid: yuan(of('prepaid').reduce((sum, { amount_fen }) => sum + (amount_fen ?? 0n), 0n)),
    arrears: of('arrear').map(({ bill, amount_fen, due_date }) => ({
      bill: present(bill, 'bill'),
      amount: yuan(present(amount_fen, 'amount_fen')),
      dueDate: present(due_date, 'due_date'),
    })),
  }
}

function energiesOf(item: ProofOpeningRow) {
  return registersOf({ ...item, total_e4: present(item.energy_e4, 'energy_e4') })
}
