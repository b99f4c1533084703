import t from 'tap'
import { daysBetween } from '../../../domain/time.js'
import { estimateMissing } from '../../../mdm/estimation/estimate-missing.js'
import type { EstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import type { Database } from '../../../storage/database.js'
import { insertEstimates } from '../../../storage/mdm/estimation.js'
import { type TestDatabase, withDatabase } from '../../support/database.js'
import { policyOf } from '../support/estimation-contexts.js'
import { importSmallUtility, midnight, registers, store, storeDue } from '../support/small-utility.js'

const hour = 3_600_000
const range = { from: midnight(1), to: midnight(44) }

/** A small utility whose meter 1 was read on the given midnights; ten kWh a day, and what the last of them says. */
async function openUtility(t: Parameters<typeof withDatabase>[0], days: readonly number[], due: readonly number[]) {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  await storeDue(
    database,
    due.map((day) => ({ meterId: 1n, readAt: midnight(day) })),
  )
  await readOn(
    database,
    days.map((day) => [day, day * 1000]),
  )
  return { database, mdm: database.as('mdm') }
}

/** Readings of meter 1 by day, in hundredths of a kWh above 900, validated at once. @returns what was held. */
async function readOn(
  database: TestDatabase,
  readings: readonly (readonly [day: number, hundredths: number])[],
  { at = midnight(1), meterId = 1n }: { readonly at?: number; readonly meterId?: bigint } = {},
) {
  await store(
    database,
    readings.map(([day, hundredths]) => ({
      meterId,
      readAt: midnight(day),
      registers: registers(90_000 + hundredths),
      source: 2,
      recordedAt: at,
    })),
  )
  return (await runValidation(database.as('mdm'), { from: midnight(-9), to: midnight(44), now: at + hour })).held
}

/** What stands, by day: verdict and hundredths above 900. */
async function standing(mdm: Database, from: number, to: number) {
  const rows = await mdm.query<{ day: string; verdict: string; total_e4: bigint; method: string }>(
    `select to_char(read_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, verdict, total_e4, coalesce(rules[1], '') as method
       from validated_reading where meter_id = 1 and read_at >= $1 and read_at <= $2 order by read_at`,
    [new Date(midnight(from)).toISOString(), new Date(midnight(to)).toISOString()],
  )
  return rows.map(({ day, verdict, total_e4, method }) => [
    1 + daysBetween('2026-07-01', day),
    verdict === 'estimated' ? method : verdict,
    Number(total_e4 / 100n) - 90_000,
  ])
}

const facts = (mdm: Database) =>
  mdm.query(
    `select revision, method, superseded, standing_verdict, difference_e4, held_in_interval, policy_version, boundary
       from estimate_outcome where meter_id = 1 order by read_at, revision`,
  )

t.test('fills an inner gap after the deadline, never a billing boundary, and gives way to a real value', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const days = [1, 9, 10, 11, 20]
  await storeDue(
    database,
    days.map((day) => ({ meterId: 1n, readAt: midnight(day) })),
  )
  await store(database, [
    { meterId: 1n, readAt: midnight(0), registers: registers(900_00) },
    { meterId: 1n, readAt: midnight(9), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(11), registers: registers(1020_01) },
  ])
  await runValidation(mdm, { from: midnight(0), to: midnight(12), now: midnight(11) + hour })
  const july = { from: midnight(1), to: midnight(32) }
  t.match(await estimateMissing(mdm, { ...july, now: midnight(13) - 1 }), { estimated: [] })
  const now = midnight(23)
  t.same(await estimateMissing(mdm, { ...july, now }), {
    estimated: [{ meterId: 1n, readAt: midnight(10) }],
    notEstimable: [
      { meterId: 1n, readAt: midnight(1), reason: 'billing_boundary' },
      { meterId: 1n, readAt: midnight(20), reason: 'no_later_value' },
    ],
  })
  t.match(await estimateMissing(mdm, { ...july, now }), { estimated: [] })
  const decided = () =>
    mdm.query('select verdict, total_e4, source from validated_reading where read_at = $1', [
      new Date(midnight(10)).toISOString(),
    ])
  t.same(await decided(), [{ verdict: 'estimated', total_e4: 1010_0000n, source: null }])
  await store(database, [
    { meterId: 1n, readAt: midnight(10), registers: registers(1009_00), source: 2, recordedAt: now },
  ])
  await runValidation(mdm, { ...july, now: now + hour })
  t.same(await decided(), [{ verdict: 'accepted', total_e4: 1009_0000n, source: 2 }])
})

const daysRead = Array.from({ length: 16 }, (_, index) => index + 2)

t.test('an estimate without a later reading is made anew when one comes, and every one stays on record', async (t) => {
  const { database, mdm } = await openUtility(t, daysRead, [18, 19, 20])
  t.same(await estimateMissing(mdm, { ...range, now: midnight(23) }), {
    estimated: [{ meterId: 1n, readAt: midnight(18) }],
    notEstimable: [19, 20].map((day) => ({ meterId: 1n, readAt: midnight(day), reason: 'no_later_value' })),
  })
  t.same(await standing(mdm, 17, 21), [
    [17, 'accepted', 17_000],
    [18, 'own_history', 18_000],
  ])
  t.same(
    await estimateMissing(mdm, { ...range, to: midnight(19), now: midnight(24) }),
    { estimated: [], notEstimable: [] },
    'nothing new beside it',
  )

  t.same(await readOn(database, [[21, 17_600]], { at: midnight(24) }), [])
  t.equal((await estimateMissing(mdm, { ...range, now: midnight(24) })).estimated.length, 3)
  t.same(await standing(mdm, 17, 21), [
    [17, 'accepted', 17_000],
    [18, 'interpolation', 17_150],
    [19, 'interpolation', 17_300],
    [20, 'interpolation', 17_450],
    [21, 'accepted', 17_600],
  ])

  t.same(await readOn(database, [[19, 17_550]], { at: midnight(25) }), [])
  t.equal((await estimateMissing(mdm, { ...range, now: midnight(25) })).estimated.length, 2, 'both neighbours')
  t.same(await standing(mdm, 17, 21), [
    [17, 'accepted', 17_000],
    [18, 'interpolation', 17_275],
    [19, 'accepted', 17_550],
    [20, 'interpolation', 17_575],
    [21, 'accepted', 17_600],
  ])
  t.match(await facts(mdm), [
    { revision: 1, method: 'own_history', superseded: true, standing_verdict: 'estimated', difference_e4: -72_500n },
    { revision: 2, method: 'interpolation', superseded: true, standing_verdict: 'estimated' },
    { revision: 3, superseded: false, difference_e4: 0n, held_in_interval: null },
    { revision: 1, superseded: true, standing_verdict: 'accepted', difference_e4: 25_000n, held_in_interval: false },
    { revision: 1, superseded: true },
    { revision: 2, superseded: false },
  ])
  t.same(await estimateMissing(mdm, { ...range, now: midnight(25) }), { estimated: [], notEstimable: [] })
})

const boundaryPolicy: EstimationPolicy = policyOf([{ method: 'previous_period' }], {
  billingBoundary: 'previous_period',
})

t.test(
  'a bill may rest on the period before where the policy says so; the next reading settles it, below nothing too',
  async (t) => {
    const { database, mdm } = await openUtility(t, [29, 30, 31], [32])
    const estimateNow = (day: number) =>
      estimateMissing(mdm, {
        ...range,
        now: midnight(day),
        policy: { ...boundaryPolicy, document: withoutHistory(boundaryPolicy) },
      })
    t.match(await estimateNow(33), { estimated: [{ readAt: midnight(32) }] })
    t.same(await readOn(database, [[33, 31_200]], { at: midnight(34) }), [], 'what is below an estimate is no decrease')
    t.same(
      await estimateNow(35),
      { estimated: [], notEstimable: [] },
      'what was billed stays until the boundary itself is read',
    )
    const after = await standing(mdm, 31, 33)
    t.same(after, [
      [31, 'accepted', 31_000],
      [32, 'previous_period', 32_000],
      [33, 'accepted', 31_200],
    ])
    // Billed for August's first day: nothing of it was used; what July was charged too much comes off.
    const usages = after.slice(1).map(([, , total], place) => Number(total) - Number(after[place]?.[2]))
    t.same(usages, [1000, -800])
    t.equal(
      usages.reduce((sum, usage) => sum + usage, 0),
      31_200 - 31_000,
      'periods bridge to what was read',
    )
    t.same(await readOn(database, [[32, 31_100]], { at: midnight(36) }), [])
    t.match(await facts(mdm), [
      {
        boundary: true,
        superseded: true,
        standing_verdict: 'accepted',
        difference_e4: -90_000n,
        policy_version: 'estimation/1',
      },
    ])
  },
)

function withoutHistory({ document }: EstimationPolicy): EstimationPolicy['document'] {
  const { residential } = document.classes
  const methods = residential.methods.map((rule) => ({ ...rule, leastHistoryDays: 0 }))
  return { ...document, classes: { ...document.classes, residential: { ...residential, methods } } }
}

t.test('estimates do not go on for longer than the policy allows', async (t) => {
  const due = [18, 19, 20, 21]
  const { mdm } = await openUtility(t, daysRead, due)
  const policy = policyOf([{ method: 'own_history' }], { mostConsecutiveDays: 2 })
  t.same(await estimateMissing(mdm, { ...range, now: midnight(30), policy }), {
    estimated: [18, 19].map((day) => ({ meterId: 1n, readAt: midnight(day) })),
    notEstimable: [20, 21].map((day) => ({ meterId: 1n, readAt: midnight(day), reason: 'estimated_too_long' })),
  })
})

t.test('neighbours of the area are asked where the policy says so', async (t) => {
  const { database, mdm } = await openUtility(t, daysRead, [18])
  for (const meterId of [2n, 3n])
    await readOn(
      database,
      [...daysRead, 18].map((day) => [day, (day === 18 ? 17 * 500 + 250 : day * 500) + 100 * Number(meterId)]),
      { meterId },
    )
  const policy = policyOf([{ method: 'peer_profile', leastPeers: 2 }])
  t.match(await estimateMissing(mdm, { ...range, now: midnight(30), policy }), {
    estimated: [{ readAt: midnight(18) }],
  })
  t.same(await standing(mdm, 18, 18), [[18, 'peer_profile', 17_500]])
  t.match(await mdm.query('select peers, history_days from estimate'), [{ peers: 2, history_days: 15 }])
})

t.test('no estimate is ever stored as an accepted value', async (t) => {
  const { mdm } = await openUtility(t, daysRead, [18])
  await estimateMissing(mdm, { ...range, now: midnight(23) })
  t.same(
    await mdm.query(
      `select distinct d.verdict, d.source from estimate e join validation_decision d using (meter_id, quantity, read_at, revision)`,
    ),
    [{ verdict: 'estimated', source: null }],
  )
  const ofAccepted = { meterId: 1n, quantity: 1, readAt: midnight(17), revision: 1, method: 'own_history' }
  const basis = { beforeAt: midnight(16), afterAt: null, historyDays: 1, peers: 0, boundary: false }
  await t.rejects(
    insertEstimates(mdm, [
      { ...ofAccepted, lowE4: 0n, highE4: 10n ** 10n, ...basis, policyVersion: 'built-in/1', recordedAt: midnight(23) },
    ]),
    /an estimate belongs to a decision that says so/,
  )
})
