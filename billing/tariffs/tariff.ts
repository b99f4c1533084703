import { present } from '../../domain/result.js'
import { parseScaled, type Scale } from '../../domain/scaled.js'
import type { Slot, TimeOfUseSlot } from '../../domain/bill.js'
import type { TariffDocument } from './tariff-document.js'

/** What a tariff version says about money, in exact integers: prices e8 per kWh, energies kWh e4. */
export interface Tariff {
  readonly code: string
  readonly version: number
  readonly slots: SlotMap | null
  readonly energyPrices: readonly { readonly slot: Slot; readonly priceE8: bigint }[]
  readonly ladder: Ladder | null
  readonly funds: readonly { readonly fund: Fund; readonly priceE8: bigint }[]
  /** 1300 for 13 %. */
  readonly vatRateE4: bigint
}

export interface SlotMap {
  /** Slot that tou1…tou4 count; null for a register the tariff does not know. */
  readonly registers: readonly [SlotName, SlotName, SlotName, SlotName]
  readonly residual: TimeOfUseSlot
}
type SlotName = TimeOfUseSlot | null

export interface Ladder {
  readonly form: 'full' | 'increment'
  /** Upper bounds of all blocks but the last, for one month. */
  readonly monthlyLimitsE4: readonly bigint[]
  /** Element i is block i + 1's price; 0 where an increment ladder adds nothing. */
  readonly blockPricesE8: readonly bigint[]
}

export type Fund = TariffDocument['funds'][number]['fund']

/** Terms of a document that passed `checkTariff`. */
export function toTariff(document: TariffDocument): Tariff {
  return {
    code: document.code,
    version: document.version,
    slots: toSlotMap(document.slots),
    energyPrices: document.energyPrices.map(({ slot, price }) => ({ slot, priceE8: scaled(price, 8) })),
    ladder: toLadder(document.ladder),
    funds: document.funds.map(({ fund, price }) => ({ fund, priceE8: scaled(price, 8) })),
    vatRateE4: scaled(document.vat.rate, 4),
  }
}

function toSlotMap(map: TariffDocument['slots']): SlotMap | null {
  if (map === undefined) return null
  const { tou1 = null, tou2 = null, tou3 = null, tou4 = null } = map.registers
  return { registers: [tou1, tou2, tou3, tou4], residual: map.residual }
}

function toLadder(ladder: TariffDocument['ladder']): Ladder | null {
  if (ladder === undefined) return null
  const prices = new Map(ladder.blockPrices.map(({ block, price }) => [block, scaled(price, 8)]))
  return {
    form: ladder.form,
    monthlyLimitsE4: ladder.monthlyLimitsKwh.map((limit) => scaled(limit, 4)),
    blockPricesE8: Array.from(
      { length: ladder.monthlyLimitsKwh.length + 1 },
      (_, index) => prices.get(index + 1) ?? 0n,
    ),
  }
}

function scaled(text: string, scale: Scale): bigint {
  return present(parseScaled(text, scale), `${text} at scale e${scale}`)
}
