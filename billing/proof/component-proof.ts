import { err, ok, present, type Result } from '../../domain/result.js'
import type { Calendar } from '../../domain/time.js'
import type { ProofBillRow, ProofDeterminantRow } from '../../storage/billing/proof.js'
import type { Transaction } from '../../storage/database.js'
import { accountInputSchema } from '../by-account/account-input.js'
import { unpackLine } from '../by-account/packed-lines.js'
import type { AccountProblem } from '../by-account/account-problem.js'
import { rateByAccount } from '../by-account/rate-by-account.js'
import { evidenceOf, headOf } from './bill-evidence.js'
import { type ComponentRows, readComponentRows } from './component-rows.js'
import type { ComponentProof } from './proof-document.js'
import { intervalsOf } from './proof-interval-days.js'
import { measuredOf } from './proof-measured.js'
import type { SegmentContext } from './proof-segments.js'

interface Read {
  readonly bill: ProofBillRow
  readonly used: ProofDeterminantRow
  readonly calendar: Calendar
  readonly registerMapOf: SegmentContext['registerMapOf']
  /** Where somebody has read it for many bills already. */
  readonly rows: ComponentRows | undefined
}

/** What a bill rests on no longer comes to a bill. */
export interface BillNotRated {
  readonly kind: 'bill_not_rated'
  /** What rating refused; a text where what the bill rests on is not there. */
  readonly problem: AccountProblem | string
}

/** A bill under a tariff of components with all that it rests on: its stored lines beside those that its inputs come to once more. */
export async function componentContentOf(
  tx: Transaction,
  { bill, used, calendar, registerMapOf, rows }: Read,
): Promise<Result<Omit<ComponentProof, 'sha256'>, BillNotRated>> {
  const { tariffs, inputs, stored, quantities } = rows ?? (await readComponentRows(tx, [bill], calendar))
  const { tariff, versions } = present(tariffs.get(bill.tariff_code), `tariff ${bill.tariff_code}`)
  const input = accountInputSchema.parse(present(inputs.get(bill.account_id), `inputs of account ${bill.account_code}`))
  const again = rateByAccount(input, tariff, { calendar, zone: bill.time_zone }, { explained: true })
  if (!again.ok) return err({ kind: 'bill_not_rated', problem: again.error })
  const rated = again.value
  // A bill whose lines are gone is no defect of ours: the checker finds that they do not come to its amount.
  const { lines, closing } = stored.get(bill.ordinal) ?? { lines: [], closing: null }
  return ok({
    format: 'component-proof/1',
    bill: { ...headOf(bill, used, calendar), lines: lines.map(unpackLine) },
    ...(await evidenceOf(tx, bill, used, registerMapOf)),
    tariff: { versions },
    intervals: rated.fromCurve ? await intervalsOf(tx, bill) : null,
    measured: await measuredOf(tx, used, quantities.get(bill.account_id) ?? [], {
      registerMapOf,
      frozenAt: bill.frozen_at,
      freeze: { setId: bill.set_id, periodStart: bill.run_period_start, periodEnd: bill.run_period_end },
    }),
    usage: rated.usage,
    rated: rated.rated,
    closing,
    ratedSha256: Buffer.from(rated.linesSha256).toString('hex'),
  })
}
