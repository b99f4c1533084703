import {
  add,
  ceiling,
  compare,
  divide,
  formatRational,
  isZero,
  multiply,
  rational,
  type Rational,
  subtract,
  sum,
  zero,
} from '../../../domain/rational.js'
import type { Model } from '../../tariffs/components/component-schema.js'
import type { Charge, Step } from '../charged-line.js'
import type { Frame } from '../context.js'
import type { Counter } from '../counters.js'
import { evaluate } from '../evaluate.js'
import { refuse } from '../refusal.js'
import { boundsOf, instancesOf, type ScopeInstance } from '../scope.js'
import { blockContents } from './block-contents.js'
import { mergeCharges } from './merge-charges.js'
import { partOfScope } from './part-of-scope.js'
import { allowed, priceOf } from './price-of.js'
import type { PricedUsage, SlotQuantity } from './slot-quantities.js'

type Graduated = Model & { kind: 'graduated' }

/** What one instance adds to a block in a slot. */
interface Fill {
  readonly slot: string | null
  readonly block: number
  readonly quantity: Rational
}

/**
 * Each unit at the price of the block it falls into, where blocks fill over a scope: what earlier periods used is in the counters. A flat
 * amount is due once a scope, when its block is entered. Of sized blocks each started package is charged once.
 */
export function graduated(model: Graduated, usage: PricedUsage, frame: Frame, component: string): readonly Charge[] {
  const charges: Charge[] = []
  for (const instance of instancesOf(model.scope, frame)) {
    const bounds = boundsOf(model.blocks, model.scope, instance, frame)
    const ladder: Ladder = { model, bounds, instance, frame, component, unit: usage.unit }
    const part = partOfScope(usage, instance, frame)
    if (model.sharing === 'per_slot') for (const one of part.quantities) charges.push(...fillOwn(ladder, one))
    else charges.push(...fillShared(ladder, part))
  }
  return mergeCharges(charges)
}

interface Ladder {
  readonly model: Graduated
  readonly bounds: readonly (Rational | null)[]
  readonly instance: ScopeInstance
  readonly frame: Frame
  readonly component: string
  readonly unit: string
}

function fillOwn(ladder: Ladder, { slot, quantity }: SlotQuantity): readonly Charge[] {
  const move = advance(ladder, slot, quantity)
  return chargesOf(
    ladder,
    slot,
    move,
    move.gains.map((gain, block): Fill => ({ slot, block, quantity: gain })),
  )
}

function fillShared(ladder: Ladder, usage: PricedUsage): readonly Charge[] {
  const whole = sum(usage.quantities.map(({ quantity }) => quantity))
  const key = ladder.model.sharing
  const before = stateOf(ladder, null)
  const move = advance(ladder, null, whole)
  const fills = key === 'time_order' ? inTimeOrder(ladder, usage, before) : inProportion(usage, whole, move.gains)
  return chargesOf(ladder, null, move, fills)
}

function inProportion({ quantities }: PricedUsage, whole: Rational, gains: readonly Rational[]): readonly Fill[] {
  if (isZero(whole)) return []
  return quantities.flatMap(({ slot, quantity }) =>
    gains.map((gain, block): Fill => ({ slot, block, quantity: multiply(gain, divide(quantity, whole)) })),
  )
}

function inTimeOrder({ bounds, frame }: Ladder, usage: PricedUsage, before: Rational): readonly Fill[] {
  const parcels = usage.parcels()
  if (parcels === null || parcels.some(({ from }, index) => from < (parcels[index - 1]?.to ?? from)))
    return refuse('quantity_not_by_slot', frame.path, 'a ladder that fills as time goes by needs intervals')
  const fills = new Map<string, Fill>()
  let used = before
  let contents = blockContents(bounds, used)
  for (const { slot, value } of parcels) {
    used = add(used, value)
    const next = blockContents(bounds, used)
    for (const [block, content] of next.entries()) {
      const gain = subtract(content, contents[block] ?? zero)
      const id = `${slot ?? ''} ${block}`
      if (!isZero(gain)) fills.set(id, { slot, block, quantity: add(fills.get(id)?.quantity ?? zero, gain) })
    }
    contents = next
  }
  return [...fills.values()]
}

interface Move {
  readonly before: Rational
  readonly after: Rational
  readonly isFirst: boolean
  readonly gains: readonly Rational[]
}

function stateOf({ frame, component, instance }: Ladder, slot: string | null): Rational {
  return frame.context.counters.get({ component, scope: instance.from, slot })?.used ?? zero
}

/** Moves the counter of a scope on; where the version clears anew, blocks get what they would hold less what they were charged for. */
function advance(ladder: Ladder, slot: string | null, quantity: Rational): Move {
  const { frame, component, instance, bounds, model } = ladder
  const key = { component, scope: instance.from, slot }
  const counter = frame.context.counters.get(key)
  const before = counter?.used ?? zero
  const after = add(before, quantity)
  const charged = chargedBefore(counter, bounds)
  if (charged.length > bounds.length)
    return refuse(
      'state_does_not_fit',
      'usage.opening.blocks',
      `${component} has ${bounds.length} blocks, the opening state ${charged.length}`,
    )
  const { reclear } = model.scope
  const { kind } = frame.context.period
  const isReclearing = reclear === 'always' || (reclear === 'transfer_and_closing' && kind !== 'regular')
  const from = isReclearing ? charged : blockContents(bounds, before)
  const gains = blockContents(bounds, after).map((content, block) => subtract(content, from[block] ?? zero))
  const beyond = gains[bounds.length] ?? zero
  if (!isZero(beyond))
    return refuse('price_missing', `${frame.path}.model.blocks`, `${formatRational(beyond)} lie beyond the last block`)
  const byBlock = bounds.map((_, block) => add(charged[block] ?? zero, gains[block] ?? zero))
  frame.context.counters.set(key, { used: after, byBlock }, instance.to)
  const move: Move = { before, after, isFirst: counter === null, gains }
  // A block that adds nothing has no line, and the counter moves on all the same.
  frame.context.note?.(
    'block_counter',
    { component, ...(slot === null ? {} : { slot }), ...counterTexts(ladder, move) },
    after,
  )
  return move
}

/** What was charged by block; a state that says only how much was used says it as the bounds do. */
function chargedBefore(counter: Counter | null, bounds: readonly (Rational | null)[]): readonly Rational[] {
  if (counter === null || counter.byBlock.length > 0) return counter?.byBlock ?? []
  return blockContents(bounds, counter.used).slice(0, bounds.length)
}

function chargesOf(ladder: Ladder, counterSlot: string | null, move: Move, fills: readonly Fill[]): readonly Charge[] {
  const { model, frame } = ladder
  const steps = frame.context.explained ? [explain(ladder, move)] : []
  const used = fills.filter(({ quantity }) => !isZero(quantity))
  const units = used.flatMap(({ slot, block, quantity }): readonly Charge[] => {
    const path = `${frame.path}.model.blocks.${block}`
    const priced = model.blocks[block] ?? refuse('price_missing', path, 'no such block')
    // A ladder of increments has a first block that adds nothing: no line for it.
    if (priced.price === undefined && priced.prices === undefined) return []
    const unitPrice = priceOf(priced, slot, frame, path)
    const charged =
      priced.size === undefined ? { quantity, unit: ladder.unit } : startedPackages(ladder, block, move, path)
    return [{ ...charged, slot, block: block + 1, unitPrice, steps }]
  })
  return [...flats(ladder, counterSlot, move), ...units]
}

function startedPackages({ model, bounds, frame }: Ladder, block: number, move: Move, path: string) {
  const size = evaluate(model.blocks[block]?.size ?? '1', { ...frame, over: 'period', slot: null })
  if (compare(size, zero) <= 0) return refuse('size_not_positive', `${path}.size`, 'a package holds more than nothing')
  const started = (used: Rational) => ceiling(divide(blockContents(bounds, used)[block] ?? zero, size))
  return { quantity: rational(started(move.after) - started(move.before)), unit: 'package' }
}

function flats({ model, bounds, frame }: Ladder, slot: string | null, move: Move): readonly Charge[] {
  return model.blocks.flatMap(({ flat }, block): readonly Charge[] => {
    if (flat === undefined) return []
    const lower = block === 0 ? zero : (bounds[block - 1] ?? zero)
    const isEnteredAtBound = block > 0 && model.upperBound === 'excluded'
    const isEntered = (used: Rational) => compare(used, lower) > (isEnteredAtBound ? -1 : 0)
    const isDueAtZero = model.flatAtZero && block === 0
    const isDue = isDueAtZero ? move.isFirst : isEntered(move.after) && !isEntered(move.before)
    if (!isDue) return []
    const path = `${frame.path}.model.blocks.${block}.flat`
    const unitPrice = allowed(evaluate(flat, { ...frame, over: 'period', slot: null }), frame, path)
    return [{ slot, block: block + 1, quantity: rational(1n), unit: 'flat', unitPrice, steps: [] }]
  })
}

function explain(ladder: Ladder, move: Move): Step {
  return { rule: 'block_energy', inputs: counterTexts(ladder, move), result: formatRational(move.after) }
}

/** The scope that fills, its bounds, where the counter stood and what each block has gained. */
function counterTexts({ model, instance, bounds }: Ladder, { before, gains }: Move): Readonly<Record<string, string>> {
  const texts = (values: readonly (Rational | null)[]) =>
    values.map((value) => (value === null ? '∞' : formatRational(value))).join(' / ')
  return {
    scope: model.scope.of,
    from: instance.from,
    to: instance.to,
    bounds: texts(bounds),
    before: formatRational(before),
    gained: texts(gains.slice(0, bounds.length)),
  }
}
