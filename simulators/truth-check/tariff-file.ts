import { type Ratio, ratioOf } from './exact.js'
import { type Fields, fieldsOf, listOf, numberOf, textOf } from './json-fields.js'

/** As much of a tariff file as a bill's sum depends on. */
export interface Tariff {
  readonly code: string
  /** Local days, YYYY-MM-DD; `validTo` is the first day no longer covered. */
  readonly validFrom: string
  readonly validTo: string | null
  readonly registers: readonly (string | null)[] | null
  readonly residual: string | null
  readonly energyPrices: ReadonlyMap<string, Ratio>
  readonly ladder: Ladder | null
}

export interface Ladder {
  /** Upper bounds of all blocks but the last, kWh a month. */
  readonly monthlyLimitsKwh: readonly Ratio[]
  /** By block, from 1; a block without a price adds nothing. */
  readonly blockPrices: ReadonlyMap<number, Ratio>
}

export function parseTariff(text: string): Tariff {
  const fields = fieldsOf(JSON.parse(text), 'tariff')
  const slots = fields['slots'] === undefined ? null : fieldsOf(fields['slots'], 'slots')
  const prices = listOf(fields, 'energyPrices').map((value) => fieldsOf(value, 'energy price'))
  return {
    code: textOf(fields, 'code'),
    validFrom: textOf(fields, 'validFrom'),
    validTo: fields['validTo'] === undefined ? null : textOf(fields, 'validTo'),
    registers: slots === null ? null : slotOfRegisters(fieldsOf(slots['registers'], 'registers')),
    residual: slots === null ? null : textOf(slots, 'residual'),
    energyPrices: new Map(prices.map((cell) => [textOf(cell, 'slot'), ratioOf(textOf(cell, 'price'))])),
    ladder: fields['ladder'] === undefined ? null : ladderOf(fieldsOf(fields['ladder'], 'ladder')),
  }
}

function slotOfRegisters(registers: Fields): readonly (string | null)[] {
  return ['tou1', 'tou2', 'tou3', 'tou4'].map((name) =>
    registers[name] === undefined ? null : textOf(registers, name),
  )
}

function ladderOf(ladder: Fields): Ladder {
  const cells = listOf(ladder, 'blockPrices').map((value) => fieldsOf(value, 'block price'))
  return {
    monthlyLimitsKwh: listOf(ladder, 'monthlyLimitsKwh').map((value) => ratioOf(String(value))),
    blockPrices: new Map(cells.map((cell) => [numberOf(cell, 'block'), ratioOf(textOf(cell, 'price'))])),
  }
}
