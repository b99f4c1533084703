import { createHash } from 'node:crypto'
import { bytes, child, type Cursor, decimal, instant, isAbsent, items, localMidnight, text, whole } from './cursor.js'
import { Fault, requireEqual, requireSame } from './fault.js'
import { type Rational, scaledInteger } from './rational.js'

const minuteMs = 60_000
const bytesPerValue = 4

/**
 * Verifies the interval days under a bill: each is what its digest was made of when it was settled, its intervals come to what its registers
 * say, and the energy that was rated in each interval is theirs, times the multipliers; all of them together are the energy billed. Which
 * frames brought the points is told, not decoded again: the registers at both ends of the period are, and hold the sum.
 */
export function checkIntervalDays(proof: Cursor, energy: Rational): void {
  const days = items(child(child(proof, 'intervals'), 'days'))
  const energies = new Map<number, bigint>()
  for (const day of days) {
    checkDay(day)
    addDay(day, energies)
  }
  let sumE4 = 0n
  for (const [from, { cursor, energyE4 }] of ratedIntervals(proof)) {
    requireEqual(cursor.path, fromE4(energies.get(from) ?? 0n), fromE4(energyE4))
    sumE4 += energyE4
  }
  requireEqual('usage.energy', energy, fromE4(sumE4))
}

/** Whether a bill rests on intervals that nobody measured. */
export function hasFilledDay(proof: Cursor): boolean {
  const intervals = child(proof, 'intervals')
  return !isAbsent(intervals) && items(child(intervals, 'days')).some((day) => text(child(day, 'verdict')) === 'filled')
}

function checkDay(day: Cursor): void {
  const [values, minutes] = [items(child(day, 'values')), whole(child(day, 'minutes'))]
  const length = instant(child(day, 'to')) - instant(child(day, 'from'))
  requireSame(child(day, 'values').path, String(length / minuteMs / minutes), String(values.length))
  requireSame(child(day, 'digest').path, digestOf(day), text(child(day, 'digest')))
  const difference = child(day, 'difference')
  if (isAbsent(difference)) return
  const countedE4 = e4(child(day, 'end')) - e4(child(day, 'start'))
  // Over a turn of the register there is no difference to look at.
  if (countedE4 < 0n) return
  const sumE4 = values.reduce((sum, value) => sum + e4(value), 0n)
  requireEqual(difference.path, fromE4(sumE4 - countedE4), decimal(difference))
}

/** SHA-256 over what a day says, as it is made when a curve is settled. */
function digestOf(day: Cursor): string {
  const said = ['start', 'end', 'difference'].map((name) => {
    const value = child(day, name)
    return isAbsent(value) ? '' : String(e4(value))
  })
  const fills = items(child(day, 'fills')).map((fill) => ({
    slot: whole(child(fill, 'slot')),
    slots: whole(child(fill, 'slots')),
    energyE4: String(e4(child(fill, 'energy'))),
    method: text(child(fill, 'method')),
    basisDays: whole(child(fill, 'basisDays')),
    halfWidthE4: String(e4(child(fill, 'halfWidth'))),
  }))
  const rules = items(child(day, 'rules')).map(text).join(' ')
  const words = [
    text(child(day, 'date')),
    whole(child(day, 'minutes')),
    ...said,
    text(child(day, 'verdict')),
    rules,
    text(child(day, 'reason')),
    fills.length === 0 ? '' : JSON.stringify(fills),
  ]
  return createHash('sha256')
    .update(words.join('|'))
    .update(storedValues(items(child(day, 'values'))))
    .update(bytes(child(day, 'qualities')))
    .digest('hex')
}

function storedValues(values: readonly Cursor[]): Buffer {
  const stored = Buffer.alloc(bytesPerValue * values.length)
  for (const [slot, value] of values.entries()) stored.writeInt32LE(Number(e4(value)), bytesPerValue * slot)
  return stored
}

function e4(value: Cursor): bigint {
  const scaled = scaledInteger(decimal(value), 4)
  if (scaled === null) throw new Fault(value.path, 'at most four decimals', text(value))
  return scaled
}

function fromE4(valueE4: bigint): Rational {
  return { numerator: valueE4, denominator: 10_000n }
}

function addDay(day: Cursor, energies: Map<number, bigint>): void {
  const multiplier = BigInt(whole(child(day, 'multiplier')))
  const [first, step] = [instant(child(day, 'from')), whole(child(day, 'minutes')) * minuteMs]
  for (const [slot, value] of items(child(day, 'values')).entries()) {
    const from = first + slot * step
    energies.set(from, (energies.get(from) ?? 0n) + e4(value) * multiplier)
  }
}

interface RatedInterval {
  readonly cursor: Cursor
  readonly energyE4: bigint
}

/** The energy that was rated, by the beginning of its interval. */
function ratedIntervals(proof: Cursor): ReadonlyMap<number, RatedInterval> {
  const rated = new Map<number, RatedInterval>()
  const period = items(child(child(proof, 'usage'), 'periods'))[0]
  if (period === undefined) throw new Fault('usage.periods', 'one period', 'none')
  for (const entry of items(child(period, 'quantities'))) {
    if (text(child(entry, 'name')) !== 'energy') continue
    const intervals = child(entry, 'intervals')
    const [first, step] = [startOf(child(intervals, 'start')), whole(child(intervals, 'minutes')) * minuteMs]
    for (const [slot, cursor] of items(child(intervals, 'values')).entries()) {
      const from = first + slot * step
      if (rated.has(from)) throw new Fault(cursor.path, 'one energy for an interval', 'two')
      rated.set(from, { cursor, energyE4: e4(cursor) })
    }
  }
  return rated
}

/** A usage names local midnights by their day, other instants in UTC. */
function startOf(start: Cursor): number {
  return text(start).length === 10 ? localMidnight(start) : instant(start)
}
