import { createFuzzRandom, type FuzzRandom } from '../fuzz/fuzz-random.js'

/** A tariff and a usage that the checker in rating-oracle.py knows all rules of. */
export interface RatingCase {
  readonly tariff: object
  readonly usage: object
}

const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York'] as const
const modes = ['half_up', 'half_even', 'up', 'down'] as const
const seconds = 'second'

/** The same seed and index give the same case. */
export function ratingCase(seed: number, index: number): RatingCase {
  const random = createFuzzRandom(seed, index)
  const hasIntervals = random.oneIn(2)
  const calendar = someCalendar(random, hasIntervals)
  const periods = somePeriods(random, hasIntervals)
  const change = random.oneIn(2) ? null : dayIn(random, periods[0] ?? { start: '', end: '' })
  const components = someComponents(random, hasIntervals, periods)
  const version = (number: number, more: object, list: readonly object[]) => ({
    version: number,
    ...more,
    rounding: someRounding(random),
    calendars: [calendar],
    components: list,
  })
  const versions =
    change === null
      ? [version(1, { validFrom: '2020-01-01' }, components)]
      : [
          version(1, { validFrom: '2020-01-01', validTo: change }, components),
          version(
            2,
            { validFrom: change },
            components.map((one) => repriced(random, one)),
          ),
        ]
  return {
    tariff: { format: 'tariff/2', code: 'random', currency: { code: 'CNY', decimals: 2 }, versions },
    usage: {
      format: 'usage/1',
      zone: random.pick(zones),
      ...(random.oneIn(3) ? { inUseFrom: random.pick(['2026-01-01', '2026-02-11', '2025-03-01']) } : {}),
      ...(hasIntervals ? { quantities: [someIntervals(random, periods)] } : {}),
      periods: periods.map((period) => ({
        ...period,
        quantities: someQuantities(random, period, change, hasIntervals),
      })),
    },
  }
}

interface Period {
  readonly start: string
  readonly end: string
}

function date(day: number): string {
  return new Date(Date.UTC(2026, 0, day)).toISOString().slice(0, 10)
}

function dayNumber(text: string): number {
  return Math.round((Date.parse(`${text}T00:00:00Z`) - Date.UTC(2026, 0, 1)) / 86_400_000) + 1
}

/** One to three that follow each other: some days with intervals (over a change of clocks too), or months. */
function somePeriods(random: FuzzRandom, hasIntervals: boolean): readonly Period[] {
  const count = 1 + random.below(3)
  if (!hasIntervals && random.oneIn(2)) {
    const first = random.below(8)
    const borders = Array.from(
      { length: count + 1 },
      (_, index) => `2026-${String(first + index + 1).padStart(2, '0')}-01`,
    )
    return borders.slice(1).map((end, index) => ({ start: borders[index] ?? '', end }))
  }
  const lengths = Array.from({ length: count }, () => 2 + random.below(hasIntervals ? 4 : 50))
  let reached = hasIntervals ? random.pick([26, 57, 65, 85, 86, 297]) : 3 + random.below(150)
  return lengths.map((length) => {
    const start = date(reached)
    reached += length
    return { start, end: date(reached) }
  })
}

function isOfMonths({ start, end }: Period): boolean {
  return start.endsWith('-01') && end.endsWith('-01') && dayNumber(end) - dayNumber(start) < 32
}

function dayIn(random: FuzzRandom, { start, end }: Period): string {
  const [from, to] = [dayNumber(start), dayNumber(end)]
  return date(from + 1 + random.below(Math.max(1, to - from - 1)))
}

function decimal(random: FuzzRandom, below: number, decimals: number): string {
  return (random.below(below * 10 ** decimals) / 10 ** decimals).toFixed(decimals)
}

function price(random: FuzzRandom): string {
  return decimal(random, 3, random.pick([0, 2, 4, 6]))
}

const hour = (value: number) => `${String(value).padStart(2, '0')}:00`

/** Registers by slot count in a slot that has time on every day: in another they are refused. */
function someCalendar(random: FuzzRandom, hasIntervals: boolean): object {
  const [from, to] = [random.below(24), random.below(24)]
  // Never the whole day: the other slot has time as well.
  const windows = [from === to ? { from: hour(Math.max(from, 1)), to: hour(24) } : { from: hour(from), to: hour(to) }]
  const [isWeekday, isSeasonal] = [random.oneIn(2), random.oneIn(3)]
  const peak = {
    windows,
    ...(isWeekday && hasIntervals ? { days: ['weekday'] } : {}),
    ...(isSeasonal && hasIntervals ? { months: [1, 2, 3, 10] } : {}),
  }
  return {
    name: 'c',
    slots: [
      { name: 'first', when: [peak] },
      { name: seconds, otherwise: true },
    ],
  }
}

function someRounding(random: FuzzRandom): object {
  const rule = () => ({ mode: random.pick(modes), decimals: random.pick([0, 1, 2, 2, 2, 3]) })
  return {
    ...(random.oneIn(3) ? {} : { line: rule() }),
    ...(random.oneIn(4) ? { component: rule() } : {}),
    ...(random.oneIn(4) ? { total: rule() } : {}),
    ...(random.oneIn(4) ? { quantity: { mode: random.pick(modes), decimals: random.pick([0, 1]) } } : {}),
    ...(random.oneIn(5) ? { cumulative: true } : {}),
  }
}

/** As many hours as no zone's clocks can want; those behind the last period are nobody's. */
function someIntervals(random: FuzzRandom, periods: readonly Period[]): object {
  const [start, end] = [periods[0]?.start ?? '', periods.at(-1)?.end ?? '']
  const count = (dayNumber(end) - dayNumber(start)) * 24 + 1
  const values = Array.from({ length: count }, () => decimal(random, 9, random.pick([0, 1, 3])))
  return { name: 'energy', intervals: { start, minutes: 60, unit: 'kWh', values } }
}

function someQuantities(
  random: FuzzRandom,
  { start, end }: Period,
  change: string | null,
  hasIntervals: boolean,
): readonly object[] {
  const reactive = { name: 'reactive', value: decimal(random, 900, 1) }
  const demand = { name: 'demand', unit: 'kW', value: decimal(random, 90, 1) }
  const isCut = change !== null && start < change && change < end
  const spans = isCut ? [{ to: change }, { from: change }] : [{}]
  const payments = spans.map((span) => ({
    name: 'payments',
    events: Array.from({ length: random.below(6) }, () => decimal(random, 200, random.pick([0, 2]))),
    ...span,
  }))
  if (hasIntervals) return [reactive, demand, ...payments]
  const parts = spans.flatMap((span) =>
    ['first', seconds].map((slot) => ({
      name: 'energy',
      slot,
      value: decimal(random, 400, random.pick([0, 2])),
      ...span,
    })),
  )
  return [...parts, reactive, demand, ...payments]
}

function someBlocks(random: FuzzRandom, isSlotted: boolean, mayBeSized: boolean): readonly object[] {
  const count = 1 + random.below(4)
  let bound = 0
  return Array.from({ length: count }, (_, index) => {
    bound += 1 + random.below(150)
    const priced =
      isSlotted && random.oneIn(2)
        ? { prices: { first: price(random), [seconds]: price(random) } }
        : { price: price(random) }
    return {
      ...(index === count - 1 ? {} : { upTo: String(bound) }),
      ...(random.oneIn(9) ? {} : priced),
      ...(random.oneIn(4) ? { flat: price(random) } : {}),
      ...(mayBeSized && random.oneIn(5) ? { size: String(1 + random.below(30)) } : {}),
    }
  })
}

function someScope(random: FuzzRandom, hasIntervals: boolean): object {
  const of = random.pick(hasIntervals ? ['period', 'day', 'month', 'year'] : ['period', 'month', 'quarter', 'year'])
  return {
    of,
    crossing: hasIntervals && random.oneIn(2) ? 'split' : 'period_end',
    times: random.pick(
      of === 'year' || of === 'quarter' ? ['once', 'days', 'months', 'months_by_days'] : ['once', 'once', 'days'],
    ),
    ...(of === 'year' && random.oneIn(2) ? { yearStart: random.pick(['02-15', '07-01']) } : {}),
  }
}

function someModel(random: FuzzRandom, isSlotted: boolean, hasIntervals: boolean): object {
  const scope = someScope(random, hasIntervals)
  const upperBound = random.oneIn(3) ? 'excluded' : 'included'
  const flatAtZero = random.oneIn(3)
  switch (random.below(5)) {
    case 0:
      return {
        kind: 'package',
        size: String(1 + random.below(40)),
        price: price(random),
        scope: { ...scope, times: 'once' },
      }
    case 1:
      return { kind: 'volume', blocks: someBlocks(random, isSlotted, false), scope, upperBound, flatAtZero }
    case 2:
    case 3: {
      const sharing = random.pick(
        hasIntervals ? ['per_slot', 'proportional', 'time_order'] : ['per_slot', 'proportional'],
      )
      const blocks = someBlocks(random, isSlotted, sharing === 'per_slot')
      return { kind: 'graduated', blocks, scope, upperBound, flatAtZero, sharing }
    }
    default:
      return isSlotted
        ? { kind: 'per_unit', prices: { first: price(random), [seconds]: price(random) } }
        : { kind: 'per_unit', price: price(random) }
  }
}

function someUsage(random: FuzzRandom, code: string, hasIntervals: boolean): object {
  const isSlotted = random.oneIn(2)
  const isDemand = random.oneIn(6)
  if (isDemand)
    return {
      code,
      kind: 'usage',
      quantity: 'demand',
      unit: 'kW',
      model: { kind: 'graduated', blocks: someBlocks(random, false, false) },
    }
  const free = random.oneIn(2)
    ? { free: decimal(random, 60, 1) }
    : {
        free: {
          quantity: decimal(random, 60, 1),
          scope: { of: random.pick(['period', 'year']), crossing: 'period_end' },
          ...(random.oneIn(2) ? { carried: true } : {}),
        },
      }
  return {
    code,
    kind: 'usage',
    ...(isSlotted ? { slots: { calendar: 'c' } } : {}),
    ...(random.oneIn(5) ? { share: decimal(random, 2, 2) } : {}),
    ...(random.oneIn(6)
      ? { convert: { multiply: decimal(random, 3, 3), rounding: { mode: random.pick(modes), decimals: 1 } } }
      : {}),
    ...(random.oneIn(3) ? free : {}),
    ...(random.oneIn(6) ? { atLeast: decimal(random, 500, 0) } : {}),
    ...(random.oneIn(6) ? { multiple: random.pick(['2', '-1', '0.5']) } : {}),
    model: someModel(random, isSlotted, hasIntervals),
  }
}

/** The highest hour of each day, in blocks of that day or of a longer scope. */
function someDailyDemand(random: FuzzRandom, code: string): object {
  const isSlotted = random.oneIn(2)
  const model = someModel(random, isSlotted, false)
  const scope = random.pick([{ of: 'day' }, { of: 'day', times: 'days' }, { of: 'period' }])
  return {
    code,
    kind: 'usage',
    quantity: { op: 'demand', of: 'energy', minutes: 60, take: 'sum_of_days' },
    unit: 'kW·d',
    ...(isSlotted ? { slots: { calendar: 'c' } } : {}),
    ...(random.oneIn(4) ? { share: decimal(random, 2, 2) } : {}),
    model: 'scope' in model ? { ...model, scope: 'size' in model ? { of: scope.of } : scope } : model,
  }
}

function someFee(random: FuzzRandom, code: string): object {
  const maybe = (key: string, value: string) => (random.oneIn(2) ? { [key]: value } : {})
  const free = {
    ...maybe('events', String(random.below(5))),
    ...maybe('quantity', decimal(random, 300, 1)),
  }
  return {
    code,
    kind: 'usage',
    quantity: 'payments',
    unit: 'CNY',
    model: {
      kind: 'per_event',
      price: price(random),
      ...maybe('flat', price(random)),
      ...maybe('least', decimal(random, 9, 2)),
      ...maybe('most', decimal(random, 90, 2)),
      ...(random.oneIn(2) ? { free } : {}),
    },
  }
}

function someBank(random: FuzzRandom, of: readonly string[], earns: readonly string[]): object {
  return {
    code: 'bank',
    kind: 'credit',
    of,
    ...(earns.length > 0 ? { earns } : {}),
    ...(random.oneIn(2) ? { earned: decimal(random, 200, 3) } : {}),
    ...(random.oneIn(3) ? { most: decimal(random, 90, 3) } : {}),
    ...(random.oneIn(2)
      ? { scope: random.pick([{ of: 'month' }, { of: 'quarter' }, { of: 'year', yearStart: '02-15' }]) }
      : {}),
    ...(random.oneIn(4)
      ? { payOut: { when: { is: 'billing_month', of: [2, 3, 5] }, share: random.pick(['1', '0.5']) } }
      : {}),
  }
}

function someFixed(random: FuzzRandom, code: string): object {
  const dayCount = random.pick(['calendar', 'whole', { days: '30' }])
  return {
    code,
    kind: 'fixed',
    quantity: decimal(random, 40, 1),
    price: price(random),
    per: random.pick(['day', 'month', 'period']),
    dayCount,
  }
}

function someComponents(random: FuzzRandom, hasIntervals: boolean, periods: readonly Period[]): readonly object[] {
  const charges = Array.from({ length: 1 + random.below(3) }, (_, index) =>
    random.oneIn(4)
      ? someFixed(random, `c${index}`)
      : hasIntervals && random.oneIn(4)
        ? someDailyDemand(random, `c${index}`)
        : someUsage(random, `c${index}`, hasIntervals),
  )
  const codes = charges.map((_, index) => `c${index}`)
  const of = () => codes.filter((_, index) => index === 0 || random.oneIn(2))
  const takes = () => random.pick(['exact', 'rounded'])
  const more: readonly object[] = [
    { code: 'tax', kind: 'percentage', of: of(), percent: decimal(random, 20, 2), takes: takes() },
    { code: 'vat', kind: 'percentage', of: of(), percent: '13', takes: takes(), included: true },
    {
      code: 'adjusted',
      kind: 'power_factor',
      of: of(),
      takes: takes(),
      table: { standard: random.pick(['0.90', '0.85', '0.80']) },
    },
    {
      code: 'bound',
      kind: random.pick(['minimum', 'maximum']),
      of: of(),
      amount: decimal(random, 300, 2),
      ...(periods.every(isOfMonths) && random.oneIn(2) ? { scope: { of: random.pick(['month', 'quarter']) } } : {}),
    },
  ]
  const fee = random.oneIn(2) ? [someFee(random, 'fee')] : []
  const earns = fee.length > 0 && random.oneIn(2) ? ['fee'] : []
  const bank = random.oneIn(2) ? [someBank(random, of(), earns)] : []
  return [...charges, ...more.filter(() => random.oneIn(2)), ...fee, ...bank]
}

/** The same component with other prices, as a later version has it. */
function repriced(random: FuzzRandom, component: object): object {
  return JSON.parse(
    JSON.stringify(component, (key, value: unknown) =>
      (key === 'price' || key === 'first' || key === seconds) && typeof value === 'string' ? price(random) : value,
    ),
  ) as object
}
