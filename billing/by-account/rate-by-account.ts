import { maxBilledE4 } from '../../domain/bill.js'
import { multiply, type Rational, rational } from '../../domain/rational.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import type { Calendar } from '../../domain/time.js'
import type { PackedLine } from '../../storage/billing/component-bills.js'
import { componentEntry } from '../ledger/component-entry.js'
import type { Legs } from '../ledger/legs.js'
import type { Bill, BillPeriod } from '../rating/bill.js'
import { rateUsage, type RatingAsked } from '../rating/rate-usage.js'
import { exact } from '../rating/usage/register-quantity.js'
import type { RatingState, UsageDocument } from '../rating/usage/usage-schema.js'
import type { ComponentTariff, TariffVersion } from '../tariffs/components/tariff-schema.js'
import type { AccountInput } from './account-input.js'
import type { AccountProblem } from './account-problem.js'
import { asksForCurve } from './asks-for-curve.js'
import { restsOnFilledDays } from './interval-energies.js'
import { ladderEnergyE4 } from './ladder-energy.js'
import { openingState } from './opening-state.js'
import { linesSha256, packLine } from './packed-lines.js'
import { toUsage } from './to-usage.js'
import { standsInFor } from './usage-quantities.js'

/** A bill under a tariff of components as a run stores it, with what `rate` would say of the same usage. */
export interface AccountBill {
  /** The version that holds when the period ends: it says how the bill is booked. */
  readonly version: TariffVersion
  readonly usage: UsageDocument
  readonly rated: Bill
  readonly lines: readonly PackedLine[]
  /** 32 bytes. */
  readonly linesSha256: Uint8Array
  readonly amountFen: bigint
  /** Whether its energy is that of interval days. */
  readonly fromCurve: boolean
  /** Whether intervals that nobody measured are in it. */
  readonly hasFilledDays: boolean
  readonly ladderEnergyE4: bigint
  readonly closing: RatingState
  readonly legs: Legs
}

/** Amounts of a bill stay below this in the columns of a run. */
const mostFen = 2n ** 52n

/** Rates one account of a run from its determinants, by the readable truth; with the steps of each line where they are asked for. */
export function rateByAccount(
  input: AccountInput,
  tariff: ComponentTariff,
  place: { readonly calendar: Calendar; readonly zone: string },
  asked?: RatingAsked,
): Result<AccountBill, AccountProblem> {
  const { calendar } = place
  if (input.energies.some((energyE4) => magnitude(BigInt(energyE4)) > maxBilledE4))
    return refused('quantity_out_of_range', 'usage.periods.0.quantities', 'beyond what one bill may hold')
  const versions = versionsIn(tariff, calendar.dateAt(input.start), calendar.dateAt(input.end - 1))
  const version = versions.at(-1)
  if (version === undefined) return refused('tariff_gap', 'usage.periods.0', 'no version of the tariff holds')
  const opening = openingState(input, tariff, versions, place)
  if (!opening.ok) return opening
  const fromCurve = versions.some(asksForCurve) || standsInFor(input) !== null
  const usage = toUsage(input, version, { ...place, opening: opening.value, fromCurve })
  if (!usage.ok) return usage
  const rated = rateUsage(tariff, usage.value, asked)
  if (!rated.ok) return err(withMissing(rated.error, input))
  const period = present(rated.value.periods[0], 'the period of a run')
  const amountFen = wholeFen(exact(period.totals.amount), tariff.currency.decimals)
  if (amountFen === null)
    return refused('amount_not_whole_fen', 'tariff.versions.rounding', `the bill comes to ${period.totals.amount}`)
  if (magnitude(amountFen) >= mostFen)
    return refused('quantity_out_of_range', 'usage.periods.0', `the bill comes to ${period.totals.amount}`)
  const lines = period.lines.map(packLine)
  return ok({
    version,
    usage: usage.value,
    rated: rated.value,
    lines,
    linesSha256: linesSha256(lines),
    amountFen,
    fromCurve,
    hasFilledDays: fromCurve && restsOnFilledDays(input),
    ladderEnergyE4: ladderEnergyE4(version, period.closing),
    closing: period.closing,
    legs: entryOf(version, period, tariff.currency.decimals, { energyE4: BigInt(input.energies[0]), amountFen }),
  })
}

/** Versions that hold on some day of [first, last], by begin. */
export function versionsIn({ versions }: ComponentTariff, first: string, last: string): readonly TariffVersion[] {
  return versions
    .filter(({ validFrom, validTo }) => validFrom <= last && (validTo === undefined || validTo > first))
    .toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
}

function entryOf(
  { posting }: TariffVersion,
  { lines }: BillPeriod,
  decimals: number,
  bill: { readonly energyE4: bigint; readonly amountFen: bigint },
): Legs {
  const charged = lines.map(({ component, amount }) => ({
    component,
    fen: multiply(exact(amount), rational(10n ** BigInt(decimals))),
  }))
  return componentEntry(present(posting, 'the posting of a version that runs bill by'), charged, bill)
}

/** What rating found missing, with what the freeze said of determinants that it does not know. */
function withMissing(problem: AccountProblem, { quantities }: AccountInput): AccountProblem {
  const unknown = quantities.flatMap(({ name, missing }) => (missing === null ? [] : [`${name}: ${missing}`]))
  if (problem.kind !== 'quantity_unknown' || unknown.length === 0) return problem
  return { ...problem, message: `${problem.message} (${unknown.join('; ')})` }
}

/** Null for an amount that has parts of the minor unit. */
function wholeFen(amount: Rational, decimals: number): bigint | null {
  const { n, d } = multiply(amount, rational(10n ** BigInt(decimals)))
  return d === 1n ? n : null
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

function refused(kind: AccountProblem['kind'], path: string, message: string): Result<never, AccountProblem> {
  return err({ kind, path, message })
}
