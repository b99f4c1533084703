import t from 'tap'
import { parseScaled } from '../../domain/scaled.js'
import { hourMs, type Instant } from '../../domain/time.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { defaultDeterminantPolicy } from '../../mdm/determinants/policy.js'
import type { RegisterSet } from '../../domain/reading.js'
import type { MeterHistory, Stretch } from '../../simulators/histories/history.js'
import { describeAnswer, importHistories, readAnswers, storeAndValidate } from '../histories/run-in-database.js'
import { midnight } from '../mdm/support/small-utility.js'
import { withDatabase } from '../support/database.js'

const now = midnight(37)
const july = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32), now }
const exchangedAt = midnight(16) + 10 * hourMs

/** meter, day of July 2026 (or an instant), registers "total tou2 tou4" in kWh, and how they came. */
type Read = readonly [meter: number, at: number, registers: string, source?: HistoryClaimSource]
type HistoryClaimSource = MeterHistory['claims'][number]['source']

interface Case {
  readonly title: string
  /** Displays of its meters, digits.decimals; 6.2 where none is said. */
  readonly displays?: readonly string[]
  /** When the second, third … meter was hung up. */
  readonly exchanges?: readonly Instant[]
  /** Multiplier, and from when it holds; the first one always held. */
  readonly multipliers?: readonly (readonly [ratio: number, from?: Instant])[]
  readonly reads: readonly Read[]
  /** How the kWh come about, by hand. */
  readonly arithmetic: string
  /** "total tou2 tou4" in kWh, or the code of the hold. */
  readonly expected: string
}

const cases: readonly Case[] = [
  {
    title: 'one meter, one month',
    reads: [
      [0, 1, '1000.00 600.00 400.00'],
      [0, 32, '1310.55 786.33 524.22'],
    ],
    arithmetic: '1310.55 − 1000.00; 786.33 − 600.00; 524.22 − 400.00',
    expected: '310.55 186.33 124.22',
  },
  {
    title: 'story 6: the display turns over at its very end',
    reads: [
      [0, 1, '999999.98'],
      [0, 32, '000000.03'],
    ],
    arithmetic: '1000000.00 − 999999.98 + 0.03 = 0.02 + 0.03',
    expected: '0.05',
  },
  {
    title: 'the total turns over, its tariffs do not',
    reads: [
      [0, 1, '999950.00 400000.00 599950.00'],
      [0, 32, '150.00 400120.00 600030.00'],
    ],
    arithmetic: '50.00 + 150.00; 400120 − 400000; 600030 − 599950',
    expected: '200 120 80',
  },
  {
    title: 'a tariff turns over, the total has long since',
    reads: [
      [0, 1, '199990.00 200000.00 999990.00'],
      [0, 32, '200190.00 200120.00 70.00'],
    ],
    arithmetic: '200190 − 199990; 200120 − 200000; 10 + 70',
    expected: '200 120 80',
  },
  {
    title: 'a display of four digits turns over by more than a tenth of its range',
    displays: ['4.2'],
    reads: [
      [0, 1, '9500.00'],
      [0, 8, '9900.00'],
      [0, 15, '0300.00'],
      [0, 24, '0800.00'],
      [0, 32, '1300.00'],
    ],
    arithmetic: '(9900 − 9500) + (100 + 300) + (800 − 300) + (1300 − 800) = 400 + 400 + 500 + 500',
    expected: '1800',
  },
  {
    title: 'an exchange',
    exchanges: [exchangedAt],
    reads: [
      [0, 1, '1000.00 600.00 400.00'],
      [0, exchangedAt, '1600.00 960.00 640.00', 'exchange'],
      [1, exchangedAt, '5.00 3.00 2.00', 'exchange'],
      [1, 32, '625.00 375.00 250.00'],
    ],
    arithmetic: '(1600 − 1000) + (625 − 5); (960 − 600) + (375 − 3); (640 − 400) + (250 − 2)',
    expected: '1220 732 488',
  },
  {
    title: 'two exchanges in a month, one display of another width',
    displays: ['6.2', '5.1', '6.2'],
    exchanges: [midnight(11) + 9 * hourMs, midnight(21) + 9 * hourMs],
    reads: [
      [0, 1, '1000.00'],
      [0, midnight(11) + 9 * hourMs, '1100.55', 'exchange'],
      [1, midnight(11) + 9 * hourMs, '0.0', 'exchange'],
      [1, midnight(21) + 9 * hourMs, '90.4', 'exchange'],
      [2, midnight(21) + 9 * hourMs, '10.50', 'exchange'],
      [2, 32, '215.50'],
    ],
    arithmetic: '(1100.55 − 1000.00) + (90.4 − 0.0) + (215.50 − 10.50) = 100.55 + 90.40 + 205.00',
    expected: '395.95',
  },
  {
    title: 'the old meter turns over on the day on which it is taken down',
    exchanges: [exchangedAt],
    reads: [
      [0, 1, '999900.00'],
      [0, 16, '999995.00'],
      [0, exchangedAt, '2.00', 'exchange'],
      [1, exchangedAt, '0.00', 'exchange'],
      [1, 17, '4.00'],
      [1, 32, '98.00'],
    ],
    arithmetic: '(100 + 2) + (98 − 0)',
    expected: '200',
  },
  {
    title: 'a meter that is hung up at the first instant of the month',
    exchanges: [midnight(1)],
    reads: [
      [0, midnight(1), '70000.00', 'exchange'],
      [1, midnight(1), '5.25', 'exchange'],
      [1, 32, '305.75'],
    ],
    arithmetic: '305.75 − 5.25',
    expected: '300.50',
  },
  {
    title: 'an exchange behind transformers of 50/5',
    exchanges: [exchangedAt],
    multipliers: [[10]],
    reads: [
      [0, 1, '50.00 30.00 20.00'],
      [0, exchangedAt, '60.00 36.00 24.00', 'exchange'],
      [1, exchangedAt, '5.00 3.00 2.00', 'exchange'],
      [1, 32, '15.01 9.01 6.00'],
    ],
    arithmetic: '((60 − 50) + (15.01 − 5)) × 10; ((36 − 30) + (9.01 − 3)) × 10; ((24 − 20) + (6 − 2)) × 10',
    expected: '200.1 120.1 80',
  },
  {
    title: 'story 9: a new multiplier inside the month waits for a person',
    multipliers: [[10], [50, exchangedAt]],
    reads: [
      [0, 1, '100.00'],
      [0, exchangedAt, '150.00', 'field'],
      [0, 32, '160.00'],
    ],
    arithmetic: '(150 − 100) × 10 + (160 − 150) × 50 = 500 + 500, once somebody has looked',
    expected: 'new_multiplier',
  },
  {
    title: 'story 7: a new meter that had counted elsewhere, noted at zero',
    exchanges: [exchangedAt],
    reads: [
      [0, 1, '1000.00'],
      [0, exchangedAt, '1100.00', 'exchange'],
      [1, exchangedAt, '0.00', 'exchange'],
      [1, 17, '803.00'],
      [1, 32, '905.00'],
    ],
    arithmetic: '803 kWh from ten in the morning to midnight, where 1005 / 31 = 32.4 are usual',
    expected: 'note_unlike_readings',
  },
  {
    title: 'story 5: two reads in reversed order, nowhere near the end of the display',
    reads: [
      [0, 1, '1000.00'],
      [0, 32, '1310.00'],
      [0, 33, '1300.00'],
    ],
    arithmetic: '1300 on the day after 1310',
    expected: 'contradicted',
  },
]

t.test('given exchanges, turnovers and multipliers, the determinants are what the hand has computed', async (t) => {
  const database = await withDatabase(t)
  const histories = cases.map(toHistory)
  await importHistories(database, histories)
  await storeAndValidate(database, histories)
  const mdm = database.as('mdm')
  await freezeDeterminants(mdm, july)
  const answers = await readAnswers(database, histories)
  for (const [index, { title, arithmetic, expected }] of cases.entries())
    t.equal(describeAnswer(answers[index]?.[0]), withTariffs(expected), `${title}: ${arithmetic} = ${expected}`)

  const approved = { ...defaultDeterminantPolicy, holdsNewMultiplier: false }
  await freezeDeterminants(mdm, { ...july, now: now + 1, policy: approved })
  const again = await readAnswers(database, histories)
  const changed = cases.findIndex(({ expected }) => expected === 'new_multiplier')
  t.equal(describeAnswer(again[changed]?.[0]), withTariffs('1000'), '(150 − 100) × 10 + (160 − 150) × 50 = 1000')
})

function toHistory(one: Case, number: number): MeterHistory {
  const { displays = [], exchanges = [], multipliers = [[1]], reads } = one
  const meterId = (meter: number) => BigInt(number * 8 + meter + 1)
  const long = midnight(-900)
  const stretches = <V>(values: readonly V[], starts: readonly Instant[]): readonly Stretch<V>[] =>
    values.map((value, index) => ({ from: starts[index] ?? long, to: starts[index + 1] ?? null, value }))
  const meters = [long, ...exchanges].map((_, meter) => {
    const [digits = '6', decimals = '2'] = (displays[meter] ?? '6.2').split('.')
    return { meterId: meterId(meter), registerDigits: Number(digits), registerDecimals: Number(decimals) }
  })
  return {
    seed: 0,
    number,
    periodStart: july.periodStart,
    periodEnd: july.periodEnd,
    closedAt: midnight(36),
    meters,
    points: [
      {
        loadClass: 'residential',
        installations: stretches(
          meters.map((meter) => meter.meterId),
          [long, ...exchanges],
        ),
        multipliers: stretches(
          multipliers.map(([ratio]) => ratio),
          multipliers.map(([, from]) => from ?? long),
        ),
        truth: [0n, 0n, 0n, 0n, 0n],
        fullestDayE4: 0n,
        emptiestDayE4: 0n,
        stepE4: 0n,
        events: [],
        planted: [],
      },
    ],
    claims: reads.map(([meter, at, registers, source = 'scheduled']) => {
      const readAt = at < 100 ? midnight(at) : at
      return { meterId: meterId(meter), readAt, registers: toRegisters(registers), source, arrivedAt: readAt + hourMs }
    }),
    estimates: [],
  }
}

function toRegisters(text: string): RegisterSet {
  const [total = 0n, tou2 = null, tou4 = null] = text.split(' ').map(toEnergy)
  return { totalE4: total, touE4: [null, tou2, null, tou4] }
}

function toEnergy(text: string): bigint {
  return parseScaled(text, 4) ?? -1n
}

/** As `describeAnswer` says it. */
function withTariffs(expected: string): string {
  if (/[a-z]/.test(expected)) return expected
  const [total = 0n, tou2 = 0n, tou4 = 0n] = expected.split(' ').map(toEnergy)
  return [total, 0n, tou2, 0n, tou4].join(' ')
}
