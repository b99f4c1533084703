import t from 'tap'
import { rateAccount } from '../../billing/rating/rate-account.js'
import type { SettlementKind } from '../../domain/bill.js'
import { present } from '../../domain/result.js'
import { beijing } from '../../domain/time.js'
import { type BillRow, checkBills } from '../../simulators/truth-check/check-bills.js'
import { parseTariff } from '../../simulators/truth-check/tariff-file.js'
import { parseTruth } from '../../simulators/truth-check/truth-file.js'
import { truthFileOf } from '../../simulators/truth/write-truth.js'
import { describeUtility } from '../../simulators/utility/describe-utility.js'
import type { AccountDescription, PointDescription, UtilityDescription } from '../../simulators/utility/description.js'
import { type MeterStay, meterStaysOf } from '../../simulators/utility/meter-registers.js'
import { at, monthEnd, monthStart } from '../../simulators/utility/story-calendar.js'
import { shippedCodes, shippedJson, shippedTariff } from '../billing/tariffs/shipped-tariffs.js'

const tariffs = shippedCodes.map((code) => parseTariff(JSON.stringify(shippedJson(code))))

t.test('given true registers, the rater bills every account of the county as the truth check expects', async (t) => {
  for (const seed of [1, 2]) {
    const county = describeUtility({ seed })
    const bills = county.points.flatMap((point) => ratedBills(county, point))
    t.equal(bills.length, 305)
    t.same(checkBills(parseTruth(truthFileOf(county)), bills, tariffs), [], `seed ${seed}`)
  }
})

/** Bills of a usage point: one, or two where the account changed hands. */
function ratedBills(county: UtilityDescription, point: PointDescription): readonly BillRow[] {
  const { transfer } = county
  if (point.usagePoint !== transfer.usagePoint)
    return [rated(county, point, point.account, 'regular', at(monthStart), at(monthEnd))]
  return [
    rated(county, point, point.account, 'transfer', at(monthStart), transfer.at),
    rated(county, point, transfer.account, 'regular', transfer.at, at(monthEnd)),
  ]
}

function rated(
  county: UtilityDescription,
  point: PointDescription,
  account: AccountDescription,
  settlementKind: SettlementKind,
  periodStart: number,
  periodEnd: number,
): BillRow {
  const [energyE4 = 0n, tou1 = 0n, tou2 = 0n, tou3 = 0n, tou4 = 0n] = meteredE4(county, point, periodStart, periodEnd)
  const rating = rateAccount(shippedTariff(account.tariff), {
    energyE4,
    touE4: [tou1, tou2, tou3, tou4],
    settlementKind,
    ladderFrom: account === county.transfer.account ? beijing.dateAt(periodStart) : '2026-01-01',
    periodFrom: beijing.dateAt(periodStart),
    periodTo: beijing.dateAt(periodEnd),
    ladderOpeningE4: account.openingLadderE4,
  })
  const { amountFen, ladderEnergyE4 } = present(rating.ok ? rating.value : null, `rating of ${account.code}`)
  return {
    accountCode: account.code,
    periodStart,
    periodEnd,
    amountFen: amountFen.toString(),
    energyE4: energyE4.toString(),
    ladderEnergyE4: ladderEnergyE4.toString(),
  }
}

/** Total and tou1…tou4 after the multiplier, over all meters of the period. No register of the county rolls over in July. */
function meteredE4(county: UtilityDescription, point: PointDescription, start: number, end: number): readonly bigint[] {
  const stays = [...meterStaysOf({ ...county, points: [point] }).values()]
  return stays
    .map((stay) => differencesE4(stay, Math.max(stay.from, start), Math.min(stay.to ?? Infinity, end)))
    .reduce((sums, energies) => sums.map((sum, index) => sum + (energies[index] ?? 0n)))
}

function differencesE4({ registersAt, point }: MeterStay, from: number, to: number): readonly bigint[] {
  const [first, last] = [registersAt(from), registersAt(to)].map(({ totalE4, touE4 }) => [totalE4, ...touE4])
  return present(last, 'last').map((value, index) => ((value ?? 0n) - (first?.[index] ?? 0n)) * BigInt(point.ctRatio))
}
