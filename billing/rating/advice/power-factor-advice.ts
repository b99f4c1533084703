import {
  add,
  compare,
  divide,
  floor,
  parseRational,
  rational,
  type Rational,
  subtract,
  sum,
} from '../../../domain/rational.js'
import { err, ok, present, type Result } from '../../../domain/result.js'
import { calendarOf, hourMs } from '../../../domain/time.js'
import type { PowerFactorComponent } from '../../tariffs/components/component-schema.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import type { BillPeriod } from '../bill.js'
import { type RatingProblem, rateUsage } from '../rate-usage.js'
import { instantOf } from '../usage/local-time.js'
import type { UsageDocument } from '../usage/usage-schema.js'

/** What a period is charged at one power factor. */
export interface AtPowerFactor {
  readonly powerFactor: Rational
  /** Of all components that adjust by power factor, as rounded; negative for a reward. */
  readonly adjustment: Rational
  /** The whole bill of the period. */
  readonly total: Rational
}

/** A better power factor, and the least that brings it. */
export interface PowerFactorStep extends AtPowerFactor {
  /** Whole kvarh less than was metered; one less would not do. */
  readonly lessKvarh: bigint
  /** The same as mean kvar over the hours of the period. */
  readonly meanKvar: Rational
  /** The bill as it is less the bill with it. */
  readonly saving: Rational
}

export interface PowerFactorAdvice {
  readonly period: Pick<BillPeriod, 'start' | 'end'>
  /** Name of the quantity that there would be less of, and how much of it was charged. */
  readonly reactive: { readonly name: string; readonly kvarh: Rational }
  readonly now: AtPowerFactor
  /** From the next step of the table to the last that changes the bill; empty where none does. */
  readonly steps: readonly PowerFactorStep[]
}

export type AdviceProblem =
  | { readonly kind: 'no_power_factor' | 'reactive_not_named' | 'reactive_in_parts'; readonly message: string }
  | { readonly kind: 'bill_not_rated'; readonly problem: RatingProblem }

/**
 * How much less reactive energy the last period of a usage would need for each better power factor of its tariff's table, and what each is
 * worth. Every figure is a full rating of the same documents with that much less metered, so tables, roundings, losses and taxes are the
 * tariff's own.
 */
export function powerFactorAdvice(
  tariff: ComponentTariff,
  usage: UsageDocument,
): Result<PowerFactorAdvice, AdviceProblem> {
  const rated = rateLess(tariff, usage, null)
  if (!rated.ok) return rated
  const adjusting = adjustingOf(tariff, rated.value)
  if (!adjusting.ok) return adjusting
  const { name, codes, step } = adjusting.value
  const kvarh = quantityOf(rated.value, name)
  const now = atPowerFactor(rated.value, codes)
  if (kvarh === null || now === null)
    return err({
      kind: 'no_power_factor',
      message: '末期没有用以计算功率因数的无功电量 the last period has no reactive energy to come to a power factor by',
    })
  if (isInParts(usage, name))
    return err({
      kind: 'reactive_in_parts',
      message: `${name} 按时段或区间给出，应给出总量 is given by slots or by intervals: give its total`,
    })
  const at = (lessKvarh: bigint): Result<AtPowerFactor, AdviceProblem> => {
    const less = rateLess(tariff, usage, { name, lessKvarh })
    return less.ok ? ok(present(atPowerFactor(less.value, codes), 'a power factor of less reactive energy')) : less
  }
  const steps = stepsFrom({ now, most: floor(kvarh), step, hours: hoursOf(usage) }, at)
  if (!steps.ok) return steps
  const { start, end } = rated.value
  return ok({ period: { start, end }, reactive: { name, kvarh }, now, steps: steps.value })
}

interface Search {
  readonly now: AtPowerFactor
  /** Whole kvarh that there are. */
  readonly most: bigint
  /** By how much the power factor is told apart. */
  readonly step: Rational
  readonly hours: Rational
}

type At = (lessKvarh: bigint) => Result<AtPowerFactor, AdviceProblem>

function stepsFrom({ now, most, step, hours }: Search, at: At): Result<readonly PowerFactorStep[], AdviceProblem> {
  const best = at(most)
  if (!best.ok) return best
  const steps: PowerFactorStep[] = []
  let [before, enough] = [now, 0n]
  while (compare(before.powerFactor, best.value.powerFactor) < 0 && !isSame(before.adjustment, best.value.adjustment)) {
    const found = leastFor(add(before.powerFactor, step), { above: enough, most }, at)
    if (!found.ok) return found
    const { lessKvarh, ...reached } = found.value
    if (!isSame(reached.adjustment, before.adjustment)) {
      const meanKvar = divide(rational(lessKvarh), hours)
      steps.push({ ...reached, lessKvarh, meanKvar, saving: subtract(now.total, reached.total) })
    }
    before = reached
    enough = lessKvarh
  }
  return ok(steps)
}

function isSame(a: Rational, b: Rational): boolean {
  return compare(a, b) === 0
}

/** The least that brings a power factor, which never falls when there is less reactive energy. */
function leastFor(
  wanted: Rational,
  { above, most }: { readonly above: bigint; readonly most: bigint },
  at: At,
): Result<AtPowerFactor & { readonly lessKvarh: bigint }, AdviceProblem> {
  let [low, high] = [above, most]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    const tried = at(middle)
    if (!tried.ok) return tried
    if (compare(tried.value.powerFactor, wanted) >= 0) high = middle
    else low = middle
  }
  const reached = at(high)
  return reached.ok ? ok({ ...reached.value, lessKvarh: high }) : reached
}

/** The last period, with so much less of a quantity. */
function rateLess(
  tariff: ComponentTariff,
  usage: UsageDocument,
  less: { readonly name: string; readonly lessKvarh: bigint } | null,
): Result<BillPeriod, AdviceProblem> {
  const last = present(usage.periods.at(-1), 'a period')
  const entries = less === null ? [] : [{ name: less.name, value: `-${less.lessKvarh}` }]
  const periods = [...usage.periods.slice(0, -1), { ...last, quantities: [...last.quantities, ...entries] }]
  const rated = rateUsage(tariff, { ...usage, periods })
  return rated.ok
    ? ok(present(rated.value.periods.at(-1), 'a period'))
    : err({ kind: 'bill_not_rated', problem: rated.error })
}

interface Adjusting {
  readonly name: string
  readonly codes: ReadonlySet<string>
  readonly step: Rational
}

/** The components that adjusted the period, which have one quantity of reactive energy. */
function adjustingOf(tariff: ComponentTariff, { lines }: BillPeriod): Result<Adjusting, AdviceProblem> {
  const charged = new Set(lines.map(({ component, version }) => `${version} ${component}`))
  const adjusting = tariff.versions.flatMap(({ version, components }) =>
    components.filter(
      (one): one is PowerFactorComponent => one.kind === 'power_factor' && charged.has(`${version} ${one.code}`),
    ),
  )
  const [first] = adjusting
  if (first === undefined)
    return err({
      kind: 'no_power_factor',
      message: '末期账单没有力调一行 the bill of the last period has no line of a power factor',
    })
  const names = new Set(adjusting.map(({ given, reactive }) => (given === undefined ? reactive : null)))
  const { reactive } = first
  if (names.size !== 1 || typeof reactive !== 'string' || parseRational(reactive) !== null || first.given !== undefined)
    return err({
      kind: 'reactive_not_named',
      message:
        '功率因数不是由一个具名的无功电量得出 the power factor does not come from one named quantity of reactive energy',
    })
  return ok({
    name: reactive,
    codes: new Set(adjusting.map(({ code }) => code)),
    step: rational(1n, 10n ** BigInt(Math.max(...adjusting.map(({ decimals }) => decimals)))),
  })
}

function atPowerFactor({ quantities, totals }: BillPeriod, codes: ReadonlySet<string>): AtPowerFactor | null {
  const found = quantities.find(({ name, slot }) => name === 'power_factor' && slot === null)
  if (found === undefined) return null
  return {
    powerFactor: numberOf(found.value),
    adjustment: sum(
      totals.byComponent.filter(({ component }) => codes.has(component)).map(({ amount }) => numberOf(amount)),
    ),
    total: numberOf(totals.amount),
  }
}

/** Of such a quantity nobody can say in which slot or interval there would be less. */
function isInParts({ quantities, periods }: UsageDocument, name: string): boolean {
  return [...quantities, ...(periods.at(-1)?.quantities ?? [])].some(
    (one) => one.name === name && ('intervals' in one || 'events' in one || one.slot !== undefined),
  )
}

function quantityOf({ quantities }: BillPeriod, name: string): Rational | null {
  const found = quantities.find((one) => one.name === name && one.slot === null)
  return found === undefined ? null : numberOf(found.value)
}

function numberOf(text: string): Rational {
  return present(parseRational(text), text)
}

function hoursOf({ zone, periods }: UsageDocument): Rational {
  const calendar = present(calendarOf(zone), zone)
  const { start, end } = present(periods.at(-1), 'a period')
  return rational(BigInt(instantOf(calendar, end, 'end') - instantOf(calendar, start, 'start')), BigInt(hourMs))
}
