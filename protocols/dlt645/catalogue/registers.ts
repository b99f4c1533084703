import { block, fixed, type Layout } from '../data-item.js'
import type { Field, FieldType } from '../field.js'
import { type ByteRange, blockByte, range } from '../item-family.js'

/** A quantity that a meter counts or measures, as three families of identifiers use it: now, at settlement days, in freezes. */
export interface RegisterKind {
  /** The byte that stands for the quantity: DI2 in class 00 and 01. */
  readonly code: number
  /** Field name before `Total` or `Tou1`. */
  readonly name: string
  readonly title: string
  readonly type: FieldType
}

/** 0 is the total, 1 to 63 are tariffs. */
const mostTariffs = 63
/** 0 is now, 1 the most recent settlement day, 12 the oldest that is kept. */
const mostSettlements = 12
export const tariffBytes: ByteRange = [...range(0, mostTariffs), blockByte]
export const settlementBytes: ByteRange = [...range(0, mostSettlements), blockByte]

/** The fields of one register: its value, or its value and when it came about. */
type RegisterFields = (name: string) => readonly Field[]

/**
 * Layout of (tariff, settlement) as the two last bytes of an identifier say. FF in one of them asks for the block of what the
 * meter has; the number of registers follows from the length. With FF in both the items come in the order of their identifiers:
 * the thirteen settlement days of the total, then those of each tariff. Only whole rows of thirteen are understood, since no other
 * length tells how many tariffs it is made of.
 */
export function registerLayout(name: string, fieldsOf: RegisterFields, tariff: number, settlement: number): Layout {
  const tariffs = tariff === blockByte ? range(0, mostTariffs) : [tariff]
  const settlements = settlement === blockByte ? range(0, mostSettlements) : [settlement]
  if (tariffs.length === 1 && settlements.length === 1) return fixed(...fieldsOf(registerName(name, tariff)))
  if (settlements.length === 1) return block(tariffs.map((each) => fieldsOf(registerName(name, each))))
  const rows = tariffs.map((each) =>
    settlements.map((day) => fieldsOf(`${registerName(name, each)}${settlementSuffix(day)}`)),
  )
  const [row] = rows
  if (row !== undefined && rows.length === 1) return block(row)
  return { kind: 'variants', variants: rows.map((_, index) => rows.slice(0, index + 1).flat(2)) }
}

export function registerName(name: string, tariff: number): string {
  return tariff === 0 ? `${name}Total` : `${name}Tou${tariff}`
}

function settlementSuffix(day: number): string {
  return day === 0 ? '' : `Settlement${day}`
}
