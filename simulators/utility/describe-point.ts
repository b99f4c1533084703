import { present } from '../../domain/result.js'
import type { Random } from '../../domain/runtime.js'
import type { MeterEntry } from '../../domain/meter-entries.js'
import type { MeterStart } from '../load/register-series.js'
import type { CustomerClass } from '../load/customer-classes.js'
import type { AccountDescription, LineDescription, PointDescription, TariffCode } from './description.js'
import { openingLadderE4 } from './opening-ladder.js'
import { at, loadStart } from './story-calendar.js'

/** Where a usage point stands in the utility. */
export interface Place {
  /** Counted from 1 over the whole utility. */
  readonly number: number
  readonly line: LineDescription
  /** Counted from 1 on its line. */
  readonly position: number
  readonly gridCell: string
  readonly transformerArea: string
}

/** Monthly kWh of households, sixteenths of the population each: mean about 255, a few high. */
const householdKwh = [165n, 170n, 175n, 185n, 195n, 205n, 215n, 220n, 230n, 240n, 250n, 265n, 290n, 330n, 400n, 560n]
const buildingCtRatios = [10, 15, 20]
const buildingKwh = 1100n
const commercialKwh = 800n
const commercialCtRatio = 10
const kwhE4 = 10_000n
/** One account in ten keeps the ladder without time of use. */
const plainLadderEvery = 10

/** A household behind a DL/T 645 meter, on a serial line or behind a concentrator. */
export function describeHousehold(random: Random, place: Place): PointDescription {
  const level = present(householdKwh[random.below(householdKwh.length, 'household', place.number)], 'level')
  const monthlyE4 = (level * kwhE4 * BigInt(95 + random.below(11, 'household spread', place.number))) / 100n
  const tariff = place.number % plainLadderEvery === 0 ? 'sd-residential' : 'sd-residential-tou'
  const account = describeAccount(place.number, 'residential', tariff, openingLadderE4(random, place.number, monthlyE4))
  return pointOf(random, place, { customerClass: 'residential', monthlyE4, ctRatio: 1, account })
}

/** A building of several households behind one Modbus meter with current transformers. */
export function describeBuilding(random: Random, place: Place): PointDescription {
  const ctRatio = present(buildingCtRatios[random.below(buildingCtRatios.length, 'ct', place.number)], 'ratio')
  const monthlyE4 = (buildingKwh * kwhE4 * BigInt(80 + random.below(41, 'building', place.number))) / 100n
  const account = describeAccount(place.number, 'residential', 'sd-residential-shared', 0n)
  return pointOf(random, place, { customerClass: 'shared_building', monthlyE4, ctRatio, account })
}

/** A shop behind one Modbus meter with current transformers 50/5. */
export function describeShop(random: Random, place: Place): PointDescription {
  const monthlyE4 = (commercialKwh * kwhE4 * BigInt(80 + random.below(41, 'shop', place.number))) / 100n
  const account = describeAccount(place.number, 'commercial', 'hb-commercial-single-lv', 0n)
  return pointOf(random, place, { customerClass: 'commercial', monthlyE4, ctRatio: commercialCtRatio, account })
}

/** An account of an obviously invented customer; numbers and mailboxes belong to nobody. */
export function describeAccount(
  number: number,
  kind: 'residential' | 'commercial',
  tariff: TariffCode,
  openingE4: bigint,
): AccountDescription {
  const digits = fourDigits(number)
  const telephone = `000${String(number).padStart(8, '0')}`
  const contact = { consentEvidence: `供用电合同 HT-${digits}`, verified: true }
  return {
    code: `A${digits}`,
    customer: {
      code: `C${digits}`,
      name: `${kind === 'commercial' ? '商户' : '用户'} ${digits}`,
      kind,
      keyAccount: false,
    },
    tariff,
    openingLadderE4: openingE4,
    contacts: [
      { channel: 'sms', address: telephone, ...contact },
      { channel: 'voice', address: telephone, ...contact },
      { channel: 'email', address: `user${digits}@example.invalid`, ...contact },
    ],
  }
}

export function fourDigits(number: number): string {
  return String(number).padStart(4, '0')
}

/** A DL/T 645-2007 meter as it stands in the asset register; `serial` is unique in the utility. */
export function dlt645Meter(serial: number): MeterEntry {
  return {
    code: `M${fourDigits(serial)}`,
    protocol: 'dlt645_2007',
    communicationAddress: `99${String(serial).padStart(10, '0')}`,
    model: 'dlt645-2007-single-phase',
    registerDigits: 6,
    registerDecimals: 2,
  }
}

function modbusMeter({ number, position }: Place): MeterEntry {
  return {
    code: `M${fourDigits(number)}`,
    protocol: 'modbus',
    communicationAddress: String(position),
    model: 'acrel-adl3000-e',
    registerDigits: 6,
    registerDecimals: 2,
  }
}

function pointOf(
  random: Random,
  place: Place,
  behind: {
    readonly customerClass: CustomerClass
    readonly monthlyE4: bigint
    readonly ctRatio: number
    readonly account: AccountDescription
  },
): PointDescription {
  const usagePoint = `P${fourDigits(place.number)}`
  return {
    usagePoint,
    line: place.line.code,
    gridCell: place.gridCell,
    transformerArea: place.transformerArea,
    supplyAddress: `演示县示例路 ${place.number} 号`,
    load: { usagePoint, customerClass: behind.customerClass, monthlyE4: behind.monthlyE4 },
    meter: {
      entry: place.line.kind === 'modbus_tcp' ? modbusMeter(place) : dlt645Meter(place.number),
      start: { installedAt: at(loadStart), touE4: agedRegisters(random, place.number, behind.customerClass) },
    },
    ctRatio: behind.ctRatio,
    account: behind.account,
  }
}

/** What years of service left on the registers, with fractions that the display does not show. */
function agedRegisters(random: Random, number: number, customerClass: CustomerClass): MeterStart['touE4'] {
  const aged = (tou: number) => BigInt(random.below(150_000_000, 'aged register', number, tou))
  return customerClass === 'commercial' ? [aged(1), aged(2), aged(3), aged(4)] : [0n, aged(2), 0n, aged(4)]
}
