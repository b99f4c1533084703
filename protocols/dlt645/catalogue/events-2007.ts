import { block, fixed, type Layout } from '../data-item.js'
import type { Field, FieldType } from '../field.js'
import { family, item, type ItemFamily, range } from '../item-family.js'
import { counter, decimal } from '../number-fields.js'
import { digits, hex } from '../text-fields.js'
import { minuteStampField, secondStamp, yearlessStamp } from '../time-fields.js'
import { demandFields, demandKinds, kW } from './demands-2007.js'
import { energyKinds, kvarh, kWh, signedKvarh } from './energies-2007.js'
import { activePower, ampere, percent, phaseLetters, powerFactor, reactivePower, volt } from './variables-2007.js'

const times = counter(3)
const minutes = counter(3, 'min')
const ampereHours = decimal(4, 2, { unit: 'Ah' })
const recordBytes = range(1, 10)

const span: readonly Field[] = [
  { name: 'startedAt', type: secondStamp },
  { name: 'endedAt', type: secondStamp },
]

/** What was used while the event lasted: active both ways, combined reactive 1 and 2. */
function energyIncrements(suffix: string): readonly Field[] {
  return [
    { name: `forwardActiveIncrement${suffix}`, type: kWh },
    { name: `reverseActiveIncrement${suffix}`, type: kWh },
    { name: `combinedReactive1Increment${suffix}`, type: signedKvarh },
    { name: `combinedReactive2Increment${suffix}`, type: signedKvarh },
  ]
}

function momentOf(letter: string): readonly Field[] {
  return [
    { name: `voltage${letter}`, type: volt },
    { name: `current${letter}`, type: ampere },
    { name: `activePower${letter}`, type: activePower },
    { name: `reactivePower${letter}`, type: reactivePower },
    { name: `powerFactor${letter}`, type: powerFactor },
  ]
}

const phaseDetails = phaseLetters.flatMap((letter) => [...energyIncrements(letter), ...momentOf(letter)])
const totalIncrements = energyIncrements('Total')
const allIncrements = [...totalIncrements, ...phaseLetters.flatMap(energyIncrements)]
const ampereHourFields = ['Total', ...phaseLetters].map((name) => ({ name: `ampereHours${name}`, type: ampereHours }))

/** Counts of the three phases, each with the minutes that its events lasted. */
const phaseCounts = phaseLetters.flatMap((letter) => [
  { name: `eventCount${letter}`, type: times },
  { name: `eventDuration${letter}`, type: minutes },
])
const countAndDuration: readonly Field[] = [
  { name: 'eventCount', type: times },
  { name: 'eventDuration', type: minutes },
]
const countOnly: readonly Field[] = [{ name: 'eventCount', type: times }]

interface EventKind {
  readonly code: string
  readonly title: string
  readonly record: readonly Field[]
}

/** Kinds that are kept for each phase. */
const phaseEvents: readonly EventKind[] = [
  {
    code: '0301',
    title: '失压 loss of voltage',
    record: [...span, ...totalIncrements, ...phaseDetails, ...ampereHourFields],
  },
  {
    code: '0302',
    title: '欠压 under-voltage',
    record: [...span, ...totalIncrements, ...phaseDetails, ...ampereHourFields],
  },
  {
    code: '0303',
    title: '过压 over-voltage',
    record: [...span, ...totalIncrements, ...phaseDetails, ...ampereHourFields],
  },
  {
    code: '0304',
    title: '断相 phase missing',
    record: [...span, ...totalIncrements, ...phaseDetails, ...ampereHourFields],
  },
  { code: '030B', title: '失流 loss of current', record: [...span, ...totalIncrements, ...phaseDetails] },
  { code: '030C', title: '过流 over-current', record: [...span, ...totalIncrements, ...phaseDetails] },
  { code: '030D', title: '断流 current cut', record: [...span, ...totalIncrements, ...phaseDetails] },
  { code: '030E', title: '潮流反向 power reversed', record: [...span, ...allIncrements] },
  { code: '030F', title: '过载 overload', record: [...span, ...allIncrements] },
]

const imbalance: readonly Field[] = [{ name: 'greatestImbalance', type: percent }]

/** Kinds that are kept for the meter as a whole. */
const meterEvents: readonly EventKind[] = [
  {
    code: '0305',
    title: '全失压 all voltages lost',
    record: [span[0], { name: 'current', type: ampere }, span[1]].filter((each) => each !== undefined),
  },
  { code: '0306', title: '辅助电源失电 auxiliary supply lost', record: span },
  { code: '0307', title: '电压逆相序 voltage sequence reversed', record: [...span, ...allIncrements] },
  { code: '0308', title: '电流逆相序 current sequence reversed', record: [...span, ...allIncrements] },
  { code: '0309', title: '电压不平衡 voltage unbalance', record: [...span, ...imbalance, ...allIncrements] },
  { code: '030A', title: '电流不平衡 current unbalance', record: [...span, ...imbalance, ...allIncrements] },
]

const demandOverLimits = ['forwardActive', 'reverseActive', 'quadrant1', 'quadrant2', 'quadrant3', 'quadrant4'] as const

const extreme = (name: string): readonly Field[] => [
  { name: `${name}Voltage`, type: volt },
  { name: `${name}VoltageTime`, type: yearlessStamp },
]
const voltageQuality: readonly Field[] = [
  { name: 'monitoredTime', type: minutes },
  { name: 'qualifiedRate', type: decimal(3, 2, { unit: '%' }) },
  { name: 'overLimitRate', type: decimal(3, 2, { unit: '%' }) },
  { name: 'overUpperLimitTime', type: minutes },
  { name: 'underLowerLimitTime', type: minutes },
  ...extreme('highest'),
  ...extreme('lowest'),
]

const operator: Field = { name: 'operator', type: digits(4) }
const happened: readonly Field[] = [{ name: 'happenedAt', type: secondStamp }, operator]

function repeated(count: number, name: string, type: FieldType): readonly Field[] {
  return range(1, count).map((each) => ({ name: `${name}${each}`, type }))
}

/** Before a clear: active both ways and the four quadrants, in all and by phase. */
const clearedNames = ['forwardActive', 'reverseActive', 'quadrant1', 'quadrant2', 'quadrant3', 'quadrant4'] as const
const clearedRegisters = ['', ...phaseLetters].flatMap((phase) => clearedNames.map((name) => ({ name, phase })))
const clearedEnergies = clearedRegisters.map(({ name, phase }) => ({
  name: `${name}Energy${phase}`,
  type: name.startsWith('quadrant') ? kvarh : kWh,
}))
const clearedDemands = clearedRegisters.flatMap(({ name, phase }) => {
  const kind = name.startsWith('quadrant') ? demandKinds[4] : demandKinds[0]
  return kind === undefined ? [] : demandFields(kind.type)(`${name}Demand${phase}`)
})

/** Registers before and after a cover was opened. */
const coverEnergies = ['BeforeOpening', 'AfterClosing'].flatMap((when) =>
  clearedNames.map((name) => ({ name: `${name}Energy${when}`, type: name.startsWith('quadrant') ? kvarh : kWh })),
)
const switchEnergies = [1, 2, 5, 6, 7, 8].flatMap((code) => {
  const kind = energyKinds[code]
  return kind === undefined ? [] : [{ name: `${kind.name}Total`, type: kind.type }]
})

/** Class 03, DI2 = 30: what was done to the meter. DI0 = 00 counts. */
const programmingEvents: readonly (readonly [code: string, title: string, record: Layout])[] = [
  ['00', '编程 programming', fixed(...happened, ...repeated(10, 'dataIdentifier', hex(4, [0xff])))],
  ['01', '电表清零 meter clear', fixed(...happened, ...clearedEnergies)],
  ['02', '需量清零 demand clear', fixed(...happened, ...clearedDemands)],
  ['03', '事件清零 event clear', fixed(...happened, { name: 'dataIdentifier', type: hex(4) })],
  [
    '04',
    '校时 clock set',
    fixed(operator, { name: 'timeBefore', type: secondStamp }, { name: 'timeAfter', type: secondStamp }),
  ],
  [
    '05',
    '时段表编程 day tables programmed',
    block([
      [...happened, ...repeated(14, 'slot', digits(3))],
      ...range(1, 15).map((table) => repeated(14, `table${table + 1}Slot`, digits(3))),
    ]),
  ],
  [
    '06',
    '时区表编程 zones programmed',
    fixed(...happened, ...repeated(14, 'zone', digits(3)), ...repeated(14, 'secondSetZone', digits(3))),
  ],
  ['07', '周休日编程 weekend programmed', fixed(...happened, { name: 'weekendTable', type: digits(1) })],
  [
    '08',
    '节假日编程 holidays programmed',
    block([
      [...happened, ...repeated(1, 'holiday', digits(4))],
      ...range(2, 254).map((each): readonly Field[] => [{ name: `holiday${each}`, type: digits(4) }]),
    ]),
  ],
  [
    '09',
    '有功组合方式编程 active combination programmed',
    fixed(...happened, { name: 'combinationBefore', type: hex(1) }),
  ],
  [
    '0A',
    '无功组合方式1编程 reactive combination 1 programmed',
    fixed(...happened, { name: 'combinationBefore', type: hex(1) }),
  ],
  [
    '0B',
    '无功组合方式2编程 reactive combination 2 programmed',
    fixed(...happened, { name: 'combinationBefore', type: hex(1) }),
  ],
  ['0C', '结算日编程 settlement days programmed', fixed(...happened, ...repeated(3, 'settlementDay', digits(2)))],
  ['0D', '开表盖 cover opened', fixed(...span, ...coverEnergies)],
  ['0E', '开端钮盖 terminal cover opened', fixed(...span, ...coverEnergies)],
]

const total = [0]
const eachPhase = [1, 2, 3]

/** Classes 10 to 1F: how often and how long each kind happened since the last clear. */
const eventTotals: readonly { readonly code: string; readonly title: string; readonly phases: readonly number[] }[] = [
  { code: '10', title: '失压 loss of voltage', phases: [...total, ...eachPhase] },
  { code: '11', title: '欠压 under-voltage', phases: eachPhase },
  { code: '12', title: '过压 over-voltage', phases: eachPhase },
  { code: '13', title: '断相 phase missing', phases: eachPhase },
  { code: '14', title: '电压逆相序 voltage sequence reversed', phases: total },
  { code: '15', title: '电流逆相序 current sequence reversed', phases: total },
  { code: '16', title: '电压不平衡 voltage unbalance', phases: total },
  { code: '17', title: '电流不平衡 current unbalance', phases: total },
  { code: '18', title: '失流 loss of current', phases: eachPhase },
  { code: '19', title: '过流 over-current', phases: eachPhase },
  { code: '1A', title: '断流 current cut', phases: eachPhase },
  { code: '1B', title: '潮流反向 power reversed', phases: eachPhase },
  { code: '1C', title: '过载 overload', phases: eachPhase },
  { code: '1F', title: '总功率因数超下限 power factor low', phases: total },
]

/** Class 03, the totals 10 to 1F and the switching records 1D, 1E. */
export const eventFamilies: readonly ItemFamily[] = [
  ...phaseEvents.flatMap(({ code, title, record }) => [
    item(`${code}0000`, `${title}：各相次数与时间 counts and durations`, fixed(...phaseCounts)),
    family(`${code}....`, [[1, 2, 3], recordBytes], `${title}记录 record of phase DI1, DI0 n-th last`, () =>
      fixed(...record),
    ),
  ]),
  ...meterEvents.flatMap(({ code, title, record }) => [
    item(`${code}0000`, `${title}：次数与时间 count and duration`, fixed(...countAndDuration)),
    family(`${code}00..`, [recordBytes], `${title}记录 record`, () => fixed(...record)),
  ]),
  family('031000..', [range(0, 12)], '电压合格率统计 voltage qualification of the month', () =>
    fixed(...voltageQuality),
  ),
  item('03110000', '掉电次数 mains lost: count', fixed(...countOnly)),
  family('031100..', [recordBytes], '掉电记录 mains lost: record', () => fixed(...span)),
  item(
    '03120000',
    '需量超限次数 demand over limit: counts',
    fixed(...demandOverLimits.map((name) => ({ name: `${name}Count`, type: times }))),
    { grade: 'single' },
  ),
  family(
    '0312....',
    [range(1, 6), recordBytes],
    '需量超限记录 demand over limit: record',
    () => fixed(...span, { name: 'demand', type: kW }, { name: 'demandTime', type: minuteStampField }),
    { grade: 'single' },
  ),
  ...programmingEvents.flatMap(([code, title, record]) => [
    item(`0330${code}00`, `${title}：次数 count`, fixed(...countOnly)),
    family(`0330${code}..`, [recordBytes], `${title}记录 record`, () => record),
  ]),
  ...eventTotals.flatMap(({ code, title, phases }) => [
    family(`${code}..0001`, [phases], `${title}：总次数 count in all`, () => fixed(...countOnly)),
    family(`${code}..0002`, [phases], `${title}：总累计时间 duration in all`, () =>
      fixed({ name: 'eventDuration', type: minutes }),
    ),
  ]),
  item('1D000001', '跳闸次数 trips', fixed(...countOnly), { grade: 'single' }),
  family('1D0001..', [recordBytes], '跳闸记录 trip: record', () => fixed(...happened, ...switchEnergies), {
    grade: 'single',
  }),
  item('1E000001', '合闸次数 closes', fixed(...countOnly), { grade: 'single' }),
  family('1E0001..', [recordBytes], '合闸记录 close: record', () => fixed(...happened, ...switchEnergies), {
    grade: 'single',
  }),
]
