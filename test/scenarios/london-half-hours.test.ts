import { createHash } from 'node:crypto'
import t from 'tap'
import { type IntervalDay, slotQualities } from '../../domain/interval-day.js'
import { present } from '../../domain/result.js'
import { addDays, calendarFor, datesIn, dayMs, type Instant, type LocalDate } from '../../domain/time.js'
import { settleCurves } from '../../mdm/curves/settle-curves.js'
import { similarDays } from '../../mdm/curves/similar-days.js'
import { runValidation } from '../../mdm/validation/run-validation.js'
import type { CollectedInterval } from '../../storage/headend/collected-values.js'
import { insertValues } from '../../storage/headend/store-values.js'
import { selectIntervalDays } from '../../storage/mdm/interval-day-reads.js'
import { ensureTimePartitions } from '../../storage/time-series.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { plantCurveTown } from '../support/curve-town.js'
import { withDatabase } from '../support/database.js'
import { type HalfHour, halfHourMs, londonHalfHours } from '../support/london-half-hours.js'

const london = calendarFor('Europe/London')
/** Five weeks with the day on which clocks go forward, four with the one on which they go back. */
const seasons = [
  { from: '2013-03-04', to: '2013-04-08' },
  { from: '2013-10-07', to: '2013-11-04' },
] as const
const startE4 = 1000_0000n

/** A half hour whose register, at its end, never came. */
interface Lost {
  readonly at: Instant
}

const gapKinds = [
  'none',
  'none',
  'none',
  'none',
  'none',
  'a piece',
  'some hours',
  'a day',
  'over midnight',
  'at the peak',
] as const

function draw(household: string, date: LocalDate, what: string, below: number): number {
  return createHash('sha256').update([household, date, what].join('|')).digest().readUInt32BE(0) % below
}

/** The gaps of a household: where a register is missing, and the midnights whose reading is missing too. */
function plantGaps(
  household: string,
  halfHours: readonly HalfHour[],
): {
  readonly pieces: ReadonlySet<Instant>
  readonly midnights: ReadonlySet<Instant>
} {
  const [pieces, midnights] = [new Set<Instant>(), new Set<Instant>()]
  for (const { from, to } of seasons) {
    // Two weeks to learn from; the last day keeps the register that ends the season.
    for (const date of datesIn(addDays(from, 14), addDays(to, -1))) {
      const [start, end] = [london.startOfDay(date), london.startOfDay(addDays(date, 1))]
      const kind = present(gapKinds[draw(household, date, 'kind', gapKinds.length)], 'a kind of gap')
      const first = start + draw(household, date, 'slot', 36) * halfHourMs
      const lose = (lost: Lost) => pieces.add(lost.at)
      if (kind === 'at the peak') lose({ at: peakOf(halfHours, start, end) + halfHourMs })
      if (kind === 'a piece') lose({ at: first + halfHourMs })
      if (kind === 'some hours')
        for (let slot = 1; slot <= 2 + draw(household, date, 'length', 8); slot++)
          lose({ at: first + slot * halfHourMs })
      if (kind === 'a day') for (let at = start + halfHourMs; at <= end; at += halfHourMs) lose({ at })
      if (kind !== 'over midnight') continue
      for (let at = end - 3 * halfHourMs; at <= end + 2 * halfHourMs; at += halfHourMs) lose({ at })
      midnights.add(end)
    }
  }
  return { pieces, midnights }
}

/** Start of the half hour of [start, end) with the most energy. */
function peakOf(halfHours: readonly HalfHour[], start: Instant, end: Instant): Instant {
  const inDay = halfHours.filter((each) => start <= each.start && each.start < end)
  return inDay.reduce((a, b) => (b.energyE4 > a.energyE4 ? b : a)).start
}

/** The register of a household at every half hour: it counts what was published. */
function registersOf(halfHours: readonly HalfHour[]): ReadonlyMap<Instant, bigint> {
  const registers = new Map<Instant, bigint>()
  let registerE4 = startE4
  for (const { start, energyE4 } of halfHours) {
    registers.set(start, registerE4)
    registerE4 += energyE4
    registers.set(start + halfHourMs, registerE4)
  }
  return registers
}

async function tell(t: Parameters<typeof withDatabase>[0]) {
  const households = [...londonHalfHours()]
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantCurveTown(
    owner,
    'Europe/London',
    households.map((_, index) => ({ meterId: index + 1 })),
  )
  await ensureTimePartitions(owner, Date.parse('2013-02-01'), Date.parse('2013-12-01'))
  const headend = databases.as('headend')
  for (const [index, [household, halfHours]] of households.entries()) {
    const { pieces, midnights } = plantGaps(household, halfHours)
    const registers = registersOf(halfHours)
    for (const season of seasons) {
      const [first, end] = [london.startOfDay(season.from), london.startOfDay(season.to)]
      const recordedAt = end + dayMs
      const frame = {
        protocol: 'dlt645_2007',
        request: null,
        response: Buffer.from(household),
        receivedAt: recordedAt,
      } as const
      const stored = [...registers].flatMap(([at, registerE4]): readonly CollectedInterval[] =>
        at <= first || at > end || pieces.has(at)
          ? []
          : [
              {
                kind: 'interval',
                meterId: BigInt(index + 1),
                curve: 'load_energy',
                slotStart: at - halfHourMs,
                slotEnd: at,
                valuesE4: [registerE4, 0n, null, null],
                evidence: { frame, slice: null },
              },
            ],
      )
      await headend.transaction((tx) => insertValues(tx, stored, { lineId: 1n, recordedAt }))
      for (const date of datesIn(season.from, addDays(season.to, 1))) {
        const midnight = london.startOfDay(date)
        if (midnights.has(midnight)) continue
        await owner.execute(
          `insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at) values ($1, 1, $2, $3, 1, $4)`,
          [
            index + 1,
            toTimestamptz(midnight),
            present(registers.get(midnight), 'register at midnight'),
            toTimestamptz(recordedAt),
          ],
        )
      }
    }
  }
  const mdm = databases.as('mdm')
  const now = Date.parse('2013-11-20')
  await runValidation(mdm, { from: Date.parse('2013-03-01'), to: now, now })
  const reports = []
  for (const season of seasons) reports.push(await settleCurves(mdm, { ...season, now }))
  const again = await settleCurves(mdm, { ...seasons[1], now })
  const reader = databases.as('reader')
  const days = await Promise.all(
    households.map((_, index) =>
      selectIntervalDays(reader, BigInt(index + 1), { from: Date.parse('2013-03-01'), to: Date.parse('2013-12-01') }),
    ),
  )
  return {
    reports,
    again,
    told: households.map(([household, halfHours], index) => ({ household, halfHours, days: days[index] ?? [] })),
  }
}

const { measured, estimated, missing } = slotQualities
const { reports, again, told } = await tell(t)

/** What the household truly used in the slots of a day. */
function truthOf(halfHours: readonly HalfHour[], { dayStart, energiesE4 }: IntervalDay): readonly bigint[] {
  const byStart = new Map(halfHours.map(({ start, energyE4 }) => [start, energyE4]))
  return [...energiesE4].map((_, slot) =>
    present(byStart.get(dayStart + slot * halfHourMs), 'a half hour that was published'),
  )
}

function sum(values: Iterable<bigint>): bigint {
  let total = 0n
  for (const value of values) total += value
  return total
}

function greatest(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b), 0n)
}

t.test('every household has all its days, the ones on which clocks are set with 46 and 50 half hours', async (t) => {
  const count = sum(reports.map(({ days }) => BigInt(days.complete + days.filled + days.held)))
  t.equal(count, BigInt(told.length * (35 + 28)))
  t.comment(JSON.stringify(reports))
  for (const { household, days } of told)
    for (const [date, slots] of [
      ['2013-03-30', 48],
      ['2013-03-31', 46],
      ['2013-10-27', 50],
    ] as const)
      t.equal(days.find(({ serviceDate }) => serviceDate === date)?.qualities.length, slots, `${household} ${date}`)
  t.equal(again.written, 0, 'settled again, nothing is new')
})

t.test(
  'exactly the half hours beside a lost register are marked, and the measured ones are as published',
  async (t) => {
    for (const { household, halfHours, days } of told) {
      const { pieces, midnights } = plantGaps(household, halfHours)
      const isKnown = (at: Instant) => !pieces.has(at) || (london.startOfDayAt(at) === at && !midnights.has(at))
      for (const day of days) {
        const truth = truthOf(halfHours, day)
        const expected = truth.map((_, slot) => {
          const start = day.dayStart + slot * halfHourMs
          return isKnown(start) && isKnown(start + halfHourMs)
        })
        t.same(
          [...day.qualities].map((quality) => quality === measured),
          expected,
          `${household} ${day.serviceDate}`,
        )
        t.notOk(day.verdict === 'filled' && day.qualities.includes(missing))
        t.ok(truth.every((energyE4, slot) => day.qualities[slot] !== measured || day.energiesE4[slot] === energyE4))
      }
    }
  },
)

t.test('filled days reconcile exactly with their registers, and no energy is lost or made', async (t) => {
  let filled = 0
  for (const { household, halfHours, days } of told) {
    for (const day of days.filter(({ verdict }) => verdict === 'filled')) {
      filled++
      const hasBothEnds = day.startE4 !== null && day.endE4 !== null
      t.equal(day.differenceE4, hasBothEnds ? 0n : null, `${household} ${day.serviceDate}`)
      if (!hasBothEnds) continue
      const truth = truthOf(halfHours, day)
      for (const { slot, slots, energyE4 } of day.fills) t.equal(energyE4, sum(truth.slice(slot, slot + slots)))
    }
    // A gap over midnight belongs to two days: what one has too much the other has too little. Held days count as they were.
    for (const season of seasons) {
      const inSeason = days.filter(({ serviceDate }) => season.from <= serviceDate && serviceDate < season.to)
      const openDays = new Set(
        inSeason.flatMap(({ verdict, serviceDate }) =>
          verdict === 'held' ? [addDays(serviceDate, -1), serviceDate, addDays(serviceDate, 1)] : [],
        ),
      )
      const settled = inSeason.filter(({ serviceDate }) => !openDays.has(serviceDate))
      const whole = runsOf(settled).filter(([first, ...rest]) => isBounded(first, rest.at(-1) ?? first))
      for (const run of whole)
        t.equal(sum(run.map(({ sumE4 }) => sumE4)), sum(run.flatMap((day) => truthOf(halfHours, day))))
    }
  }
  t.ok(filled > 60, `${filled} filled days`)
})

/** Days that follow each other. */
function runsOf(days: readonly IntervalDay[]): readonly (readonly [IntervalDay, ...IntervalDay[]])[] {
  const runs: [IntervalDay, ...IntervalDay[]][] = []
  for (const day of days) {
    const run = runs.at(-1)
    if (run !== undefined && addDays(run.at(-1)!.serviceDate, 1) === day.serviceDate) run.push(day)
    else runs.push([day])
  }
  return runs
}

function isBounded(first: IntervalDay, last: IntervalDay): boolean {
  return first.startE4 !== null && last.endE4 !== null
}

t.test('no demand peak comes from an estimate', async (t) => {
  let wouldBe = 0
  for (const { household, days } of told) {
    for (const [index, day] of days.entries()) {
      const own = [...day.energiesE4].filter((_, slot) => day.qualities[slot] === measured)
      const estimates = [...day.energiesE4].filter((_, slot) => day.qualities[slot] === estimated)
      if (day.verdict === 'held') wouldBe++
      if (estimates.length === 0) continue
      const past = days.slice(0, index).filter(({ verdict }) => verdict !== 'held')
      const alike = similarDays(past, { date: day.serviceDate, slotMinutes: 30, atMost: 8 })
      const cap = own.length > 0 ? greatest(own) : greatest(alike.flatMap(({ energiesE4 }) => [...energiesE4]))
      t.ok(greatest(estimates) <= cap, `${household} ${day.serviceDate}`)
    }
    for (const { from, to } of seasons) {
      const inSeason = days.filter(({ serviceDate }) => from <= serviceDate && serviceDate < to)
      const most = (quality: number) =>
        greatest(
          inSeason.flatMap(({ energiesE4, qualities }) =>
            [...energiesE4].filter((_, slot) => qualities[slot] === quality),
          ),
        )
      t.ok(most(estimated) <= most(measured), `${household} from ${from}`)
    }
    t.ok(
      days.every(({ verdict, rules }) => verdict !== 'held' || rules.includes('gap_above_peak')),
      'what is held would have made one',
    )
  }
  t.comment(`${wouldBe} days held because filling them would have made a peak`)
})

t.test('estimates say how far off they may be, and mostly are not further', async (t) => {
  let [inside, all] = [0, 0]
  for (const { halfHours, days } of told)
    for (const day of days) {
      const truth = truthOf(halfHours, day)
      for (const { slot, slots, halfWidthE4 } of day.fills)
        for (let at = slot; at < slot + slots; at++) {
          const off = (day.energiesE4[at] ?? 0n) - (truth[at] ?? 0n)
          all++
          if (off <= halfWidthE4 && -off <= halfWidthE4) inside++
        }
    }
  t.ok(inside >= 0.85 * all, `${inside} of ${all} half hours within their interval`)
  t.comment(`${inside} of ${all} half hours within their interval`)
})
