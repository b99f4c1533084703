import { parseScaled } from '../../domain/scaled.js'
import { type CalendarDefect, checkCalendar } from '../../domain/slot-calendar.js'
import type { TariffDocument } from './tariff-document.js'

/** What is wrong with a tariff that is well formed; `where` names the cell. */
export interface TariffDefect {
  readonly kind:
    | 'validity_empty'
    | 'negative_price'
    | 'price_out_of_range'
    | 'vat_rate_out_of_range'
    | 'limit_too_fine'
    | 'block_bounds_out_of_order'
    | 'block_price_missing'
    | 'block_price_repeated'
    | 'slot_price_missing'
    | 'slot_price_repeated'
    | 'slots_missing'
    | 'energy_price_missing'
    | 'full_ladder_with_energy_prices'
    | 'increments_without_energy_prices'
    | 'fund_repeated'
    | 'hours_without_register'
    | CalendarDefect['kind']
  readonly where: string
}

/** Prices from here on (100 per kWh) are a slip of the decimal point, and could not be billed exactly at the largest energies. */
const priceLimitE8 = 100n * 10n ** 8n

/** Everything that would let a tariff be applied wrongly, in the order of the document; empty for a sound one. */
export function checkTariff(document: TariffDocument): readonly TariffDefect[] {
  return [
    ...checkValidity(document),
    ...checkCells(document),
    ...checkSlots(document),
    ...checkHours(document),
    ...checkLadder(document),
    ...repeated(document.funds.map(({ fund }) => fund)).map((where) => ({ kind: 'fund_repeated' as const, where })),
  ]
}

function checkValidity({ validFrom, validTo, vat }: TariffDocument): readonly TariffDefect[] {
  const defects: TariffDefect[] = []
  if (validTo !== undefined && validTo <= validFrom) defects.push({ kind: 'validity_empty', where: 'validTo' })
  const rate = parseScaled(vat.rate, 4)
  if (rate === null || rate < 0n || rate >= 10_000n) defects.push({ kind: 'vat_rate_out_of_range', where: 'vat.rate' })
  return defects
}

function checkCells(document: TariffDocument): readonly TariffDefect[] {
  const cells = [
    ...document.energyPrices.map(({ slot, price }) => ({ where: `energyPrices.${slot}`, price })),
    ...(document.ladder?.blockPrices ?? []).map(({ block, price }) => ({
      where: `ladder.blockPrices.${block}`,
      price,
    })),
    ...document.funds.map(({ fund, price }) => ({ where: `funds.${fund}`, price })),
  ]
  return cells.flatMap(({ where, price }): TariffDefect[] => {
    const priceE8 = parseScaled(price, 8)
    if (priceE8 === null || priceE8 >= priceLimitE8) return [{ kind: 'price_out_of_range', where }]
    return priceE8 < 0n ? [{ kind: 'negative_price', where }] : []
  })
}

function checkSlots({ slots, energyPrices, ladder }: TariffDocument): readonly TariffDefect[] {
  const priced = energyPrices.map(({ slot }) => slot)
  const defects: TariffDefect[] = repeated(priced).map((where) => ({ kind: 'slot_price_repeated', where }))
  if (ladder?.form === 'full') {
    if (priced.length > 0 || slots !== undefined)
      defects.push({ kind: 'full_ladder_with_energy_prices', where: 'energyPrices' })
    return defects
  }
  if (priced.length === 0) {
    const kind = ladder === undefined ? 'energy_price_missing' : 'increments_without_energy_prices'
    return [...defects, { kind, where: 'energyPrices' }]
  }
  const needed: readonly string[] =
    slots === undefined
      ? ['all']
      : [...new Set([...Object.values(slots.registers).filter((slot) => slot !== undefined), slots.residual])]
  for (const slot of needed) {
    if (!priced.some((name) => name === slot)) defects.push({ kind: 'slot_price_missing', where: slot })
  }
  for (const slot of priced) {
    if (!needed.includes(slot)) defects.push({ kind: 'slots_missing', where: slot })
  }
  return defects
}

/** Every slot that has hours is counted by a register, or a meter could not keep it apart. */
function checkHours({ slots }: TariffDocument): readonly TariffDefect[] {
  if (slots?.hours === undefined) return []
  const { calendar } = slots.hours
  const counted = Object.values(slots.registers)
  const used = new Set(Object.values(calendar.days).flatMap((changes) => changes.map(({ slot }) => slot)))
  const uncounted = [...used].filter((slot) => !counted.includes(slot))
  return [
    ...checkCalendar(calendar).map(({ kind, where }) => ({ kind, where: `slots.hours.calendar.${where}` })),
    ...uncounted.map((slot) => ({ kind: 'hours_without_register' as const, where: `slots.registers.${slot}` })),
  ]
}

function checkLadder({ ladder }: TariffDocument): readonly TariffDefect[] {
  if (ladder === undefined) return []
  const limits = ladder.monthlyLimitsKwh.map((limit) => parseScaled(limit, 4))
  const where = 'ladder.monthlyLimitsKwh'
  const defects: TariffDefect[] = []
  if (limits.includes(null)) defects.push({ kind: 'limit_too_fine', where })
  const bounds = limits.filter((limit) => limit !== null)
  if (bounds.some((bound, index) => bound <= (bounds[index - 1] ?? 0n))) {
    defects.push({ kind: 'block_bounds_out_of_order', where })
  }
  return [...defects, ...checkBlocks(ladder)]
}

function checkBlocks(ladder: NonNullable<TariffDocument['ladder']>): readonly TariffDefect[] {
  const priced = ladder.blockPrices.map(({ block }) => block)
  const last = ladder.monthlyLimitsKwh.length + 1
  // The first block of an increment ladder is the energy price itself.
  const first = ladder.form === 'full' ? 1 : 2
  const needed = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return [
    ...repeated(priced).map((where): TariffDefect => ({ kind: 'block_price_repeated', where: String(where) })),
    ...needed
      .filter((block) => !priced.includes(block))
      .map((block): TariffDefect => ({ kind: 'block_price_missing', where: `ladder.blockPrices.${block}` })),
    ...priced
      .filter((block) => !needed.includes(block))
      .map((block): TariffDefect => ({ kind: 'block_bounds_out_of_order', where: `ladder.blockPrices.${block}` })),
  ]
}

function repeated<T>(names: readonly T[]): readonly T[] {
  return names.filter((name, index) => names.indexOf(name) !== index)
}
