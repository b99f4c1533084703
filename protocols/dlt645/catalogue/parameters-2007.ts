import { block, fixed, type Layout } from '../data-item.js'
import type { Field, FieldType } from '../field.js'
import { type ByteRange, blockByte, family, item, type ItemFamily, range } from '../item-family.js'
import { counter, decimal } from '../number-fields.js'
import { digits, hex, rateFlag, ascii } from '../text-fields.js'
import { dateField, minuteStampField, timeField, weekdayField } from '../time-fields.js'
import { kWh, yuan } from './energies-2007.js'
import { price } from './variables-2007.js'

const written = { access: 'rw' } as const
const single = { access: 'rw', grade: 'single' } as const

function one(name: string, type: FieldType): Layout {
  return fixed({ name, type })
}

/** Several items of one kind, named by a last byte from 01 on. */
function numbered(
  pattern: string,
  bytes: ByteRange,
  title: string,
  names: readonly string[],
  type: FieldType,
  options: Parameters<typeof item>[3] = written,
): ItemFamily {
  return family(
    pattern,
    [bytes],
    title,
    (identifier) => one(names[(identifier.at(-1) ?? 1) - 1] ?? 'value', type),
    options,
  )
}

function entries(count: number, name: string, type: FieldType): readonly (readonly Field[])[] {
  return range(1, count).map((each) => [{ name: `${name}${each}`, type }])
}

const statusWord = hex(2, [0xff])
const keyState = { name: 'keyState', type: hex(4, [0xff]) }

const mostTariffs = 63
/** More steps than a meter has; there is one price more than steps. */
const mostSteps = 15

/** One of several values of a table, or the block of them. */
function table(
  pattern: string,
  count: number,
  title: string,
  name: string,
  type: FieldType,
  options: Parameters<typeof item>[3] = written,
): ItemFamily {
  const each = entries(count, name, type)
  return family(
    pattern,
    [[...range(1, count), blockByte]],
    title,
    (identifier) => {
      const which = identifier.at(-1) ?? blockByte
      return which === blockByte ? block(each) : fixed(...(each[which - 1] ?? []))
    },
    options,
  )
}

/** Class 04. */
export const parameterFamilies: readonly ItemFamily[] = [
  item(
    '04000101',
    '日期及星期 date and weekday',
    fixed({ name: 'weekday', type: weekdayField }, { name: 'date', type: dateField }),
    written,
  ),
  item('04000102', '时间 time', one('time', timeField), written),
  item('04000103', '最大需量周期 demand period', one('demandPeriod', counter(1, 'min')), written),
  item('04000104', '滑差时间 sliding time', one('slidingTime', counter(1, 'min')), written),
  item('04000105', '校表脉冲宽度 pulse width', one('pulseWidth', counter(2, 'ms')), written),
  item('04000106', '两套时区表切换时间 change of zone tables', one('zoneTableChange', minuteStampField), written),
  item('04000107', '两套日时段表切换时间 change of day tables', one('dayTableChange', minuteStampField), written),
  item('04000108', '两套费率电价切换时间 change of prices', one('priceChange', minuteStampField), written),
  item('04000109', '两套阶梯切换时间 change of steps', one('stepChange', minuteStampField), written),
  item(
    '0400010C',
    '日期时间 date and time',
    fixed(
      { name: 'time', type: timeField },
      { name: 'weekday', type: weekdayField },
      { name: 'date', type: dateField },
    ),
    single,
  ),
  numbered(
    '040002..',
    range(1, 4),
    '时区时段费率数 numbers of zones, day tables, slots, tariffs',
    ['yearZones', 'dayTables', 'daySlots', 'tariffs'],
    counter(1),
  ),
  item('04000205', '公共假日数 number of holidays', one('holidays', counter(2)), written),
  item('04000206', '谐波分析次数 number of harmonics', one('harmonics', counter(1)), single),
  item('04000207', '阶梯数 number of steps', one('steps', counter(1)), written),
  numbered(
    '040003..',
    range(1, 5),
    '显示参数 display',
    ['cyclicScreens', 'screenTime', 'energyDecimals', 'powerDecimals', 'keyScreens'],
    counter(1),
  ),
  item('04000306', '电流互感器变比 current ratio', one('currentRatio', counter(3)), single),
  item('04000307', '电压互感器变比 voltage ratio', one('voltageRatio', counter(3)), single),
  item('04000401', '通信地址 communication address', one('address', digits(6)), written),
  item('04000402', '表号 meter number', one('meterNumber', digits(6)), written),
  item('04000403', '资产管理编码 asset code', one('assetCode', ascii(32)), written),
  item('04000404', '额定电压 rated voltage', one('ratedVoltage', ascii(6))),
  item('04000405', '额定电流 rated current', one('ratedCurrent', ascii(6))),
  item('04000406', '最大电流 maximum current', one('maximumCurrent', ascii(6))),
  item('04000407', '有功准确度等级 active accuracy class', one('activeClass', ascii(4))),
  item('04000408', '无功准确度等级 reactive accuracy class', one('reactiveClass', ascii(4))),
  item('04000409', '有功常数 active pulse constant', one('activeConstant', counter(3, 'imp/kWh'))),
  item('0400040A', '无功常数 reactive pulse constant', one('reactiveConstant', counter(3, 'imp/kvarh'))),
  item('0400040B', '电表型号 model', one('model', ascii(10))),
  item('0400040C', '生产日期 date of manufacture', one('manufactured', ascii(10))),
  item('0400040D', '协议版本号 protocol version', one('protocolVersion', ascii(16))),
  item('0400040E', '客户编号 customer number', one('customerNumber', digits(6)), written),
  family('040005..', [range(1, 7)], '电表运行状态字 status words', ([, , , word = 1]) =>
    one(`statusWord${word}`, statusWord),
  ),
  item('04000508', '密钥状态字 key state', fixed(keyState)),
  item(
    '040005FF',
    '电表运行状态字数据块 block of status words, in newer meters with the key state',
    {
      kind: 'variants',
      variants: [
        entries(7, 'statusWord', statusWord).flat(),
        entries(8, 'statusWord', statusWord).flat(),
        [...entries(7, 'statusWord', statusWord).flat(), keyState],
      ],
    },
    { grade: 'disputed' },
  ),
  numbered(
    '040006..',
    range(1, 3),
    '组合方式特征字 combination features',
    ['activeCombination', 'reactiveCombination1', 'reactiveCombination2'],
    hex(1),
  ),
  numbered(
    '040007..',
    range(1, 5),
    '通信速率特征字 port rates',
    ['opticalRate', 'remoteOpticalRate', 'port1Rate', 'port2Rate', 'port3Rate'],
    rateFlag,
  ),
  item('04000801', '周休日特征字 weekend days', one('weekendDays', hex(1)), written),
  item('04000802', '周休日采用的日时段表号 day table of weekends', one('weekendTable', counter(1)), written),
  item('04000901', '负荷记录模式字 load record classes', one('loadRecordClasses', hex(1)), written),
  numbered(
    '040009..',
    range(2, 7),
    '冻结数据模式字 contents of freezes',
    [
      '',
      'timedFreezeContent',
      'instantFreezeContent',
      'agreedFreezeContent',
      'hourlyFreezeContent',
      'dailyFreezeContent',
      'steppedFreezeContent',
    ],
    hex(1),
  ),
  item('04000A01', '负荷记录起始时间 load record start', one('loadRecordStart', digits(4)), written),
  family(
    '04000A..',
    [range(2, 7)],
    '负荷记录间隔时间 load record intervals',
    ([, , , each = 2]) => one(`loadClass${each - 1}Interval`, counter(2, 'min')),
    written,
  ),
  numbered(
    '04000B..',
    range(1, 3),
    '结算日 settlement days, DDhh, 9999 not used',
    ['settlementDay1', 'settlementDay2', 'settlementDay3'],
    digits(2),
  ),
  family(
    '04000C..',
    [range(1, 10)],
    '密码 passwords of levels 0 to 9',
    () => fixed({ name: 'level', type: digits(1) }, { name: 'password', type: digits(3) }),
    { access: 'w' },
  ),
  item(
    '04000E01',
    '正向有功功率上限值 upper limit of forward active power',
    one('forwardPowerLimit', decimal(3, 4, { unit: 'kW' })),
    written,
  ),
  item(
    '04000E02',
    '反向有功功率上限值 upper limit of reverse active power',
    one('reversePowerLimit', decimal(3, 4, { unit: 'kW' })),
    written,
  ),
  item(
    '04000E03',
    '电压上限值 upper limit of voltage',
    one('upperVoltageLimit', decimal(2, 1, { unit: 'V' })),
    written,
  ),
  item(
    '04000E04',
    '电压下限值 lower limit of voltage',
    one('lowerVoltageLimit', decimal(2, 1, { unit: 'V' })),
    written,
  ),
  numbered(
    '04000F..',
    range(1, 4),
    '电量限值 limits of prepaid energy',
    ['energyAlarm1', 'energyAlarm2', 'energyHoardingLimit', 'energyOverdraftLimit'],
    kWh,
    single,
  ),
  numbered(
    '040010..',
    range(1, 5),
    '金额限值 limits of prepaid money',
    ['moneyAlarm1', 'moneyAlarm2', 'moneyOverdraftLimit', 'moneyHoardingLimit', 'moneyToClose'],
    yuan,
  ),
  item('04001201', '整点冻结起始时间 start of hourly freezes', one('hourlyFreezeStart', minuteStampField), written),
  item(
    '04001202',
    '整点冻结时间间隔 interval of hourly freezes',
    one('hourlyFreezeInterval', counter(1, 'min')),
    written,
  ),
  item('04001203', '日冻结时间 time of the daily freeze, hhmm', one('dailyFreezeTime', digits(2)), written),
  item('04001301', '无线通信在线及信号强弱指示 radio on line and its signal', one('radioSignal', hex(1)), written),
  item('04001401', '跳闸延时时间 delay of a trip', one('tripDelay', counter(2, 'min')), written),
  family(
    '04..0000',
    [[1, 2]],
    '年时区表 zone tables, MMDDNN from this day on day table NN',
    () => block(entries(14, 'zone', digits(3))),
    written,
  ),
  family(
    '04..00..',
    [[1, 2], range(1, 8)],
    '日时段表 day tables, hhmmNN from this minute on tariff NN',
    () => block(entries(14, 'slot', digits(3))),
    written,
  ),
  family('040300..', [range(1, 0xfe)], '公共假日 holidays, YYMMDDNN', () => one('holiday', digits(4)), {
    access: 'rw',
    grade: 'disputed',
  }),
  table('040501..', mostTariffs, '第一套费率电价 prices of tariffs, first set', 'tariffPrice', price),
  table('040502..', mostTariffs, '第二套费率电价 prices of tariffs, second set', 'tariffPrice', price),
  table('040600..', mostSteps, '第一套阶梯值 steps, first set', 'step', kWh),
  table('040601..', mostSteps + 1, '第一套阶梯电价 prices of steps, first set', 'stepPrice', price),
  table('040602..', mostSteps, '第二套阶梯值 steps, second set', 'step', kWh, single),
  table('040603..', mostSteps + 1, '第二套阶梯电价 prices of steps, second set', 'stepPrice', price, single),
  numbered(
    '048000..',
    range(1, 3),
    '厂家软硬件版本号 vendor versions',
    ['softwareVersion', 'hardwareVersion', 'factoryNumber'],
    ascii(32),
    { grade: 'single' },
  ),
]
