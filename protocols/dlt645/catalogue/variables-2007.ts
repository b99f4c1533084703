import { block, fixed, type Layout } from '../data-item.js'
import type { Field, FieldType } from '../field.js'
import { type ByteRange, blockByte, family, item, type ItemFamily, range } from '../item-family.js'
import { counter, decimal } from '../number-fields.js'

export const volt = decimal(2, 1, { unit: 'V' })
export const ampere = decimal(3, 3, { unit: 'A', signed: true })
export const activePower = decimal(3, 4, { unit: 'kW', signed: true })
export const reactivePower = decimal(3, 4, { unit: 'kvar', signed: true })
/** One public codec reads it without a sign; below 80 kVA both agree. */
const apparentPower = decimal(3, 4, { unit: 'kVA', signed: true })
export const powerFactor = decimal(2, 3, { signed: true })
const degree = decimal(2, 1, { unit: '°' })
export const percent = decimal(2, 2, { unit: '%' })
const batteryVolt = decimal(2, 2, { unit: 'V' })
/** XXXX.XXXX */
export const price = decimal(4, 4, { unit: 'CNY/kWh' })
export const hertz = decimal(2, 2, { unit: 'Hz' })

export const phaseLetters = ['A', 'B', 'C'] as const
const phaseBytes: ByteRange = [1, 2, 3, blockByte]
const totalAndPhaseBytes: ByteRange = [0, ...phaseBytes]
const mostHarmonics = 21

function fieldName(name: string, index: number): string {
  return `${name}${index === 0 ? 'Total' : (phaseLetters[index - 1] ?? '')}`
}

/** A value of one phase, or the fixed block of them in the order of the identifiers. */
function phased(name: string, type: FieldType, bytes: ByteRange): (identifier: readonly number[]) => Layout {
  return ([, , index = 0]) => {
    const indexes = index === blockByte ? bytes.slice(0, -1) : [index]
    return fixed(...indexes.map((each) => ({ name: fieldName(name, each), type })))
  }
}

function harmonics(name: string): (identifier: readonly number[]) => Layout {
  return ([, , phase = 0, order = 0]) => {
    const fieldOf = (each: number): readonly Field[] => [
      { name: `${fieldName(name, phase)}Order${each}`, type: percent },
    ]
    return order === blockByte ? block(range(1, mostHarmonics).map(fieldOf)) : fixed(...fieldOf(order))
  }
}

/** Class 02. Behind instrument transformers these are secondary values unless the meter knows its ratio. */
export const variableFamilies: readonly ItemFamily[] = [
  family('0201..00', [phaseBytes], '电压 voltage', phased('voltage', volt, phaseBytes)),
  family('0202..00', [phaseBytes], '电流 current', phased('current', ampere, phaseBytes)),
  family(
    '0203..00',
    [totalAndPhaseBytes],
    '有功功率 active power',
    phased('activePower', activePower, totalAndPhaseBytes),
  ),
  family(
    '0204..00',
    [totalAndPhaseBytes],
    '无功功率 reactive power',
    phased('reactivePower', reactivePower, totalAndPhaseBytes),
  ),
  family(
    '0205..00',
    [totalAndPhaseBytes],
    '视在功率 apparent power',
    phased('apparentPower', apparentPower, totalAndPhaseBytes),
  ),
  family(
    '0206..00',
    [totalAndPhaseBytes],
    '功率因数 power factor',
    phased('powerFactor', powerFactor, totalAndPhaseBytes),
  ),
  family('0207..00', [phaseBytes], '相角 phase angle', phased('phaseAngle', degree, phaseBytes)),
  family(
    '0208..00',
    [phaseBytes],
    '电压波形失真度 voltage distortion',
    phased('voltageDistortion', percent, phaseBytes),
  ),
  family(
    '0209..00',
    [phaseBytes],
    '电流波形失真度 current distortion',
    phased('currentDistortion', percent, phaseBytes),
  ),
  family(
    '020A....',
    [
      [1, 2, 3],
      [...range(1, mostHarmonics), blockByte],
    ],
    '电压谐波含量 voltage harmonic content',
    harmonics('voltageHarmonic'),
  ),
  family(
    '020B....',
    [
      [1, 2, 3],
      [...range(1, mostHarmonics), blockByte],
    ],
    '电流谐波含量 current harmonic content',
    harmonics('currentHarmonic'),
  ),
  item('02800001', '零线电流 neutral current', fixed({ name: 'neutralCurrent', type: ampere })),
  item('02800002', '电网频率 frequency', fixed({ name: 'frequency', type: hertz })),
  item(
    '02800003',
    '一分钟有功总平均功率 active power averaged over a minute',
    fixed({ name: 'minuteActivePower', type: activePower }),
  ),
  item('02800004', '当前有功需量 running active demand', fixed({ name: 'runningActiveDemand', type: activePower })),
  item(
    '02800005',
    '当前无功需量 running reactive demand',
    fixed({ name: 'runningReactiveDemand', type: reactivePower }),
  ),
  item(
    '02800006',
    '当前视在需量 running apparent demand',
    fixed({ name: 'runningApparentDemand', type: apparentPower }),
  ),
  item(
    '02800007',
    '表内温度 temperature in the meter',
    fixed({ name: 'temperature', type: decimal(2, 1, { unit: '°C', signed: true }) }),
  ),
  item('02800008', '时钟电池电压 clock battery voltage', fixed({ name: 'clockBatteryVoltage', type: batteryVolt })),
  item(
    '02800009',
    '停电抄表电池电压 reading battery voltage',
    fixed({ name: 'readingBatteryVoltage', type: batteryVolt }),
  ),
  item(
    '0280000A',
    '内部电池工作时间 battery working time',
    fixed({ name: 'batteryWorkingTime', type: counter(4, 'min') }),
  ),
  item('0280000B', '当前阶梯电价 running step price', fixed({ name: 'runningStepPrice', type: price })),
  item('02800020', '当前电价 running price', fixed({ name: 'runningPrice', type: price }), { grade: 'single' }),
  item('02800021', '当前费率电价 running tariff price', fixed({ name: 'runningTariffPrice', type: price }), {
    grade: 'single',
  }),
]
