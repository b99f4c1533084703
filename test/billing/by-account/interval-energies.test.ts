import t from 'tap'
import { accountInputSchema } from '../../../billing/by-account/account-input.js'
import { intervalEnergies } from '../../../billing/by-account/interval-energies.js'
import { rateByAccount } from '../../../billing/by-account/rate-by-account.js'
import { parseComponentTariff } from '../../../billing/tariffs/components/parse-document.js'
import { invariant } from '../../../domain/result.js'
import { addDays, type Calendar, calendarFor, datesIn, type LocalDate, minuteMs } from '../../../domain/time.js'
import { tariffDocument } from '../rating/offline.js'

interface DayPlan {
  readonly date: LocalDate
  readonly minutes?: number
  readonly multiplier?: number
  readonly isFilled?: boolean
  /** kWh e4 by slot; 2500 in each when nothing is said. */
  readonly energyOf?: (slot: number) => number
}

function dayOf(calendar: Calendar, plan: DayPlan) {
  const { date, minutes = 15, multiplier = 1, isFilled = false, energyOf = () => 2500 } = plan
  const [start, end] = [calendar.startOfDay(date), calendar.startOfDay(addDays(date, 1))]
  const values = Int32Array.from({ length: (end - start) / (minutes * minuteMs) }, (_, slot) => energyOf(slot))
  return {
    multiplier,
    start,
    revision: 1,
    minutes,
    isFilled,
    values: Buffer.from(values.buffer).toString('base64'),
  }
}

interface Plan {
  readonly zone?: string
  readonly from: LocalDate
  readonly to: LocalDate
  /** kWh e4 by the registers. */
  readonly registersE4: number
  readonly days?: readonly DayPlan[]
  readonly tou?: readonly string[]
  readonly interval?: object
  readonly quantities?: readonly object[]
}

const nothing = [null, null, null, null, null]

function inputOf({ zone = 'Asia/Shanghai', from, to, registersE4, days, tou, interval = {}, quantities = [] }: Plan) {
  const calendar = calendarFor(zone)
  const named = days ?? datesIn(from, to).map((date) => ({ date }))
  const frozen = { name: 'interval_days', unit: 'kWh', missing: null, registers: ['0', null, null, null, null] }
  return accountInputSchema.parse({
    kind: 'regular',
    start: calendar.startOfDay(from),
    end: calendar.startOfDay(to),
    inUseFrom: '2025-06-01',
    energies: [String(registersE4), ...(tou ?? ['0', '0', '0', '0'])],
    quantities: [{ ...frozen, ...interval }, ...quantities],
    days: named.map((day) => dayOf(calendar, day)),
    terms: null,
    agreement: [],
    lastBill: null,
    opening: null,
  })
}

/** Runs of intervals as `start minutes × count: first values`, or the refusal. */
function saidOf(plan: Plan): readonly string[] {
  const found = intervalEnergies(inputOf(plan), calendarFor(plan.zone ?? 'Asia/Shanghai'))
  if (!found.ok) return [`${found.error.kind}: ${found.error.message}`]
  return found.value.map(
    ({ intervals: { start, minutes, values } }) =>
      `${start} ${minutes} × ${values.length}: ${[...new Set(values)].join(' ')}`,
  )
}

const two = { from: '2026-07-01', to: '2026-07-03' } as const
const [first, second] = ['2026-07-01', '2026-07-02'] as const

t.test('interval days become the energy of a usage, or there is a reason', (t) => {
  const cases: readonly (readonly [title: string, plan: Plan, expected: readonly string[]])[] = [
    ['days that follow each other are one run', { ...two, registersE4: 48_0000 }, ['2026-07-01 15 × 192: 0.25']],
    [
      'energies count their multiplier',
      {
        ...two,
        registersE4: 264_0000,
        days: [
          { date: first, multiplier: 10 },
          { date: second, multiplier: 1 },
        ],
      },
      ['2026-07-01 15 × 192: 2.5 0.25'],
    ],
    [
      'two meters that share a day are added up',
      {
        ...two,
        // 98 quarters of the first meter, and a day of the second one, ten times.
        registersE4: 98 * 2500 + 96 * 25_000,
        days: [
          { date: first },
          { date: second, energyOf: (slot) => (slot < 2 ? 2500 : 0) },
          { date: second, multiplier: 10 },
        ],
      },
      ['2026-07-01 15 × 192: 0.25 2.75 2.5'],
    ],
    [
      'intervals of another length follow',
      { ...two, registersE4: 36_0000, days: [{ date: first }, { date: second, minutes: 30 }] },
      ['2026-07-01 15 × 96: 0.25', '2026-07-02 30 × 48: 0.25'],
    ],
    [
      'of a day that reaches beyond the period what lies within',
      { ...two, registersE4: 48_0000, days: [{ date: '2026-06-30' }, { date: first }, { date: second }] },
      ['2026-07-01 15 × 192: 0.25'],
    ],
    [
      'the day on which clocks go forward has 92 quarters',
      { zone: 'Europe/Berlin', from: '2026-03-28', to: '2026-03-30', registersE4: 47_0000 },
      ['2026-03-28 15 × 188: 0.25'],
    ],
    [
      'and 100 where they go back',
      { zone: 'Europe/Berlin', from: '2026-10-25', to: '2026-10-26', registersE4: 25_0000 },
      ['2026-10-25 15 × 100: 0.25'],
    ],
    [
      'a gap leaves two runs, which rating refuses',
      { ...two, to: '2026-07-04', registersE4: 48_0000, days: [{ date: first }, { date: '2026-07-03' }] },
      ['2026-07-01 15 × 96: 0.25', '2026-07-03 15 × 96: 0.25'],
    ],
    [
      'what the freeze found wanting',
      { ...two, registersE4: 48_0000, days: [], interval: { missing: 'no interval day', registers: nothing } },
      ['interval_days_unknown: no interval day'],
    ],
    [
      'a meter without a curve',
      { ...two, registersE4: 48_0000, interval: { name: 'demand_max' } },
      ['interval_days_unknown: no meter of the account has interval days'],
    ],
    [
      'meters that share a day in intervals of different lengths',
      {
        ...two,
        registersE4: 48_0000,
        days: [{ date: first }, { date: first, minutes: 30 }, { date: second }],
      },
      [
        'interval_length_differs: meters that share a day have intervals of different lengths at 2026-06-30T16:00:00.000Z',
      ],
    ],
    [
      'a multiplier that changed within a day, which two segments name',
      { ...two, registersE4: 90_0000, days: [{ date: first }, { date: second }, { date: second, multiplier: 2 }] },
      ['intervals_differ_from_registers: the interval days come to 96 kWh, what is billed is 90 kWh'],
    ],
    [
      'less than the registers say',
      { ...two, registersE4: 48_0001 },
      ['intervals_differ_from_registers: the interval days come to 48 kWh, what is billed is 48.0001 kWh'],
    ],
  ]
  for (const [title, plan, expected] of cases) t.same(saidOf(plan), expected, title)
  t.end()
})

const slots = [
  { name: 'peak', when: [{ windows: [{ from: '08:00', to: '22:00' }] }] },
  { name: 'valley', otherwise: true },
]
const byRegister = { name: 'tou', registers: { tou2: 'peak', tou4: 'valley' }, slots }
const touPrices = { kind: 'per_unit', prices: { peak: '0.6', valley: '0.3' } }
const energy = { kind: 'usage', code: 'energy', slots: { calendar: 'tou' }, model: touPrices }
const spot = { kind: 'usage', code: 'spot', model: { kind: 'interval_prices', series: 'spot' } }
const demand = {
  kind: 'fixed',
  code: 'demand',
  quantity: { op: 'demand', of: 'energy', minutes: 30 },
  unit: 'kW',
  price: '40',
  per: 'month',
}

/** Lines as `component slot quantity amount`, whether estimates are in them, or why there are none. */
function billOf(plan: Plan, components: readonly object[], version: object = {}): readonly string[] {
  const posting = { vat: { rate: '0.13' } }
  const parsed = parseComponentTariff(tariffDocument({ components, version: { posting, ...version } }))
  invariant(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.error.defects))
  const zone = plan.zone ?? 'Asia/Shanghai'
  const bill = rateByAccount(inputOf(plan), parsed.value, { zone, calendar: calendarFor(zone) })
  if (!bill.ok) return [`${bill.error.kind} ${bill.error.path}`]
  const lines = bill.value.lines.map(([component, slot, , , , , used, , , , , amount]) =>
    [component, slot, used, amount].filter((part) => part !== null).join(' '),
  )
  return bill.value.hasFilledDays ? [...lines, 'estimates'] : lines
}

t.test('bills of curves by hand', (t) => {
  const month = { from: '2026-07-01', to: '2026-08-01', registersE4: 744_0000 }
  const hourly = (from: LocalDate, count: number) => ({
    series: [
      {
        name: 'spot',
        start: from,
        minutes: 60,
        values: Array.from({ length: count }, (_, hour) => `0.${1 + (hour % 9)}`),
      },
    ],
  })
  const noticed = { name: 'interval_days', insteadOf: 'tou_tables_differ: meter 1' }
  const registers = ['0', String(372_0000), '0', String(372_0000)]
  const demandKw = { name: 'demand_max', unit: 'kW', missing: null, registers: ['15000', null, '15000', null, '9000'] }
  const settled = { kind: 'usage', code: 'demand', quantity: 'demand', unit: 'kW' }
  const cases: readonly (readonly [title: string, said: readonly string[], expected: readonly string[]])[] = [
    [
      'slots of the clock: fourteen hours of 1 kW at 0.6, ten at 0.3',
      billOf(month, [energy], { calendars: [{ name: 'tou', slots }] }),
      ['energy peak 434 260.40', 'energy valley 310 93.00'],
    ],
    [
      'what the registers count, where the version does not ask for the curve',
      billOf({ ...month, tou: registers }, [energy], { calendars: [byRegister] }),
      ['energy peak 372 223.20', 'energy valley 372 111.60'],
    ],
    [
      'the curve in place of registers that counted other hours',
      billOf({ ...month, tou: registers, interval: noticed }, [energy], { calendars: [byRegister] }),
      ['energy peak 434 260.40', 'energy valley 310 93.00'],
    ],
    [
      'whose demand by slot nobody knows then, only the whole',
      billOf({ ...month, tou: registers, interval: noticed, quantities: [demandKw] }, [
        { ...settled, model: { kind: 'per_unit', price: '40' } },
      ]),
      ['demand 1.5 60.00'],
    ],
    [
      'and no bill by it',
      billOf(
        { ...month, tou: registers, interval: noticed, quantities: [demandKw] },
        [{ ...settled, slots: { calendar: 'tou' }, model: touPrices }],
        { calendars: [byRegister] },
      ),
      ['quantity_not_by_slot usage.periods.0.quantities.1'],
    ],
    [
      'demand from the curve: half an hour of 3 kWh and 1 kWh is 8 kW',
      billOf(
        {
          ...month,
          registersE4: 744_0000 + 35_000,
          days: datesIn(month.from, month.to).map((date) => ({
            date,
            energyOf: (slot) =>
              date === '2026-07-10' && slot === 40 ? 30_000 : date === '2026-07-10' && slot === 41 ? 10_000 : 2500,
          })),
        },
        [demand],
      ),
      ['demand 8 320.00'],
    ],
    [
      'the day of 23 hours has 23 prices: 0.1 to 0.9 twice, then 0.1 to 0.5',
      billOf(
        { zone: 'Europe/Berlin', from: '2026-03-29', to: '2026-03-30', registersE4: 23_0000 },
        [spot],
        hourly('2026-03-29', 23),
      ),
      ['spot 23 10.50'],
    ],
    [
      'that of 25 hours 25: 0.1 to 0.9 twice, then 0.1 to 0.7',
      billOf(
        { zone: 'Europe/Berlin', from: '2026-10-25', to: '2026-10-26', registersE4: 25_0000 },
        [spot],
        hourly('2026-10-25', 25),
      ),
      ['spot 25 11.80'],
    ],
    [
      'estimates are said',
      billOf(
        { ...two, registersE4: 48_0000, days: [{ date: first, isFilled: true }, { date: second }] },
        [spot],
        hourly(first, 48),
      ),
      ['spot 48 23.10', 'estimates'],
    ],
    [
      'a day that is not there',
      billOf({ ...two, registersE4: 24_0000, days: [{ date: first }] }, [spot], hourly(first, 48)),
      ['intervals_missing usage.periods.0.quantities.0'],
    ],
  ]
  for (const [title, said, expected] of cases) t.same(said, expected, title)
  t.end()
})
