import { demandKinds } from './catalogue/demands-2007.js'
import { energyKinds } from './catalogue/energies-2007.js'
import type { Edition } from './data-item.js'

/**
 * What a reading of an item measures, after the attributes of a CIM ReadingType (IEC 61968-9): the quantity, how it is gathered, the
 * register of the meter and the moment it belongs to. All before the transformer ratio.
 */
export interface ReadingType {
  /** In snake_case, such as `forward_active_energy`. */
  readonly quantity: string
  readonly unit: string
  /** `bulk`: counted since the meter was made; `maximum`: the greatest since the last reset. */
  readonly accumulation: 'bulk' | 'maximum'
  /** 0 the total, 1 to 63 tariffs in the meter's own numbering; `all` for a block. */
  readonly tou: number | 'all'
  /** Whose value it is: the running one, that of the n-th last settlement day, or that of the n-th last freeze of a kind. */
  readonly moment:
    | 'now'
    | { readonly settlement: number | 'all' }
    | { readonly freeze: FreezeName; readonly index: number }
}

const freezeNames = {
  0: 'timed',
  1: 'instantaneous',
  2: 'zone_change',
  3: 'day_table_change',
  4: 'hourly',
  5: 'price_change',
  6: 'daily',
  7: 'step_or_month',
} as const

export type FreezeName = (typeof freezeNames)[keyof typeof freezeNames]

const blockByte = 0xff

/** Reading type of an energy or demand register of the 2007 edition; null for items that are no such register. */
export function readingTypeOf(edition: Edition, dataIdentifier: string): ReadingType | null {
  if (edition !== '2007') return null
  const [kind = 0, di2 = 0, di1 = 0, di0 = 0] = Buffer.from(dataIdentifier, 'hex')
  switch (kind) {
    case 0x00:
      return registerType(di2, 'bulk', orAll(di1), di0 === 0 ? 'now' : { settlement: orAll(di0) })
    case 0x01:
      return registerType(di2, 'maximum', orAll(di1), di0 === 0 ? 'now' : { settlement: orAll(di0) })
    case 0x05:
      return freezeType(di2, di1, di0)
    default:
      return null
  }
}

/** DI1 01 to 08 are energies under their numbers of class 00; 09 and 0A maximum demands. */
function freezeType(di2: number, di1: number, index: number): ReadingType | null {
  const freeze = freezeNames[di2 as keyof typeof freezeNames]
  if (freeze === undefined || di1 === 0 || di1 > 0x0a) return null
  const moment = { freeze, index }
  const tou = freeze === 'hourly' ? 0 : 'all'
  return di1 <= 8 ? registerType(di1, 'bulk', tou, moment) : registerType(di1 - 8, 'maximum', tou, moment)
}

function registerType(
  code: number,
  accumulation: ReadingType['accumulation'],
  tou: ReadingType['tou'],
  moment: ReadingType['moment'],
): ReadingType | null {
  const kind = (accumulation === 'bulk' ? energyKinds : demandKinds).find((each) => each.code === code)
  if (kind === undefined) return null
  return { quantity: snakeCase(kind.name), unit: kind.type.unit ?? '', accumulation, tou, moment }
}

function orAll(byte: number): number | 'all' {
  return byte === blockByte ? 'all' : byte
}

function snakeCase(name: string): string {
  return name.replaceAll(/([A-Z])/g, '_$1').toLowerCase()
}
