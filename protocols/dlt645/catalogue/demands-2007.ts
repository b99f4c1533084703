import type { Field, FieldType } from '../field.js'
import { family, type ItemFamily } from '../item-family.js'
import { decimal } from '../number-fields.js'
import { minuteStampField } from '../time-fields.js'
import { type RegisterKind, registerLayout, settlementBytes, tariffBytes } from './registers.js'

/** XX.XXXX, signed where the direction of the flow is combined. */
export const kW = decimal(3, 4, { unit: 'kW' })
const kvar = decimal(3, 4, { unit: 'kvar' })
const signedKvar = decimal(3, 4, { unit: 'kvar', signed: true })
const kVA = decimal(3, 4, { unit: 'kVA' })

/** DI2 of class 01. */
export const demandKinds: readonly RegisterKind[] = [
  {
    code: 0x01,
    name: 'forwardActiveDemand',
    title: '正向有功最大需量及发生时间 forward active maximum demand and its time',
    type: kW,
  },
  {
    code: 0x02,
    name: 'reverseActiveDemand',
    title: '反向有功最大需量及发生时间 reverse active maximum demand and its time',
    type: kW,
  },
  {
    code: 0x03,
    name: 'combinedReactive1Demand',
    title: '组合无功1最大需量及发生时间 combined reactive 1 maximum demand and its time',
    type: signedKvar,
  },
  {
    code: 0x04,
    name: 'combinedReactive2Demand',
    title: '组合无功2最大需量及发生时间 combined reactive 2 maximum demand and its time',
    type: signedKvar,
  },
  {
    code: 0x05,
    name: 'reactiveQuadrant1Demand',
    title: '第一象限无功最大需量及发生时间 quadrant I maximum demand and its time',
    type: kvar,
  },
  {
    code: 0x06,
    name: 'reactiveQuadrant2Demand',
    title: '第二象限无功最大需量及发生时间 quadrant II maximum demand and its time',
    type: kvar,
  },
  {
    code: 0x07,
    name: 'reactiveQuadrant3Demand',
    title: '第三象限无功最大需量及发生时间 quadrant III maximum demand and its time',
    type: kvar,
  },
  {
    code: 0x08,
    name: 'reactiveQuadrant4Demand',
    title: '第四象限无功最大需量及发生时间 quadrant IV maximum demand and its time',
    type: kvar,
  },
  {
    code: 0x09,
    name: 'forwardApparentDemand',
    title: '正向视在最大需量及发生时间 forward apparent maximum demand and its time',
    type: kVA,
  },
  {
    code: 0x0a,
    name: 'reverseApparentDemand',
    title: '反向视在最大需量及发生时间 reverse apparent maximum demand and its time',
    type: kVA,
  },
]

/** Maximum demand and the minute in which it came about, which is absent when there was none since the last clear. */
export function demandFields(type: FieldType): (name: string) => readonly Field[] {
  return (name) => [
    { name, type },
    { name: `${name}Time`, type: minuteStampField },
  ]
}

/** Class 01. */
export const demandFamilies: readonly ItemFamily[] = demandKinds.map(({ code, name, title, type }) =>
  family(
    `01${code.toString(16).padStart(2, '0')}....`,
    [tariffBytes, settlementBytes],
    title,
    ([, , tariff = 0, settlement = 0]) => registerLayout(name, demandFields(type), tariff, settlement),
  ),
)
