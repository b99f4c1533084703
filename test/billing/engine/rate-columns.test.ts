import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { CopyWriter } from '../../../storage/copy-writer.js'
import { compileProgram } from '../../../billing/engine/compile-program.js'
import { encodeShard } from '../../../billing/engine/encode-shard.js'
import { compileEntry } from '../../../billing/engine/entry-program.js'
import { rateShard, type ShardBills } from '../../../billing/engine/rate-shard.js'
import { billEntry } from '../../../billing/ledger/bill-entry.js'
import { type Rating, rateAccount } from '../../../billing/rating/rate-account.js'
import type { Tariff } from '../../../billing/tariffs/tariff.js'
import { type BilledUsage, linesSha256, maxBilledE4 } from '../../../domain/bill.js'
import { err, present } from '../../../domain/result.js'
import { addDays, beijing } from '../../../domain/time.js'
import { type CopyRow, type CopyType, createCopyDecoder } from '../../../storage/copy-binary.js'
import { usageBytes } from './usage-bytes.js'

const seed = 20_260_701
const tariffsTried = 600
const usagesPerTariff = 30

const timeOfUse = ['sharp', 'peak', 'flat', 'valley'] as const
/** Unit of all prices of one tariff: few decimals take the number path, many the bigint path. */
const priceUnit = fc.constantFrom(10_000n, 100n, 1n)
/** 99.99999999 is the highest price that loads. */
const rawPrice = fc.bigInt({ min: 0n, max: 10n ** 10n - 1n })

function priced(raw: bigint, unit: bigint): bigint {
  return unit === 1n ? raw : (raw % 20_000n) * unit
}

const slotMap = fc.record({
  registers: fc.tuple(register(), register(), register(), register()),
  residual: fc.constantFrom(...timeOfUse),
})
const ladder = fc.uniqueArray(fc.bigInt({ min: 1n, max: 9_000_000n }), { minLength: 1, maxLength: 7 }).chain((limits) =>
  fc.record({
    form: fc.constantFrom('full' as const, 'increment' as const),
    monthlyLimitsE4: fc.constant(limits.toSorted((a, b) => (a < b ? -1 : 1))),
    blockPricesE8: fc.array(rawPrice, { minLength: limits.length + 1, maxLength: limits.length + 1 }),
  }),
)
const tariff: fc.Arbitrary<Tariff> = fc
  .record({
    slots: fc.option(slotMap),
    prices: fc.tuple(rawPrice, rawPrice, rawPrice, rawPrice, rawPrice),
    unit: priceUnit,
    ladder: fc.option(ladder),
    vatRateE4: fc.constantFrom(0n, 300n, 1300n),
    funds: fc.uniqueArray(
      fc.record({
        fund: fc.constantFrom('rural_grid_loan', 'reservoir_resettlement', 'renewable_energy'),
        raw: fc.oneof(fc.bigInt({ min: 0n, max: 5_000_000n }), rawPrice),
      }),
      { selector: ({ fund }) => fund, maxLength: 3 },
    ),
  })
  .map(({ slots, prices, unit, ladder: steps, vatRateE4, funds }) => {
    const full = steps?.form === 'full'
    return {
      code: 'generated',
      version: 1,
      slots: full ? null : slots,
      energyPrices: full
        ? []
        : (['all', ...timeOfUse] as const).map((slot, index) => ({ slot, priceE8: priced(prices[index] ?? 0n, unit) })),
      ladder: steps && { ...steps, blockPricesE8: steps.blockPricesE8.map((raw) => priced(raw, unit)) },
      funds: funds.map(({ raw, ...one }) => ({ ...one, priceE8: raw })),
      vatRateE4,
    }
  })

/** Most accounts are small; some reach the bigint path, a few the limit of what is billed at all. */
const highestE4 = fc.oneof(
  { weight: 12, arbitrary: fc.constant(100_000_000n) },
  { weight: 3, arbitrary: fc.constant(maxBilledE4 / 8n) },
  { weight: 1, arbitrary: fc.constant(maxBilledE4) },
)
const day = fc.integer({ min: 0, max: 1100 }).map((days) => addDays('2024-01-01', days))
const usage: fc.Arbitrary<BilledUsage> = highestE4
  .chain((max) => {
    const energy = fc.bigInt({ min: 0n, max })
    return fc.record({
      touE4: fc.tuple(energy, energy, energy, energy),
      /** Mostly what the display's last digits leave; sometimes more than any slot holds. */
      differenceE4: fc.oneof(
        { weight: 6, arbitrary: fc.bigInt({ min: -300n, max: 300n }) },
        { weight: 1, arbitrary: fc.bigInt({ min: -5n * max, max }) },
      ),
      settlementKind: fc.constantFrom('regular' as const, 'transfer' as const),
      ladderFrom: fc.oneof({ weight: 4, arbitrary: fc.constant('2024-01-01') }, { weight: 1, arbitrary: day }),
      periodFrom: day,
      days: fc.integer({ min: 1, max: 40 }),
      ladderOpeningE4: fc.option(energy, { freq: 20 }),
    })
  })
  .map(({ differenceE4, days, ...rest }) => ({
    ...rest,
    energyE4: rest.touE4.reduce((sum, tou) => sum + tou, differenceE4),
    periodTo: addDays(rest.periodFrom, days),
  }))

function register() {
  return fc.option(fc.constantFrom(...timeOfUse), { freq: 40 })
}

/** Where the ladder stands by the rules of `ladderOpening`, for usages whose opening state was taken at the begin of the period. */
function openingOf({ ladderFrom, periodFrom, ladderOpeningE4 }: BilledUsage): bigint | null {
  return ladderFrom >= periodFrom || periodFrom.endsWith('-01-01') ? 0n : ladderOpeningE4
}

const billTypes = [
  ...(['int8', 'int4', 'int8', 'timestamptz', 'timestamptz', 'int8', 'int8', 'int8', 'bool'] as const),
  ...(['int2[]', 'int2[]', 'int2[]', 'int8[]', 'int8[]', 'int8[]', 'text', 'int4', 'bytea'] as const),
] as const

/** What the database would get, by account: bills and receivables and entries, without what all rows of a shard share. */
function rowsOf(shard: ShardBills): readonly Map<bigint, readonly unknown[]>[] {
  const [segmentId, dueDate, accountingDate] = [7n, '2026-08-18', '2026-08-03'] as const
  const bills = new Map<bigint, readonly unknown[]>()
  const receivables = new Map<bigint, readonly unknown[]>()
  const entries = new Map<bigint, readonly unknown[]>()
  const ordinals = new Map<number, bigint>()
  const written = encodeShard(new CopyWriter(), shard, { segmentId, dueDate, accountingDate })
  decode(billTypes, written.bills, ([segment, ordinal, accountId, ...rest]) => {
    if (segment !== segmentId || ordinal !== ordinals.size || accountId === null) throw new Error('another segment')
    ordinals.set(ordinal, accountId)
    bills.set(accountId, rest)
  })
  decode(['int8', 'int4', 'int8', 'date', 'int8'], written.receivables, ([segment, ordinal, accountId, due, fen]) => {
    if (segment !== segmentId || due !== dueDate) throw new Error('another segment')
    receivables.set(present(ordinals.get(ordinal ?? -1), 'bill'), [accountId, fen])
  })
  decode(
    ['int8', 'int4', 'date', 'text', 'int8', 'int4[]', 'int8[]'],
    written.entries,
    ([segment, ordinal, booked, kind, ...rest]) => {
      if (segment !== segmentId || booked !== accountingDate || kind !== 'bill') throw new Error('another segment')
      entries.set(present(ordinals.get(ordinal ?? -1), 'bill'), rest)
    },
  )
  return [bills, receivables, entries]
}

function decode<const Types extends readonly CopyType[]>(
  types: Types,
  pieces: readonly Buffer[],
  take: (row: CopyRow<Types>) => void,
): void {
  const decoder = createCopyDecoder(types, take)
  for (const piece of pieces) decoder.push(piece)
  decoder.end()
}

function billRow(row: number, used: BilledUsage, { code }: Tariff, bill: Rating): readonly unknown[] {
  const { lines, amountFen, ladderEnergyE4 } = bill
  return [
    beijing.startOfDay(used.periodFrom),
    beijing.startOfDay(used.periodTo),
    used.energyE4,
    amountFen,
    ladderEnergyE4,
    row % 7 === 0,
    lines.map((line) => line.component),
    lines.map((line) => line.slot),
    lines.map((line) => line.block),
    lines.map((line) => line.quantityE4),
    lines.map((line) => line.priceE8),
    lines.map((line) => line.amountFen),
    code,
    1,
    linesSha256(lines),
  ]
}

t.test('agrees with the readable rules to the fen, on every line, every hold and every leg', async (t) => {
  let bills = 0
  let held = 0
  let wide = 0
  fc.assert(
    fc.property(
      tariff,
      fc.array(usage, { minLength: usagesPerTariff, maxLength: usagesPerTariff }),
      (terms, usages) => {
        const program = compileProgram(terms)
        if (!program.ok) throw new Error(program.error.kind)
        const tariffs = [{ code: terms.code, version: 1, program: program.value, entry: compileEntry(terms) }]
        const codes = usages.map((used, index) => ({ ...used, tariffCode: index === 0 ? 'unknown' : terms.code }))
        const shard = rateShard({ usages: usageBytes(codes), timeZone: 'Asia/Shanghai', tariffs, accounts: null }, null)
        const rows = rowsOf(shard)
        const holds = new Map(shard.rated.held.map(({ accountId, code }) => [accountId, code]))
        for (const [row, used] of codes.entries()) {
          const accountId = BigInt(row + 1)
          const known = { ...used, ladderOpeningE4: openingOf(used) }
          const expected = row === 0 ? err({ kind: 'unknown_tariff' as const }) : rateAccount(terms, known)
          const [bill, receivable, entry] = rows.map((table) => table.get(accountId))
          if (!expected.ok) {
            if (holds.get(accountId) !== expected.error.kind) return false
            if ([bill, receivable, entry].some((written) => written !== undefined)) return false
            held++
            continue
          }
          const { lines, amountFen } = expected.value
          if (holds.has(accountId) || !isDeepStrictEqual(bill, billRow(row, known, terms, expected.value))) return false
          const owed = amountFen === 0n ? undefined : [accountId, amountFen]
          const legs = amountFen === 0n ? null : billEntry(terms, { energyE4: used.energyE4, amountFen })
          if (!isDeepStrictEqual(receivable, owed)) return false
          if (!isDeepStrictEqual(entry, legs === null ? undefined : [accountId, legs.ledgerNumbers, legs.amountsFen]))
            return false
          bills++
          if (lines.some((line) => line.quantityE4 > BigInt(program.value.exactQuantityE4))) wide++
        }
        return true
      },
    ),
    { seed, numRuns: tariffsTried },
  )
  t.equal(bills + held, tariffsTried * usagesPerTariff)
  t.comment(`seed ${seed}: ${bills} bills compared, ${wide} with products beyond 2^53, ${held} held`)
  t.ok(bills >= 10_000, 'enough bills were really rated')
  t.ok(wide >= 100, 'the bigint path was really taken')
})

t.test('refuses at load what its integers cannot hold', async (t) => {
  const base: Tariff = {
    code: 'x',
    version: 1,
    slots: null,
    energyPrices: [{ slot: 'all', priceE8: 10n ** 10n }],
    ladder: null,
    funds: [],
    vatRateE4: 0n,
  }
  t.same(compileProgram(base), { ok: false, error: { kind: 'price_out_of_range' } })
  const endless = { form: 'full' as const, monthlyLimitsE4: [maxBilledE4 + 1n], blockPricesE8: [1n, 2n] }
  t.same(compileProgram({ ...base, energyPrices: [], ladder: endless }), {
    ok: false,
    error: { kind: 'limit_out_of_range' },
  })
})

t.test('keeps every product of the number path below 2^53, and takes that path as far as it goes', async (t) => {
  const table = [
    [5_469n * 10_000n, 10_000, 1_646_955_431_475n],
    [113_399_900n, 100, 7_942_863_489n],
    [9_999_999_999n, 1, 900_719n],
  ] as const
  for (const [priceE8, toPriceE8, exactQuantityE4] of table) {
    const program = compileProgram({
      code: 'x',
      version: 1,
      slots: null,
      energyPrices: [{ slot: 'all', priceE8 }],
      ladder: null,
      funds: [],
      vatRateE4: 0n,
    })
    if (!program.ok) throw new Error(program.error.kind)
    t.equal(program.value.toPriceE8, toPriceE8)
    t.equal(BigInt(program.value.exactQuantityE4), exactQuantityE4)
    const price = BigInt(present(program.value.slotPrices[0], 'price'))
    t.ok(exactQuantityE4 * price < 2n ** 53n && (exactQuantityE4 + 1n) * price >= 2n ** 53n)
  }
})
