import type { Queryable } from '../../storage/database.js'
import { findProofBills } from '../../storage/billing/proof.js'
import type { BilledDifference } from '../../storage/mdm/billed-differences.js'
import { type ChangeSinceFreeze, changesSinceFreeze, lastSetOfPeriod } from '../../storage/mdm/changes-since-freeze.js'
import { billedOfSet } from '../determinants/billed-of-set.js'

/** That a bill is no longer what would be billed, and why. */
export interface CorrectionDue {
  readonly billedSet: bigint
  readonly lastSet: bigint
  readonly timeZone: string
  /** What the last freeze of its period says otherwise; null where what changed was not frozen anew yet. */
  readonly difference: BilledDifference | null
  readonly changes: readonly ChangeSinceFreeze[]
}

/** Null where the bill agrees with the last freeze of its period, and nothing was told or decided since that it may rest on. */
export async function correctionDueOf(
  reader: Queryable,
  wanted: { readonly billNumber: bigint } | { readonly accountCode: string },
): Promise<CorrectionDue | null> {
  const [bill] = await findProofBills(reader, wanted)
  if (bill === undefined) return null
  const { account_id: accountId, set_id: billedSet, time_zone: timeZone, frozen_at: frozenAt } = bill
  const last = await lastSetOfPeriod(reader, billedSet)
  const differences = await billedOfSet(reader, last.setId, accountId)
  const difference = differences.find(({ billNumber }) => billNumber === bill.bill_number) ?? null
  // What was frozen anew and came to the same needs no correction.
  const owedAlone = difference === null
  const since = owedAlone ? last.frozenAt : frozenAt
  const period = { from: bill.period_start, to: bill.period_end }
  const changes = await changesSinceFreeze(reader, { accountId, since, owedAlone, ...period })
  if (difference === null && changes.length === 0) return null
  return { billedSet, lastSet: last.setId, timeZone, difference, changes }
}

/** The bills that rest on a set and no longer agree with the last freeze of its period. */
export async function correctionsDueOfSet(reader: Queryable, setId: bigint): Promise<readonly BilledDifference[]> {
  const last = await lastSetOfPeriod(reader, setId)
  const differences = last.setId === setId ? [] : await billedOfSet(reader, last.setId)
  return differences.filter(({ billedSet }) => billedSet === setId)
}
