import { type Rational, subtract } from '../../../domain/rational.js'
import { err, ok, present, type Result } from '../../../domain/result.js'
import { calendarOf } from '../../../domain/time.js'
import type { Bill } from '../bill.js'
import { differenceOf, totalOf } from '../bill-difference.js'
import { type RatingProblem, rateUsage } from '../rate-usage.js'
import { Refusal } from '../refusal.js'
import { type Blend, blended, createBlend, type RatedDocuments } from './blend.js'
import { CurveNotLaid } from './curve-not-laid.js'
import { createDayMap } from './day-map.js'
import { type Documents, type Factor, factors } from './factors.js'
import { rolesOf } from './roles.js'

/** One factor: what the bill came to before and after it was taken over. */
export interface ComparisonStep {
  readonly factor: Factor
  readonly amount: Rational
  readonly total: Rational
  readonly byComponent: NonNullable<Bill['difference']>['byComponent']
  /** What was rated; `rateUsage` gives the same total again. */
  readonly documents: Documents
}

export interface Comparison {
  readonly first: RatedDocuments
  readonly second: RatedDocuments
  readonly difference: Rational
  /** In the order in which they were taken over; their amounts add up to the difference. */
  readonly steps: readonly ComparisonStep[]
}

type Side = 'first' | 'second'

export type ComparisonProblem =
  | {
      readonly kind: 'zones_differ' | 'currencies_differ' | 'periods_do_not_pair' | 'curve_not_laid'
      readonly message: string
    }
  /** One of the bills themselves. */
  | { readonly kind: 'bill_not_rated'; readonly side: Side; readonly problem: RatingProblem }
  /** No factor that is left can be taken over by itself. */
  | { readonly kind: 'step_not_rated'; readonly factor: Factor; readonly problem: RatingProblem }

/**
 * Why one bill differs from another. One factor after the other is taken over from the second, each time the account is rated anew from full
 * documents, and the factor's amount is the difference of the two totals: so the amounts add up to the fen by construction, and nothing is
 * left over. A factor that cannot be rated while another has not been taken waits for it.
 * @param order the factors in the order in which they are to be taken over; days come first.
 */
export function compareBills(
  from: Documents,
  to: Documents,
  order: readonly Factor[] = factors,
): Result<Comparison, ComparisonProblem> {
  const mismatch = mismatchOf(from, to)
  if (mismatch !== null) return err(mismatch)
  const [first, second] = [rateUsage(from.tariff, from.usage), rateUsage(to.tariff, to.usage)]
  if (!first.ok) return err({ kind: 'bill_not_rated', side: 'first', problem: first.error })
  if (!second.ok) return err({ kind: 'bill_not_rated', side: 'second', problem: second.error })
  const rated = { first: { ...from, bill: first.value }, second: { ...to, bill: second.value } }
  try {
    const steps = takeOver(rated.first, rated.second, order)
    if (!steps.ok) return steps
    const difference = subtract(totalOf(second.value), totalOf(first.value))
    return ok({ ...rated, difference, steps: steps.value })
  } catch (error) {
    if (error instanceof CurveNotLaid) return err({ kind: 'curve_not_laid', message: error.message })
    if (!(error instanceof Refusal)) throw error
    return err({ kind: 'step_not_rated', factor: 'days', problem: error })
  }
}

function mismatchOf(from: Documents, to: Documents): ComparisonProblem | null {
  const { code, decimals } = from.tariff.currency
  const other = to.tariff.currency
  if (from.usage.zone !== to.usage.zone)
    return { kind: 'zones_differ', message: `${from.usage.zone}, ${to.usage.zone}` }
  if (code !== other.code || decimals !== other.decimals)
    return { kind: 'currencies_differ', message: `${code} (${decimals}), ${other.code} (${other.decimals})` }
  if (from.usage.periods.length !== to.usage.periods.length)
    return { kind: 'periods_do_not_pair', message: `${from.usage.periods.length}, ${to.usage.periods.length}` }
  return null
}

function takeOver(
  first: RatedDocuments,
  second: RatedDocuments,
  order: readonly Factor[],
): Result<readonly ComparisonStep[], ComparisonProblem> {
  const calendar = present(calendarOf(second.usage.zone), 'the zone of a rated usage')
  const map = createDayMap(calendar, first.usage.periods, second.usage.periods)
  const blend = createBlend(map, rolesOf([first, second]), first, second)
  const steps: ComparisonStep[] = []
  const taken = new Set<Factor>()
  let waiting = order.filter((factor) => factor !== 'days')
  let before = first.bill
  let candidates: readonly Factor[] = ['days']
  while (candidates.length > 0) {
    const next = firstRated(blend, second, taken, candidates, waiting)
    if (!next.ok) return next
    const { factor, bill, ...documents } = next.value
    steps.push(stepOf(factor, documents, before, bill, second.tariff.currency.decimals))
    taken.add(factor)
    waiting = waiting.filter((one) => one !== factor)
    candidates = waiting
    before = bill
  }
  return ok(steps)
}

interface Next extends RatedDocuments {
  readonly factor: Factor
}

/** The first of the candidates that can be rated now. With the last one the documents are the second bill's, word for word. */
function firstRated(
  blend: Blend,
  second: RatedDocuments,
  taken: ReadonlySet<Factor>,
  candidates: readonly Factor[],
  waiting: readonly Factor[],
): Result<Next, ComparisonProblem> {
  let refused: ComparisonProblem | null = null
  for (const factor of candidates) {
    const isLast = waiting.every((one) => one === factor)
    if (isLast) return ok({ ...second, factor })
    const documents = blended(blend, new Set([...taken, factor]))
    const rated = rateUsage(documents.tariff, documents.usage)
    if (rated.ok) return ok({ ...documents, bill: rated.value, factor })
    refused ??= { kind: 'step_not_rated', factor, problem: rated.error }
  }
  return err(present(refused, 'a factor that is left'))
}

function stepOf(
  factor: Factor,
  { tariff, usage }: Documents,
  before: Bill,
  after: Bill,
  decimals: number,
): ComparisonStep {
  return {
    factor,
    amount: subtract(totalOf(after), totalOf(before)),
    total: totalOf(after),
    byComponent: differenceOf(after, before, decimals).byComponent,
    documents: { tariff, usage },
  }
}
