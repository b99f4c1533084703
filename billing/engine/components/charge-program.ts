import { formatRational, type Rational } from '../../../domain/rational.js'
import { localMinute } from '../../../domain/time.js'
import type { Frame } from '../../rating/context.js'
import { priceOf } from '../../rating/rules/price-of.js'
import type { UsageComponent } from '../../tariffs/components/component-schema.js'
import { priceLimitE8, priceScale } from '../compile-program.js'
import { lineTemplate } from './line-texts.js'
import type { MeterSlots } from './meter-slots.js'
import { notCompiled } from './not-compiled-error.js'
import { scaled } from './scaled-number.js'
import type { ChargeProgram } from './version-program.js'

/** A price and the line that it makes; null where nothing is charged. */
interface Cell {
  readonly slot: string | null
  readonly block: number | null
  readonly price: Rational
}

const priceDecimals = 8
const energyDecimals = 4

/** What a component that charges energy comes to, with the prices that the readable rules find. @throws NotCompiledError, Refusal */
export function chargeProgram(component: UsageComponent, frame: Frame, slots: MeterSlots, sign: 1 | -1): ChargeProgram {
  const cells = cellsOf(component, frame, slots)
  const pricesE8 = cells.map((cell) => (cell === null ? 0n : priceE8(cell.price)))
  const { dropped, divisor, exactQuantityE4 } = priceScale(pricesE8)
  const lineOf = (cell: Cell, index: number) => ({
    price: Number((pricesE8[index] ?? 0n) / 10n ** BigInt(dropped)),
    template: templateOf(component, cell, frame, sign),
  })
  return {
    code: component.code,
    divisor,
    exactQuantityE4,
    exactDecimals: energyDecimals + priceDecimals - dropped,
    sign,
    lines: cells.map((cell, index) => (cell === null ? null : lineOf(cell, index))),
    isLadder: component.model.kind === 'graduated',
  }
}

function cellsOf({ model, slots: asked }: UsageComponent, frame: Frame, slots: MeterSlots): readonly (Cell | null)[] {
  const path = `${frame.path}.model`
  if (model.kind === 'graduated') {
    const { blocks } = model
    const isPlain = blocks.every(
      ({ flat, size, upTo }, index) =>
        flat === undefined && size === undefined && (upTo === undefined) === (index === blocks.length - 1),
    )
    if (asked !== undefined || model.sharing !== 'per_slot' || !isPlain) return notCompiled('priced_otherwise')
    return blocks.map((block, index): Cell | null => {
      if (block.price === undefined && block.prices === undefined) return null
      return { slot: null, block: index + 1, price: priceOf(block, null, frame, `${path}.blocks.${index}`) }
    })
  }
  if (model.kind !== 'per_unit') return notCompiled('priced_otherwise')
  if (asked === undefined) return [{ slot: null, block: null, price: priceOf(model, null, frame, path) }]
  if (asked.calendar !== slots.calendar) return notCompiled('slots_otherwise')
  const charged = asked.names ?? slots.names
  const inOrder = slots.names.filter((name) => charged.includes(name))
  if (inOrder.join() !== charged.join()) return notCompiled('slots_otherwise')
  const ofSlot = (slot: string): Cell | null =>
    charged.includes(slot) ? { slot, block: null, price: priceOf(model, slot, frame, path) } : null
  return [null, ...slots.names.map(ofSlot)]
}

function priceE8(price: Rational): bigint {
  const found = scaled(price, priceDecimals)
  return found === null || found >= priceLimitE8 ? notCompiled('price_out_of_range') : found
}

function templateOf({ code, unit }: UsageComponent, { slot, block, price }: Cell, frame: Frame, sign: 1 | -1) {
  const { calendar, span } = frame.context
  return lineTemplate({
    component: code,
    slot,
    block,
    segment: frame.segment.number,
    from: localMinute(calendar, span.from),
    to: localMinute(calendar, span.to),
    unit,
    unitPrice: formatRational(price),
    ...(sign === 1 ? {} : { multiple: String(sign) }),
    version: frame.segment.version.version,
  })
}
