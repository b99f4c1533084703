import { unreachable } from '../../domain/result.js'
import type { Scale } from '../../domain/scaled.js'

/** An object of which the product reads attributes. */
export interface MeterObject {
  /** Object identifier, 4 digits. */
  readonly oi: string
  /** As in the catalogue of DL/T 645, so that both protocols give the same names. */
  readonly name: string
  /** By attribute number. */
  readonly attributes: Readonly<Record<number, AttributeFormat>>
}

export interface AttributeFormat {
  readonly layout: Layout
  readonly content: Content
  readonly unit: string | null
  /** One count is 10^-decimals of the unit. */
  readonly decimals: Scale
}

/** What the elements of an attribute's array are, in order; `single` is no array. */
export type Layout = 'total_and_tariffs' | 'total_and_phases' | 'phases' | 'single'

/** `demand`: a structure of the value and the time at which it came about. `record`: rows, asked for by GET-Record only. */
export type Content = 'number' | 'demand' | 'time' | 'octets' | 'record'

interface Kind {
  /** Identifier of all phases; those of phase A, B and C follow it. */
  readonly oi: number
  readonly name: string
  readonly unit: string
}

// Source: DL/T 698.45-2017 annex A as public implementations and point tables agree on it (two and more for energies, demands,
// voltage, current, powers and freezes; one for frequency and running demands). The object's own attribute 3 may be read to check.
const energyKinds: readonly Kind[] = [
  { oi: 0x0010, name: 'forwardActiveEnergy', unit: 'kWh' },
  { oi: 0x0020, name: 'reverseActiveEnergy', unit: 'kWh' },
  { oi: 0x0030, name: 'combinedReactive1Energy', unit: 'kvarh' },
  { oi: 0x0040, name: 'combinedReactive2Energy', unit: 'kvarh' },
  { oi: 0x0050, name: 'reactiveQuadrant1Energy', unit: 'kvarh' },
  { oi: 0x0060, name: 'reactiveQuadrant2Energy', unit: 'kvarh' },
  { oi: 0x0070, name: 'reactiveQuadrant3Energy', unit: 'kvarh' },
  { oi: 0x0080, name: 'reactiveQuadrant4Energy', unit: 'kvarh' },
  { oi: 0x0090, name: 'forwardApparentEnergy', unit: 'kVAh' },
  { oi: 0x00a0, name: 'reverseApparentEnergy', unit: 'kVAh' },
]

const demandKinds: readonly Kind[] = energyKinds.map(({ oi, name, unit }) => ({
  oi: oi + 0x1000,
  name: name.replace(/Energy$/, 'Demand'),
  unit: unit.replace(/h$/, ''),
}))

const phaseLetters = ['A', 'B', 'C'] as const

const objects: readonly MeterObject[] = [
  { oi: '0000', name: 'combinedActiveEnergy', attributes: energyAttributes('kWh') },
  ...energyKinds.flatMap((kind) => withPhases(kind, energyAttributes(kind.unit))),
  ...demandKinds.flatMap((kind) =>
    withPhases(kind, { 2: { layout: 'total_and_tariffs', content: 'demand', unit: kind.unit, decimals: 4 } }),
  ),
  one('2000', 'voltage', { layout: 'phases', content: 'number', unit: 'V', decimals: 1 }),
  one('2001', 'current', { layout: 'phases', content: 'number', unit: 'A', decimals: 3 }),
  one('2004', 'activePower', { layout: 'total_and_phases', content: 'number', unit: 'W', decimals: 1 }),
  one('2005', 'reactivePower', { layout: 'total_and_phases', content: 'number', unit: 'var', decimals: 1 }),
  one('2006', 'apparentPower', { layout: 'total_and_phases', content: 'number', unit: 'VA', decimals: 1 }),
  one('200A', 'powerFactor', { layout: 'total_and_phases', content: 'number', unit: null, decimals: 3 }),
  one('200F', 'frequency', { layout: 'single', content: 'number', unit: 'Hz', decimals: 2 }),
  one('2017', 'runningActiveDemand', { layout: 'single', content: 'number', unit: 'kW', decimals: 4 }),
  one('2018', 'runningReactiveDemand', { layout: 'single', content: 'number', unit: 'kvar', decimals: 4 }),
  one('2019', 'runningApparentDemand', { layout: 'single', content: 'number', unit: 'kVA', decimals: 4 }),
  one('201E', 'eventStart', time()),
  one('2020', 'eventEnd', time()),
  one('2021', 'freezeTime', time()),
  one('2022', 'eventNumber', { layout: 'single', content: 'number', unit: null, decimals: 0 }),
  one('2023', 'freezeNumber', { layout: 'single', content: 'number', unit: null, decimals: 0 }),
  one('4000', 'clock', time()),
  one('4001', 'address', { layout: 'single', content: 'octets', unit: null, decimals: 0 }),
  one('5004', 'dailyFreeze', records()),
  one('5005', 'settlementFreeze', records()),
  one('5006', 'monthlyFreeze', records()),
  one('6040', 'collectionStart', time()),
  one('6041', 'collectionSuccess', time()),
  one('6042', 'collectionStorage', time()),
]

const objectByIdentifier = new Map(objects.map((object) => [object.oi, object] as const))

/** Objects with a name, by identifier. */
export function meterObjects(): readonly MeterObject[] {
  return objects
}

/** The object of an attribute descriptor; null for one that is not in the catalogue. */
export function findObject(oad: string): MeterObject | null {
  return objectByIdentifier.get(oad.slice(0, 4)) ?? null
}

/** Attribute number of a descriptor: the low five bits; those above ask for a snapshot or a form. */
export function attributeOf(oad: string): number {
  return Number.parseInt(oad.slice(4, 6), 16) & 0x1f
}

/** 0 for the whole attribute, otherwise the element, counted from 1. */
export function elementOf(oad: string): number {
  return Number.parseInt(oad.slice(6, 8), 16)
}

/** What is behind the object's name for the element at `index` of an attribute, counted from 0. */
export function elementSuffix(layout: Layout, index: number): string {
  switch (layout) {
    case 'total_and_tariffs':
      return index === 0 ? 'Total' : `Tou${index}`
    case 'total_and_phases':
      return index === 0 ? 'Total' : phaseSuffix(index - 1)
    case 'phases':
      return phaseSuffix(index)
    case 'single':
      return ''
    default:
      return unreachable(layout)
  }
}

function phaseSuffix(index: number): string {
  return phaseLetters[index] ?? `${index + 1}`
}

/** Attribute 2 in 0.01, attribute 4 in 0.0001 where the meter has it. */
function energyAttributes(unit: string): MeterObject['attributes'] {
  return {
    2: { layout: 'total_and_tariffs', content: 'number', unit, decimals: 2 },
    4: { layout: 'total_and_tariffs', content: 'number', unit, decimals: 4 },
  }
}

function withPhases(kind: Kind, attributes: MeterObject['attributes']): readonly MeterObject[] {
  const suffixes = ['', ...phaseLetters.map((letter) => `Phase${letter}`)]
  return suffixes.map((suffix, distance) => ({
    oi: (kind.oi + distance).toString(16).padStart(4, '0').toUpperCase(),
    name: `${kind.name}${suffix}`,
    attributes,
  }))
}

function one(oi: string, name: string, format: AttributeFormat): MeterObject {
  return { oi, name, attributes: { 2: format } }
}

function time(): AttributeFormat {
  return { layout: 'single', content: 'time', unit: null, decimals: 0 }
}

function records(): AttributeFormat {
  return { layout: 'single', content: 'record', unit: null, decimals: 0 }
}
