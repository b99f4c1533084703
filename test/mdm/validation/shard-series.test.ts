import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { lastDecision, readShard } from '../../../mdm/validation/shard-series.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility, midnight, registers, store } from '../support/small-utility.js'

t.test('a shard is read with what its decisions depend on, and nothing that comes before', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const read = (meterId: bigint, day: number, total: number, source = 1) => ({
    meterId,
    readAt: midnight(day),
    registers: registers(total),
    source,
  })
  await store(database, [read(1n, 1, 1000_00), read(1n, 2, 1010_00), read(2n, 2, 500_00)])
  await runValidation(mdm, { from: midnight(1), to: midnight(3), now: midnight(2) + hourMs })
  const second = [read(1n, 3, 1020_00), read(1n, 4, 1031_00), read(2n, 3, 505_00)]
  await store(database, [...second, { ...read(1n, 3, 1021_00, 2), claim: true }])
  const groups = [
    { areaId: 1n, meterIds: [1n, 2n, 3n], firstAt: new Map([[1, midnight(3)]]) },
    { areaId: 2n, meterIds: [9n], firstAt: new Map([[1, midnight(3)]]) },
  ]
  const [group = [], other] = await mdm.transaction((tx) => readShard(tx, groups, midnight(5), null))
  t.same(other, [], 'a meter without claims has no series')
  t.match(
    group.map(({ series, decided }) => ({
      meterId: series.meter.meterId,
      keys: series.keys.toSorted((a, b) => a.readAt - b.readAt).map(({ readAt, claims }) => [readAt, claims.length]),
      baseline: series.baseline?.registers.totalE4,
      history: Array.from(series.history.totalsE4),
      multiplier: series.supplies[0]?.value.multiplier,
      decided: decided.length,
    })),
    [
      {
        meterId: 1n,
        keys: [
          [midnight(3), 2],
          [midnight(4), 1],
        ],
        baseline: 1010_0000n,
        history: [1000_0000n, 1010_0000n],
        multiplier: 1n,
        decided: 0,
      },
      { meterId: 2n, keys: [[midnight(3), 1]], baseline: 500_0000n, history: [500_0000n], decided: 0 },
    ],
  )
  await runValidation(mdm, { from: midnight(3), to: midnight(5), now: midnight(4) + hourMs })
  const [again = []] = await mdm.transaction((tx) => readShard(tx, groups, midnight(5), null))
  t.match(lastDecision(again[0]?.decided ?? [], midnight(3)), { verdict: 'held', revision: 1, rules: ['disputed'] })
  t.equal(lastDecision(again[0]?.decided ?? [], midnight(9)), undefined)
})

t.test('an accepted value is looked for however long ago it was, and a withdrawn one is passed over', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const decide = (day: number, revision: number, verdict: string, totalE4: bigint | null) =>
    mdm.execute(
      `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, source, rules, reason, recorded_at)
       values (1, 1, $1, $2, $3, $4, $5, '{}', '', now())`,
      [new Date(midnight(day)).toISOString(), revision, verdict, totalE4, totalE4 === null ? null : 1],
    )
  await decide(1, 1, 'accepted', 7_0000n)
  await decide(2, 1, 'accepted', 8_0000n)
  await decide(2, 2, 'held', null)
  await store(database, [{ meterId: 1n, readAt: midnight(20), registers: registers(9_00) }])
  const groups = [{ areaId: 1n, meterIds: [1n], firstAt: new Map([[1, midnight(20)]]) }]
  const [group = []] = await mdm.transaction((tx) => readShard(tx, groups, midnight(21), null))
  t.match(group[0]?.series.baseline, { readAt: midnight(1), registers: { totalE4: 7_0000n } })
})
