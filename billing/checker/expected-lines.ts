import { child, type Cursor, decimal, isAbsent, items, text, whole } from './cursor.js'
import { Fault } from './fault.js'
import {
  add,
  compare,
  integer,
  maximum,
  minimum,
  multiply,
  type Rational,
  roundToCents,
  subtract,
  sum,
  zero,
} from './rational.js'

/** A line as the tariff's words demand it. */
export interface ExpectedLine {
  readonly component: 'energy' | 'ladder_increment'
  readonly slot: string
  readonly block: number
  readonly energy: Rational
  readonly price: Rational
  readonly amount: Rational
}

/** What the period and the ladder say of the account. */
export interface LadderPosition {
  readonly transfer: boolean
  /** Local days. */
  readonly ladderFrom: string
  readonly periodTo: string
  readonly opening: Rational
}

const slotOrder = ['all', 'sharp', 'peak', 'flat', 'valley']

/** The lines of a bill from energies (total, tou1…tou4) and the tariff document: slots in order, then blocks in order. */
export function expectedLines(
  document: Cursor,
  energies: readonly Rational[],
  position: LadderPosition,
): readonly ExpectedLine[] {
  const ladder = child(document, 'ladder')
  const increments = isAbsent(ladder) ? [] : ladderLines(ladder, energies[0] ?? zero, position)
  return [...slotLines(document, energies), ...increments]
}

function slotLines(document: Cursor, energies: readonly Rational[]): readonly ExpectedLine[] {
  const used = slotEnergies(child(document, 'slots'), energies)
  const prices = items(child(document, 'energyPrices')).map((cell) => ({
    slot: text(child(cell, 'slot')),
    price: decimal(child(cell, 'price')),
  }))
  return slotOrder.flatMap((slot) =>
    prices
      .filter((cell) => cell.slot === slot)
      .flatMap(({ price }) => line('energy', slot, 0, used.get(slot) ?? zero, price)),
  )
}

function slotEnergies(slots: Cursor, energies: readonly Rational[]): ReadonlyMap<string, Rational> {
  const [total = zero, ...registers] = energies
  if (isAbsent(slots)) return new Map([['all', total]])
  const used = new Map<string, Rational>()
  const count = (slot: string, energy: Rational) => used.set(slot, add(used.get(slot) ?? zero, energy))
  for (const [index, energy] of registers.entries()) {
    const slot = child(child(slots, 'registers'), `tou${index + 1}`)
    if (!isAbsent(slot)) count(text(slot), energy)
    else if (compare(energy, zero) !== 0) throw new Fault(slot.path, 'a slot for a register that counted', 'none')
  }
  count(text(child(slots, 'residual')), subtract(total, sum(registers)))
  return used
}

function ladderLines(ladder: Cursor, energy: Rational, position: LadderPosition): readonly ExpectedLine[] {
  const months = integer(BigInt(monthsInUse(position)))
  const limits = items(child(ladder, 'monthlyLimitsKwh')).map((limit) => multiply(decimal(limit), months))
  const component = text(child(ladder, 'form')) === 'full' ? 'energy' : 'ladder_increment'
  const closing = add(position.opening, energy)
  return items(child(ladder, 'blockPrices')).flatMap((cell) => {
    const block = whole(child(cell, 'block'))
    const lower = maximum(position.opening, limits[block - 2] ?? zero)
    const upper = minimum(closing, limits[block - 1] ?? closing)
    return line(component, 'all', block, maximum(subtract(upper, lower), zero), decimal(child(cell, 'price')))
  })
}

/** A started month counts whole; a transfer is cleared on the months up to it. */
function monthsInUse({ transfer, ladderFrom, periodTo }: LadderPosition): number {
  const lastDay = new Date(Date.parse(`${periodTo}T00:00:00Z`) - 86_400_000)
  const lastMonth = lastDay.getUTCMonth() + 1
  const startedEarlier = Number(ladderFrom.slice(0, 4)) < lastDay.getUTCFullYear()
  return (transfer ? lastMonth : 12) - (startedEarlier ? 1 : Number(ladderFrom.slice(5, 7))) + 1
}

function line(
  component: ExpectedLine['component'],
  slot: string,
  block: number,
  energy: Rational,
  price: Rational,
): readonly ExpectedLine[] {
  if (compare(energy, zero) === 0 || compare(price, zero) === 0) return []
  return [{ component, slot, block, energy, price, amount: roundToCents(multiply(energy, price)) }]
}
