import { block, fixed } from '../data-item.js'
import type { Field } from '../field.js'
import { blockByte, family, item, type ItemFamily } from '../item-family.js'
import { decimal } from '../number-fields.js'
import { type RegisterKind, registerLayout, settlementBytes, tariffBytes } from './registers.js'

/** XXXXXX.XX: rolls over at 999999.99, signed ones at 799999.99. */
export const kWh = decimal(4, 2, { unit: 'kWh' })
export const signedKWh = decimal(4, 2, { unit: 'kWh', signed: true })
export const kvarh = decimal(4, 2, { unit: 'kvarh' })
export const signedKvarh = decimal(4, 2, { unit: 'kvarh', signed: true })
export const kVAh = decimal(4, 2, { unit: 'kVAh' })
export const yuan = decimal(4, 2, { unit: 'CNY' })

/** DI2 of class 00. */
export const energyKinds: readonly RegisterKind[] = [
  { code: 0x00, name: 'combinedActiveEnergy', title: '组合有功电能 combined active energy', type: signedKWh },
  { code: 0x01, name: 'forwardActiveEnergy', title: '正向有功电能 forward active energy', type: kWh },
  { code: 0x02, name: 'reverseActiveEnergy', title: '反向有功电能 reverse active energy', type: kWh },
  { code: 0x03, name: 'combinedReactive1Energy', title: '组合无功1电能 combined reactive 1 energy', type: signedKvarh },
  { code: 0x04, name: 'combinedReactive2Energy', title: '组合无功2电能 combined reactive 2 energy', type: signedKvarh },
  { code: 0x05, name: 'reactiveQuadrant1Energy', title: '第一象限无功电能 reactive energy, quadrant I', type: kvarh },
  { code: 0x06, name: 'reactiveQuadrant2Energy', title: '第二象限无功电能 reactive energy, quadrant II', type: kvarh },
  { code: 0x07, name: 'reactiveQuadrant3Energy', title: '第三象限无功电能 reactive energy, quadrant III', type: kvarh },
  { code: 0x08, name: 'reactiveQuadrant4Energy', title: '第四象限无功电能 reactive energy, quadrant IV', type: kvarh },
  { code: 0x09, name: 'forwardApparentEnergy', title: '正向视在电能 forward apparent energy', type: kVAh },
  { code: 0x0a, name: 'reverseApparentEnergy', title: '反向视在电能 reverse apparent energy', type: kVAh },
]

/** Energies of one phase stand at a distance of 14H, 28H and 3CH from those of all phases; there is no combined active one. */
const phases = [
  { letter: 'A', distance: 0x14 },
  { letter: 'B', distance: 0x28 },
  { letter: 'C', distance: 0x3c },
] as const

/** Only totals are kept of these. */
const derivedKinds: readonly RegisterKind[] = [
  { code: 0x80, name: 'associatedEnergy', title: '关联总电能 associated energy', type: signedKWh },
  { code: 0x81, name: 'forwardFundamentalEnergy', title: '正向有功基波总电能 forward fundamental energy', type: kWh },
  { code: 0x82, name: 'reverseFundamentalEnergy', title: '反向有功基波总电能 reverse fundamental energy', type: kWh },
  { code: 0x83, name: 'forwardHarmonicEnergy', title: '正向有功谐波总电能 forward harmonic energy', type: kWh },
  { code: 0x84, name: 'reverseHarmonicEnergy', title: '反向有功谐波总电能 reverse harmonic energy', type: kWh },
  { code: 0x85, name: 'copperLossEnergy', title: '铜损有功总电能补偿量 copper loss energy', type: signedKWh },
  { code: 0x86, name: 'ironLossEnergy', title: '铁损有功总电能补偿量 iron loss energy', type: signedKWh },
]

function one(name: string, type: Field['type']): readonly Field[] {
  return [{ name, type }]
}

/** Class 00. */
export const energyFamilies: readonly ItemFamily[] = [
  ...energyKinds.map(({ code, name, title, type }) =>
    family(`00${hex(code)}....`, [tariffBytes, settlementBytes], title, ([, , tariff = 0, settlement = 0]) =>
      registerLayout(name, (register) => one(register, type), tariff, settlement),
    ),
  ),
  ...phases.flatMap(({ letter, distance }) =>
    energyKinds
      .slice(1)
      .map(({ code, name, title, type }) =>
        family(
          `00${hex(code + distance)}00..`,
          [settlementBytes],
          `${letter} 相 phase ${letter} · ${title}`,
          ([, , , day = 0]) => totalLayout(`${name}Phase${letter}`, type, day),
        ),
      ),
  ),
  ...derivedKinds.map(({ code, name, title, type }) =>
    family(`00${hex(code)}00..`, [settlementBytes], title, ([, , , day = 0]) => totalLayout(name, type, day), {
      grade: 'single',
    }),
  ),
  family(
    '000B00..',
    [[0, 1]],
    '结算周期用电量 consumption of the running and the last settlement period',
    () => fixed({ name: 'settlementPeriodEnergy', type: kWh }),
    { grade: 'single' },
  ),
  family(
    '000C00..',
    [[0, 1]],
    '月度用电量 consumption of the running and the last month',
    () => fixed({ name: 'monthEnergy', type: kWh }),
    { grade: 'single' },
  ),
  item('00900100', '剩余电量 remaining energy', fixed({ name: 'remainingEnergy', type: kWh })),
  item('00900101', '透支电量 overdraft energy', fixed({ name: 'overdraftEnergy', type: kWh })),
  item('00900200', '剩余金额 remaining money', fixed({ name: 'remainingMoney', type: yuan })),
  item('00900201', '透支金额 overdraft money', fixed({ name: 'overdraftMoney', type: yuan })),
]

function totalLayout(name: string, type: Field['type'], settlement: number) {
  if (settlement !== blockByte) return fixed({ name, type })
  return block(settlementBytes.slice(0, -1).map((day) => one(day === 0 ? name : `${name}Settlement${day}`, type)))
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
