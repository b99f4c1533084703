// Failure stories of meters and their registers: what validation makes of them, on a database with three homes in one transformer area.
import t from 'tap'
import { runValidation } from '../../mdm/validation/run-validation.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { importSmallUtility, midnight, registers, store } from '../mdm/support/small-utility.js'
import { type TestDatabase, withDatabase } from '../support/database.js'

const hour = 3_600_000
/** The day of the story; before it each meter has used 12 kWh a day for nine days. */
const theDay = 10
/** Hundredths of a kWh on the first midnight. */
const starts = { 1: 5000_00, 2: 7000_00, 3: 9000_00 } as const
type Meter = keyof typeof starts
const usualDay = 12_00

/** Nine ordinary days of three meters, decided. */
async function ordinaryDays(t: Parameters<typeof withDatabase>[0]): Promise<TestDatabase> {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  for (let day = 1; day < theDay; day++)
    await say(
      database,
      day,
      ([1, 2, 3] as const).map((meter) => [meter, starts[meter] + (day - 1) * usualDay]),
    )
  return database
}

/** What meters show on a day, in hundredths of a kWh, and what is decided of it. */
async function say(database: TestDatabase, day: number, shown: readonly (readonly [Meter, number])[]) {
  const readAt = midnight(day)
  await store(
    database,
    shown.map(([meter, total]) => ({ meterId: BigInt(meter), readAt, registers: registers(total) })),
  )
  await runValidation(database.as('mdm'), { from: readAt, to: readAt + 1, now: readAt + 8 * hour })
  const rows = await database
    .as('mdm')
    .query<{ meter_id: bigint; verdict: string; rules: readonly string[] }>(
      'select meter_id, verdict, rules from validated_reading where read_at = $1 order by meter_id',
      [toTimestamptz(readAt)],
    )
  return rows.map(({ meter_id: meter, verdict, rules }) => [Number(meter), verdict, ...rules])
}

const onDay = (meter: Meter, more = 0) => starts[meter] + (theDay - 1) * usualDay + more

t.test('story 5: two reads in reversed time order are held, not billed as a turnover', async (t) => {
  const database = await ordinaryDays(t)
  t.same(await say(database, theDay, [[1, onDay(1, -3 * usualDay)]]), [[1, 'held', 'decrease', 'reverse_running']])
})

t.test('story 6: a turnover is accepted only if the wrapped delta fits the physical limit, and is named', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const single = (total: number) => ({ totalE4: BigInt(total) * 100n, touE4: [null, null, null, null] as const })
  const claims = [999_999_98, 3, 500_000_00, 100]
  for (const [index, total] of claims.entries())
    await store(database, [{ meterId: 1n, readAt: midnight(index + 1), registers: single(total) }])
  await runValidation(database.as('mdm'), { from: midnight(1), to: midnight(5), now: midnight(5) })
  t.match(await database.as('mdm').query('select verdict, total_e4, rules from validated_reading order by read_at'), [
    { verdict: 'accepted', rules: [] },
    { verdict: 'accepted', total_e4: 300n, rules: ['rollover'] },
    { verdict: 'held', rules: ['spike', 'near_absolute'] },
    { verdict: 'accepted', total_e4: 10_000n, rules: [] },
  ])
})

t.test('story 7: a usage within 2 % of the absolute register is held', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  await say(database, 1, [[1, 4_00]])
  t.same(await say(database, 2, [[1, 209_00]]), [[1, 'held', 'near_absolute']])
})

t.test('story 8: no usage on a live load is named from the fourteenth day on until it runs again', async (t) => {
  const database = await ordinaryDays(t)
  const stood = onDay(1, -usualDay)
  const said: unknown[] = []
  for (let day = theDay; day < theDay + 16; day++)
    said.push((await say(database, day, [[1, stood]])).find(([meter]) => meter === 1))
  t.notMatch(JSON.stringify(said.slice(0, 13)), 'zero_run')
  t.match(said.slice(13), [
    [1, 'accepted', 'zero_run', 'stale_repeat'],
    [1, 'accepted', 'zero_run', 'stale_repeat'],
    [1, 'accepted', 'zero_run', 'stale_repeat'],
  ])
  t.same(await say(database, theDay + 16, [[1, stood + usualDay]]), [[1, 'accepted']])
})

t.test('story 9: a multiplier mistyped after an exchange shows in the demand before it is billed', async (t) => {
  const database = await ordinaryDays(t)
  const owner = database.as('owner')
  await owner.execute('update agreement_timeline set contract_capacity_kva = 100')
  const demand = (day: number) =>
    owner.execute(
      `insert into demand_reading (meter_id, quantity, settled_at, claim_digest, total_e4, frame_received_at, recorded_at)
       values (3, 1, $1, 'x', 80000, $1, $1)`,
      [toTimestamptz(midnight(day))],
    )
  await demand(theDay)
  t.same(await say(database, theDay, [[3, onDay(3)]]), [[3, 'accepted']], '8 kW behind 50/5 on 100 kVA')
  await owner.execute('update multiplier_timeline set ct_ratio = 100 where usage_point_id = 3')
  await demand(theDay + 1)
  t.same(await say(database, theDay + 1, [[3, onDay(3, usualDay)]]), [[3, 'accepted', 'demand_above_capacity']])
})

t.test('story 10: a register or a usage in another unit is held', async (t) => {
  const database = await ordinaryDays(t)
  const last = onDay(1, -usualDay)
  const cases: readonly [string, number, readonly string[]][] = [
    ['a register in tens', Math.round(last / 10), ['decrease', 'unit_slip']],
    ['a register in tenths', last * 10, ['spike', 'unit_slip', 'jump', 'above_fullest']],
    ['ten times the usual day, three days long', last + 3 * 10 * usualDay, ['unit_slip', 'jump', 'above_fullest']],
  ]
  for (const [index, [title, total, expected]] of cases.entries())
    t.same(await say(database, theDay + index, [[1, total]]), [[1, 'held', ...expected]], title)
})

t.test('story 11: readings of one meter that arrive under another are held for both', async (t) => {
  const database = await ordinaryDays(t)
  const readAt = midnight(theDay)
  const four = { totalE4: 5108_0000n, touE4: [1000_0000n, 2000_0000n, 1100_0000n, 1008_0000n] as const }
  await store(database, [
    { meterId: 1n, readAt, registers: four },
    { meterId: 2n, readAt, registers: four },
  ])
  await runValidation(database.as('mdm'), { from: readAt, to: readAt + 1, now: readAt + 8 * hour })
  const rows = await database
    .as('mdm')
    .query<{ rules: readonly string[] }>('select rules from validated_reading where read_at = $1', [
      toTimestamptz(readAt),
    ])
  t.equal(rows.length, 2)
  t.ok(rows.every(({ rules }) => rules.includes('duplicate')))
})

t.test(
  'story 14: a freeze of a meter that lost the time is held, one of a clock out of its limit is named',
  async (t) => {
    const database = await ordinaryDays(t)
    for (const [meter, verdict] of [
      [1, 'absurd'],
      [2, 'out_of_limit'],
    ] as const)
      await database.as('owner').execute(
        `insert into clock_check (meter_id, checked_at, meter_time, offset_ms, uncertainty_ms, class, frame_received_at, recorded_at)
       values ($1, $2, $2, 0, 0, $3, $2, $2)`,
        [meter, toTimestamptz(midnight(theDay) + hour), verdict],
      )
    t.same(
      await say(database, theDay, [
        [1, onDay(1)],
        [2, onDay(2)],
        [3, onDay(3)],
      ]),
      [
        [1, 'held', 'clock_lost'],
        [2, 'accepted', 'clock_skew'],
        [3, 'accepted'],
      ],
    )
  },
)

t.test('stories 16 and 17: of two meters that changed places neither is billed, and both are named', async (t) => {
  const database = await ordinaryDays(t)
  const said = await say(database, theDay, [
    [1, onDay(2)],
    [2, onDay(1)],
    [3, onDay(3)],
  ])
  t.match(said, [
    [1, 'held'],
    [2, 'held'],
    [3, 'accepted'],
  ])
  t.ok(said.slice(0, 2).every((one) => one.includes('swapped_pair')))
  const back = await say(database, theDay + 1, [
    [1, onDay(1, usualDay)],
    [2, onDay(2, usualDay)],
    [3, onDay(3, usualDay)],
  ])
  t.same(
    back,
    [
      [1, 'accepted'],
      [2, 'accepted'],
      [3, 'accepted'],
    ],
    'once the ids are put right each series goes on',
  )
})
