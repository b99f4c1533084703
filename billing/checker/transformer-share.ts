import { child, type Cursor, decimal, instant, isAbsent, items } from './cursor.js'
import { Fault, requireEqual } from './fault.js'
import { add, divide, integer, multiply, type Rational, scaledInteger, sum } from './rational.js'

const hourMs = 3_600_000n
const scale = 4
const unit = integer(10n ** BigInt(scale))
const hundred = integer(100n)

/**
 * What a usage point bears of the loss of its transformer over a time: ΔW = P0·T + k·(Wp² + Wq²)·Pk ÷ (Se²·T), T in hours, rounded half up
 * to e4; the same with Q0 = Se·I0 ÷ 100 and Qk = Se·Uk ÷ 100 for the reactive one (billing-rules 5.2). It is shared by what each point
 * bears, in whole e4, the largest remainders first.
 */
export function shareOfLoss(transformer: Cursor, isActive: boolean, ownEnergy: Rational): Rational {
  const points = items(child(transformer, 'points'))
  const own = points.findIndex((point) => child(point, 'isOwn').value === true)
  const ownPoint = points[own]
  if (ownPoint === undefined) throw new Fault(child(transformer, 'points').path, 'the own usage point', 'others')
  requireEqual(child(ownPoint, 'borne').path, ownEnergy, decimal(child(ownPoint, 'borne')))
  const lostE4 = roundHalfUp(multiply(lossOf(transformer, points, isActive), unit))
  const shares = apportion(
    lostE4,
    points.map((point) => integerE4(child(point, 'borne'))),
  )
  return { numerator: shares[own] ?? 0n, denominator: unit.numerator }
}

function lossOf(transformer: Cursor, points: readonly Cursor[], isActive: boolean): Rational {
  const rated = decimal(child(transformer, 'ratedKva'))
  const [noLoad, load] = isActive
    ? [decimal(child(transformer, 'noLoadLossKw')), decimal(child(transformer, 'loadLossKw'))]
    : [
        percentOf(rated, child(transformer, 'noLoadCurrentPercent')),
        percentOf(rated, child(transformer, 'impedancePercent')),
      ]
  const hours: Rational = {
    numerator: BigInt(instant(child(transformer, 'to')) - instant(child(transformer, 'from'))),
    denominator: hourMs,
  }
  const through = (name: string) => sum(points.map((point) => decimal(child(point, name))))
  const [active, reactive] = [through('active'), through('reactive')]
  const squares = add(multiply(active, active), multiply(reactive, reactive))
  const underLoad = multiply(multiply(decimal(child(transformer, 'loadShape')), squares), load)
  return add(multiply(noLoad, hours), divide(underLoad, multiply(multiply(rated, rated), hours)))
}

function percentOf(rated: Rational, percent: Cursor): Rational {
  if (isAbsent(percent)) throw new Fault(percent.path, 'a value of the plate', 'none')
  return divide(multiply(rated, decimal(percent)), hundred)
}

/** Of values that are not negative. */
function roundHalfUp({ numerator, denominator }: Rational): bigint {
  return (2n * numerator + denominator) / (2n * denominator)
}

function integerE4(cursor: Cursor): bigint {
  const value = scaledInteger(decimal(cursor), scale)
  if (value === null || value < 0n)
    throw new Fault(cursor.path, 'an energy of at most four decimals', String(cursor.value))
  return value
}

/** Equal parts where nobody bears anything. */
function apportion(whole: bigint, weights: readonly bigint[]): readonly bigint[] {
  const total = weights.reduce((all, weight) => all + weight, 0n)
  if (total === 0n)
    return apportion(
      whole,
      weights.map(() => 1n),
    )
  const parts = weights.map((weight, index) => ({
    index,
    part: (whole * weight) / total,
    left: (whole * weight) % total,
  }))
  const rest = whole - parts.reduce((all, { part }) => all + part, 0n)
  const first = new Set(
    parts
      .toSorted((a, b) => (a.left === b.left ? a.index - b.index : a.left > b.left ? -1 : 1))
      .slice(0, Number(rest))
      .map(({ index }) => index),
  )
  return parts.map(({ index, part }) => (first.has(index) ? part + 1n : part))
}
