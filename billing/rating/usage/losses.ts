import {
  add,
  compare,
  divide,
  isZero,
  multiply,
  rational,
  type Rational,
  round,
  zero,
} from '../../../domain/rational.js'
import { unreachable } from '../../../domain/result.js'
import type { TariffVersion } from '../../tariffs/components/tariff-schema.js'
import { refuse } from '../refusal.js'
import { type Parcel, type Quantity, total } from './parcels.js'
import { exact } from './register-quantity.js'
import type { LossEntry } from './usage-schema.js'
import { roundedTogether } from './whole-units.js'

/** Losses of a transformer or a line during a period, in kWh and kvarh. */
export interface Loss {
  readonly active: Rational
  readonly reactive: Rational
}

/**
 * `days` are those of the period, where the entry says none.
 * Source: billing-rules 5.2 (formula with hours in service squared only once) and 5.3; 6 (a loss is shared by days).
 */
export function lossOf(entry: LossEntry, active: Rational, reactive: Rational, days: Rational, path: string): Loss {
  switch (entry.kind) {
    case 'given':
      return { active: exact(entry.activeLoss), reactive: exact(entry.reactiveLoss ?? '0') }
    case 'percent':
      return {
        active: percentOf(active, entry.percent),
        reactive: percentOf(reactive, entry.reactivePercent ?? entry.percent),
      }
    case 'table':
      return tableLoss(entry, active, days, path)
    case 'formula':
      return formulaLoss(entry, active, reactive, entry.days === undefined ? days : exact(entry.days), path)
    default:
      return unreachable(entry)
  }
}

function percentOf(quantity: Rational, percent: string): Rational {
  return multiply(quantity, divide(exact(percent), rational(100n)))
}

function tableLoss(entry: LossEntry & { kind: 'table' }, active: Rational, days: Rational, path: string): Loss {
  const row = entry.rows.find(({ upTo }) => upTo === undefined || compare(active, exact(upTo)) <= 0)
  if (row === undefined) return refuse('loss_out_of_table', path, 'no row of the loss table reaches the quantity')
  const inService = entry.days === undefined ? days : exact(entry.days)
  const share = entry.monthDays === undefined ? rational(1n) : divide(inService, exact(entry.monthDays))
  return { active: multiply(exact(row.activeLoss), share), reactive: multiply(exact(row.reactiveLoss ?? '0'), share) }
}

function formulaLoss(
  entry: LossEntry & { kind: 'formula' },
  active: Rational,
  reactive: Rational,
  days: Rational,
  path: string,
): Loss {
  const hours = multiply(days, rational(24n))
  const rated = exact(entry.ratedKva)
  if (isZero(hours) || isZero(rated)) return refuse('division_by_zero', path, 'rated kVA and days are above zero')
  const square = add(multiply(active, active), multiply(reactive, reactive))
  const load = divide(multiply(exact(entry.shiftFactor), square), multiply(multiply(rated, rated), hours))
  const ofRated = (percent: string | undefined) => percentOf(rated, percent ?? '0')
  return {
    active: add(multiply(exact(entry.noLoadKw), hours), multiply(load, exact(entry.loadKw))),
    reactive: add(
      multiply(ofRated(entry.noLoadCurrentPercent), hours),
      multiply(load, ofRated(entry.impedancePercent)),
    ),
  }
}

/**
 * A loss put on the parcels of a quantity by their own energy, by time where there is none. Where losses are rounded, the shares add up to the
 * rounded loss. None of it is left out: what is not known by slot bears it as a whole.
 */
export function withLoss(
  quantity: Quantity,
  loss: Rational,
  { lossRounding }: TariffVersion,
  bearing: readonly Parcel[],
): Quantity {
  if (bearing.length === 0 || isZero(loss)) return quantity
  const [whole, time] = [total(bearing), bearing.reduce((ms, { from, to }) => ms + to - from, 0)]
  const shares = bearing.map((parcel): Parcel => {
    const share = isZero(whole) ? rational(BigInt(parcel.to - parcel.from), BigInt(time)) : divide(parcel.value, whole)
    return { ...parcel, value: multiply(loss, share) }
  })
  const rounded = lossRounding === undefined ? shares : roundedTogether(shares, lossRounding)
  const gains = new Map(bearing.map((parcel, index) => [parcel, rounded[index]?.value ?? zero]))
  return {
    ...quantity,
    parcels: quantity.parcels.map((parcel) => ({ ...parcel, value: add(parcel.value, gains.get(parcel) ?? zero) })),
  }
}

/** A loss as the version rounds it. */
export function roundedLoss(loss: Rational, { lossRounding }: TariffVersion): Rational {
  return lossRounding === undefined ? loss : round(loss, lossRounding)
}
