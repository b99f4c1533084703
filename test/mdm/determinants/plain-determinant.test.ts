import fc from 'fast-check'
import t from 'tap'
import { deriveDeterminant } from '../../../mdm/determinants/derive-determinant.js'
import { plainEnergies } from '../../../mdm/determinants/plain-determinant.js'
import { defaultDeterminantPolicy } from '../../../mdm/determinants/policy.js'
import { highestPlainE4, type PlainReadings, plainRegisters } from '../../../storage/mdm/plain-readings.js'
import type { SegmentRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight } from '../support/small-utility.js'
import { boundaryOf, rowOf } from './support.js'

const period = { periodStart: midnight(1), periodEnd: midnight(32) }
const unmarked = { doubts: new Map(), turnovers: new Map(), jumps: new Map(), readings: new Map() }
const highest = BigInt(highestPlainE4)

type Registers = readonly (bigint | null)[]

const energy = fc.oneof(
  { arbitrary: fc.bigInt({ min: 0n, max: 20_000_0000n }), weight: 20 },
  { arbitrary: fc.bigInt({ min: 9990_0000n, max: 10_010_0000n }), weight: 2 },
  { arbitrary: fc.bigInt({ min: highest - 3n, max: highest + 3n }), weight: 1 },
)
const registers = fc
  .tuple(energy, ...Array.from({ length: 4 }, () => fc.option(energy, { freq: 6 })))
  .map((values): Registers => values)
/** Mostly what was counted since, seldom any other registers. */
const pair = registers.chain((start) =>
  fc.tuple(
    fc.constant(start),
    fc.oneof(
      { arbitrary: registers, weight: 1 },
      {
        arbitrary: fc
          .array(fc.bigInt({ min: 0n, max: 900_0000n }), { minLength: 5, maxLength: 5 })
          .map((used): Registers => start.map((value, index) => (value === null ? null : value + (used[index] ?? 0n)))),
        weight: 4,
      },
    ),
  ),
)
const multiplier = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 4000 }), weight: 6 },
  { arbitrary: fc.integer({ min: 1, max: 2 ** 31 - 1 }), weight: 1 },
)
const digits = fc.constantFrom(4, 6, 8)

t.test(
  'what is plain is what deriving says, and what is not plain fell, is known at one end only or is too large',
  (t) => {
    let plain = 0
    fc.assert(
      fc.property(pair, multiplier, digits, ([start, end], times, registerDigits) => {
        const energyE4 = new Float64Array(plainRegisters)
        const isPlain = plainEnergies(readingsOf(start, end, times), 0, energyE4)
        const derived = deriveDeterminant(
          [segmentOf(start, end, times, registerDigits)],
          period,
          defaultDeterminantPolicy,
          unmarked,
        )
        if (!isPlain) return hasReason(start, end, BigInt(times))
        plain++
        if (!derived.ok || derived.value.segments.length !== 1) return false
        const { energiesE4, settlementKind, estimated, periodStart, periodEnd } = derived.value
        const isWhole = periodStart === period.periodStart && periodEnd === period.periodEnd
        return (
          isWhole &&
          settlementKind === 'regular' &&
          !estimated &&
          energiesE4.every((value, index) => value === BigInt(energyE4[index] ?? -1))
        )
      }),
      { numRuns: 4000, seed: 20_260_701 },
    )
    t.ok(plain > 1000, `${plain} were plain`)
    t.end()
  },
)

function hasReason(start: Registers, end: Registers, times: bigint): boolean {
  return start.some((earlier, index) => {
    const later = end[index] ?? null
    if (earlier === null || later === null) return earlier !== later
    return later < earlier || later > highest || (later - earlier) * times > highest
  })
}

function readingsOf(start: Registers, end: Registers, times: number): PlainReadings {
  const column = (values: Registers) =>
    Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value > highest ? highest + 1n : value)))
  return {
    count: 1,
    accountId: Float64Array.of(1),
    isPlain: Uint8Array.of(1),
    usagePointId: Float64Array.of(1),
    tariff: Uint16Array.of(0),
    tariffCodes: ['tariff'],
    ladderFromDay: Int32Array.of(20_454),
    meterId: Float64Array.of(1),
    multiplier: Int32Array.of(times),
    hasTouTables: Uint8Array.of(0),
    startE4: column(start),
    endE4: column(end),
  }
}

function segmentOf(start: Registers, end: Registers, times: number, registerDigits: number): SegmentRow {
  const row = rowOf('end', { readAt: midnight(32), registers: registersOf(end) })
  return {
    ...row,
    multiplier: times,
    meter: { meterId: 1n, model: 'm', registerDigits, registerDecimals: 2 },
    start: boundaryOf({ registers: registersOf(start) }),
  }
}

function registersOf([total, tou1, tou2, tou3, tou4]: Registers) {
  return { totalE4: total ?? 0n, touE4: [tou1 ?? null, tou2 ?? null, tou3 ?? null, tou4 ?? null] } as const
}
