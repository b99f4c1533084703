import { block, fixed, type Layout } from '../data-item.js'
import type { Field, FieldType } from '../field.js'
import { type ByteRange, family, item, type ItemFamily, range } from '../item-family.js'
import { counter, decimal } from '../number-fields.js'
import { digits, hex } from '../text-fields.js'
import { dateField, timeField, weekdayField, yearlessStamp } from '../time-fields.js'
import { kvarh, kWh } from './energies-2007.js'
import { registerName } from './registers.js'

/** The low digit of DI0: 0 the total, 1 to 14 tariffs, F the block of them. */
const mostTariffs = 14
const blockDigit = 0xf

const months = [
  { offset: 0, title: '' },
  { offset: 4, title: '上月 last month · ' },
  { offset: 8, title: '上上月 month before last · ' },
] as const

interface Register1997 {
  /** DI1 of the current month. */
  readonly class: number
  /** The high digit of DI0. */
  readonly digit: number
  readonly name: string
  readonly title: string
  readonly type: FieldType
}

const kW = decimal(3, 4, { unit: 'kW' })
const kvar = decimal(3, 4, { unit: 'kvar' })

const active = [
  { digit: 1, name: 'forwardActive', title: '正向有功 forward active' },
  { digit: 2, name: 'reverseActive', title: '反向有功 reverse active' },
]
/** Quadrants in the order of the standard's identifiers: I, IV, II, III. */
const reactive = [
  { digit: 1, name: 'forwardReactive', title: '正向无功 forward reactive' },
  { digit: 2, name: 'reverseReactive', title: '反向无功 reverse reactive' },
  { digit: 3, name: 'reactiveQuadrant1', title: '一象限无功 reactive quadrant I' },
  { digit: 4, name: 'reactiveQuadrant4', title: '四象限无功 reactive quadrant IV' },
  { digit: 5, name: 'reactiveQuadrant2', title: '二象限无功 reactive quadrant II' },
  { digit: 6, name: 'reactiveQuadrant3', title: '三象限无功 reactive quadrant III' },
]

const registers: readonly Register1997[] = [
  ...active.map((each) => ({
    ...each,
    class: 0x90,
    name: `${each.name}Energy`,
    title: `${each.title} 电能 energy`,
    type: kWh,
  })),
  ...reactive.map((each) => ({
    ...each,
    class: 0x91,
    name: `${each.name}Energy`,
    title: `${each.title} 电能 energy`,
    type: kvarh,
  })),
  ...active.map((each) => ({
    ...each,
    class: 0xa0,
    name: `${each.name}Demand`,
    title: `${each.title} 最大需量 maximum demand`,
    type: kW,
  })),
  ...reactive.map((each) => ({
    ...each,
    class: 0xa1,
    name: `${each.name}Demand`,
    title: `${each.title} 最大需量 maximum demand`,
    type: kvar,
  })),
  ...active.map((each) => ({
    ...each,
    class: 0xb0,
    name: `${each.name}DemandTime`,
    title: `${each.title} 最大需量时间 time of the maximum`,
    type: yearlessStamp,
  })),
  ...reactive.map((each) => ({
    ...each,
    class: 0xb1,
    name: `${each.name}DemandTime`,
    title: `${each.title} 最大需量时间 time of the maximum`,
    type: yearlessStamp,
  })),
]

function registerFamily(
  { class: di1, digit, name, title, type }: Register1997,
  month: (typeof months)[number],
): ItemFamily {
  const low = range(16 * digit, 16 * digit + mostTariffs)
  return family(
    `${(di1 + month.offset).toString(16)}..`,
    [[...low, 16 * digit + blockDigit]],
    `${month.title}${title}`,
    ([, di0 = 0]) => {
      const fieldOf = (tariff: number): readonly Field[] => [{ name: registerName(name, tariff), type }]
      const tariff = di0 & 0xf
      return tariff === blockDigit ? block(range(0, mostTariffs).map(fieldOf)) : fixed(...fieldOf(tariff))
    },
    { grade: digit > 2 ? 'single' : 'agreed' },
  )
}

const phaseNames = ['Total', 'A', 'B', 'C'] as const

/** B6xy: one value in each identifier, `y` the phase, F the block of them. */
function phased(
  high: number,
  first: 0 | 1,
  name: string,
  title: string,
  type: FieldType,
  grade: ItemFamily['grade'] = 'agreed',
): ItemFamily {
  const low: ByteRange = [...range(first, 3), blockDigit].map((digit) => 16 * high + digit)
  return family(
    `B6..`,
    [low],
    title,
    ([, di0 = 0]) => {
      const phase = di0 & 0xf
      const phases = phase === blockDigit ? range(first, 3) : [phase]
      return block(
        phases.map((each): readonly Field[] => [{ name: `${name}${phaseNames[each] ?? ''}`, type }]),
        phases.length,
      )
    },
    { grade },
  )
}

function one(name: string, type: FieldType): Layout {
  return fixed({ name, type })
}

const written = { access: 'rw' } as const
const single = { grade: 'single' } as const
const singleWritten = { access: 'rw', grade: 'single' } as const
const phaseLetters = ['', 'A', 'B', 'C'] as const

/** DL/T 645-1997. No value has a sign bit; demand and its time are two items. */
export const families1997: readonly ItemFamily[] = [
  ...months.flatMap((month) => registers.map((register) => registerFamily(register, month))),
  item('B210', '最近一次编程时间 last programming', one('lastProgrammed', yearlessStamp), single),
  item('B211', '最近一次最大需量清零时间 last demand clear', one('lastDemandClear', yearlessStamp), single),
  item('B212', '编程次数 programming count', one('programmingCount', counter(2)), single),
  item('B213', '最大需量清零次数 demand clear count', one('demandClearCount', counter(2)), single),
  item('B214', '电池工作时间 battery working time', one('batteryWorkingTime', counter(3, 'min')), single),
  family(
    'B3..',
    [range(0x10, 0x13)],
    '断相次数 phase failures',
    ([, di0 = 0]) => one(`phaseFailures${phaseLetters[di0 & 3] ?? ''}`, counter(2)),
    single,
  ),
  family(
    'B3..',
    [range(0x20, 0x23)],
    '断相时间累计值 phase failure time',
    ([, di0 = 0]) => one(`phaseFailureTime${phaseLetters[di0 & 3] ?? ''}`, counter(3, 'min')),
    single,
  ),
  family(
    'B3..',
    [range(0x30, 0x33)],
    '最近一次断相起始时刻 last phase failure began',
    ([, di0 = 0]) => one(`phaseFailureBegan${phaseLetters[di0 & 3] ?? ''}`, yearlessStamp),
    single,
  ),
  family(
    'B3..',
    [range(0x40, 0x43)],
    '最近一次断相结束时刻 last phase failure ended',
    ([, di0 = 0]) => one(`phaseFailureEnded${phaseLetters[di0 & 3] ?? ''}`, yearlessStamp),
    single,
  ),
  phased(1, 1, 'voltage', '电压 voltage, whole volts', counter(2, 'V')),
  phased(2, 1, 'current', '电流 current', decimal(2, 2, { unit: 'A' })),
  phased(3, 0, 'activePower', '有功功率 active power', decimal(3, 4, { unit: 'kW' }), 'disputed'),
  item(
    'B634',
    '正向有功功率上限值 upper limit of forward active power',
    one('forwardPowerLimit', decimal(2, 2, { unit: 'kW' })),
    singleWritten,
  ),
  item(
    'B635',
    '反向有功功率上限值 upper limit of reverse active power',
    one('reversePowerLimit', decimal(2, 2, { unit: 'kW' })),
    singleWritten,
  ),
  phased(4, 0, 'reactivePower', '无功功率 reactive power', decimal(2, 2, { unit: 'kvar' }), 'single'),
  phased(5, 0, 'powerFactor', '功率因数 power factor', decimal(2, 3)),
  item(
    'C010',
    '日期及星期 date and weekday',
    fixed({ name: 'weekday', type: weekdayField }, { name: 'date', type: dateField }),
    written,
  ),
  item('C011', '时间 time', one('time', timeField), written),
  item('C020', '电表运行状态字 meter status', one('meterStatus', hex(1)), single),
  item('C021', '电网状态字 network status', one('networkStatus', hex(1)), single),
  item('C022', '周休日状态字 weekend days', one('weekendDays', hex(1)), singleWritten),
  item('C030', '有功常数 active pulse constant', one('activeConstant', counter(3, 'imp/kWh')), written),
  item('C031', '无功常数 reactive pulse constant', one('reactiveConstant', counter(3, 'imp/kvarh')), written),
  item('C032', '表号 meter number', one('meterNumber', digits(6)), written),
  item('C033', '用户号 user number', one('userNumber', digits(6)), written),
  item('C034', '设备码 device number', one('deviceNumber', digits(6)), written),
  item('C111', '最大需量周期 demand period', one('demandPeriod', counter(1, 'min')), singleWritten),
  item('C112', '滑差时间 sliding time', one('slidingTime', counter(1, 'min')), singleWritten),
  item('C113', '循显时间 screen time', one('screenTime', counter(1, 's')), singleWritten),
  item('C114', '停显时间 display off time', one('displayOffTime', counter(1, 's')), singleWritten),
  item('C115', '显示电能小数位数 energy decimals', one('energyDecimals', counter(1)), singleWritten),
  item('C116', '显示功率小数位数 power decimals', one('powerDecimals', counter(1)), singleWritten),
  item('C117', '自动抄表日 settlement day, DDhh', one('settlementDay1', digits(2)), singleWritten),
  item('C211', '输出脉冲宽度 pulse width', one('pulseWidth', counter(2, 'ms')), singleWritten),
  item('C310', '年时区数 number of year zones', one('yearZones', counter(1)), singleWritten),
  item('C311', '日时段表数 number of day tables', one('dayTables', counter(1)), singleWritten),
  item('C312', '日时段数 number of day slots', one('daySlots', counter(1)), singleWritten),
  item('C313', '费率数 number of tariffs', one('tariffs', counter(1)), singleWritten),
  item('C314', '公共假日数 number of holidays', one('holidays', counter(1)), singleWritten),
  family('C3..', [range(0x21, 0x2e)], '时区表 zone table, MMDDNN', () => one('zone', digits(3)), singleWritten),
  family(
    'C3..',
    [range(0x31, 0x3a)],
    '第一日时段表 first day table, hhmmNN',
    () => one('slot', digits(3)),
    singleWritten,
  ),
  item('C510', '负荷记录起始时间 load record start', one('loadRecordStart', digits(4)), singleWritten),
  item('C511', '负荷记录间隔时间 load record interval', one('loadRecordInterval', counter(2, 'min')), singleWritten),
]
