import t, { type Test } from 'tap'
import type { AgreementChange, MeterRemovalChange, MultiplierChange } from '../../domain/registry-change.js'
import type { CorrectionChange, CorrectionTarget } from '../../domain/registry-correction.js'
import { redoAfterCorrection } from '../../mdm/corrections/redo-after-correction.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { applyRegistryChange } from '../../mdm/registry/apply-registry-change.js'
import { runValidation } from '../../mdm/validation/run-validation.js'
import type { Database } from '../../storage/database.js'
import { readBelief } from '../../storage/registry/as-of.js'
import { listCorrections } from '../../storage/registry/corrections.js'
import { exportRegistry } from '../../mdm/registry/export-registry.js'
import { exchange, transfer } from '../mdm/support/changes.js'
import { arrangeQueue, clerk, second } from '../mdm/support/queue-scene.js'
import { meterEntry, midnight, registers, store } from '../mdm/support/small-utility.js'

const told = midnight(33)
const july = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32) }
const words = { reason: 'it was not so', document: 'memo' }

/** Of a meter without registers by time of use. */
const total = (totalE4: bigint) => ({ totalE4, touE4: [null, null, null, null] as const })

/** A day on which whatever is handed in is recorded; later than everything that was handed in before. */
function clock() {
  let at = told
  return () => (at += 60_000)
}

function createDesk(t: Test, mdm: Database) {
  const next = clock()
  const hand = (change: object, actor = clerk) => applyRegistryChange(mdm, change, { actor, recordedAt: next() })
  const correction = (
    of: CorrectionTarget,
    instead: CorrectionChange['instead'] = null,
    more = {},
  ): CorrectionChange => ({
    kind: 'correction',
    of,
    instead,
    ...words,
    ...more,
  })
  return {
    next,
    hand,
    correction,
    tell: async (change: object, title = 'it is told') =>
      t.match(await hand(change), { ok: true, value: 'applied' }, title),
    refused: async (change: object, code: string, reason: RegExp) =>
      t.match(await hand(change), { ok: false, error: { code, reason } }),
    correct: async (change: CorrectionChange) => {
      t.match(await hand(change), { ok: true, value: 'waits' })
      t.match(await hand(change, second), { ok: true, value: 'applied' })
      t.match(await hand(change, second), { ok: true, value: 'exists' }, 'a repetition')
    },
  }
}

const meters = (mdm: Database, point: number) =>
  mdm
    .query<{ code: string }>(
      `select m.code from installation_timeline i join meter m using (meter_id)
        where usage_point_id = $1 and effective_to is distinct from '1970-01-01T00:00:00.001Z'
          and revision = (select max(revision) from installation_timeline where usage_point_id = $1) order by effective_from`,
      [point],
    )
    .then((rows) => rows.map(({ code }) => code))
const notes = (mdm: Database) =>
  mdm
    .query<{ said: string }>(
      `select m.code || ' ' || split_part(n.noted_for, ' ', 1) || ' ' || trim_scale(n.total_e4 / 1e4) as said
         from manual_reading_standing n join meter m using (meter_id) order by n.read_at, m.code, n.noted_for`,
    )
    .then((rows) => rows.map(({ said }) => said))

t.test('what is withdrawn leaves nothing behind that rests on it', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const { tell, refused, correct, correction, hand } = createDesk(t, mdm)
  const swap = exchange()
  const ofSwap = { kind: 'meter_exchange', usagePoint: 'point-1', at: swap.at } as const

  t.comment('a removal of the new meter rests on the exchange')
  const removal: MeterRemovalChange = {
    kind: 'meter_removal',
    usagePoint: 'point-1',
    at: '2026-07-20T10:00:00+08:00',
    meter: 'meter-4',
    stopRegisters: { total: '55' },
    document: 'removal 1',
  }
  for (const change of [swap, removal]) await tell(change)
  await refused(
    correction(ofSwap),
    'rests_on_it',
    /2026-07-20 10:00 的拆表（removal 1）记的是 meter-4.*correct that one first/,
  )
  const ofRemoval = { kind: 'meter_removal', usagePoint: 'point-1', at: removal.at } as const
  await correct(correction(ofRemoval))
  t.same(await meters(mdm, 1), ['meter-1', 'meter-4'])
  await tell(removal, 'the same may be told again')
  await refused({ ...removal, stopRegisters: { total: '56' } }, 'exists_with_different_content', /other registers/)
  await correct(correction(ofRemoval))
  await correct(correction(ofSwap))
  t.same(await meters(mdm, 1), ['meter-1'])
  t.same(await notes(mdm), [], 'no note is left')

  t.comment('the same withdrawal is wanted again, after the exchange was told again')
  await tell({ ...swap, document: 'exchange note 1 again' })
  const spelt = correction({ ...ofSwap, at: '2026-07-16T02:00:00.000Z' })
  t.match(await hand(correction(ofSwap)), { value: 'waits' })
  t.match(await hand(spelt), { value: 'waits' }, 'the same instant, spelt differently, by the same person')
  t.equal((await listCorrections(mdm, { waiting: true, limit: 9 })).length, 1, 'is one correction')
  t.match(await hand(spelt, second), { value: 'applied' })
  t.match(await hand(correction(ofSwap), second), { value: 'exists' })
  t.same(await meters(mdm, 1), ['meter-1'])

  t.comment('a change told late may not take away what later ones rest on')
  await tell(swap)
  const early = { ...removal, at: '2026-07-10T10:00:00+08:00', meter: 'meter-1', stopRegisters: { total: '900' } }
  await refused(early, 'rests_on_it', /2026-07-16 10:00 的换表/)
  await correct(correction(ofSwap))

  t.comment('meter and transformers are changed at one instant, by two papers')
  const ratio: MultiplierChange = {
    kind: 'multiplier',
    usagePoint: 'point-1',
    at: swap.at,
    ctRatio: 40,
    ptRatio: 1,
    registers: swap.startRegisters,
    document: 'CT note 1',
  }
  await tell(swap)
  await refused(
    { ...ratio, registers: { total: '6' } },
    'exists_with_different_content',
    /exchange note 1 记 5\.00\/—\/3\.00.*CT|correct the wrong one first/,
  )
  await tell(ratio)
  const both = ['meter-1 meter_exchange 1600', 'meter-4 meter_exchange 5', 'meter-4 multiplier 5']
  t.same(await notes(mdm), both)
  t.match(await hand(ratio), { value: 'exists' })
  t.match(await mdm.query('select verdict, total_e4 from validated_reading where meter_id = 4'), [
    { verdict: 'accepted', total_e4: 5_0000n },
  ])
  await refused(correction(ofSwap), 'rests_on_it', /倍率变更（CT note 1）记的是 meter-4/)
  await correct(correction({ kind: 'multiplier', usagePoint: 'point-1', at: ratio.at }))
  t.same(await notes(mdm), both.slice(0, 2), 'the exchange keeps its note of the same display')
  t.match(await mdm.query('select verdict from validated_reading where meter_id = 4'), [{ verdict: 'accepted' }])
  await correct(correction(ofSwap))

  t.comment('in the other order, where the old display is noted twice')
  await tell({ ...ratio, registers: swap.stopRegisters, document: 'CT note 2' })
  await tell(swap)
  await correct(correction(ofSwap))
  t.same(await notes(mdm), ['meter-1 multiplier 1600'])
  t.match(await mdm.query('select verdict from validated_reading where meter_id = 1'), [{ verdict: 'accepted' }])
  await correct(correction({ kind: 'multiplier', usagePoint: 'point-1', at: ratio.at }))
  t.same(await notes(mdm), [])

  t.comment('a meter that goes from one house to the next at one instant')
  await tell({ ...swap, document: 'exchange note 4' })
  await tell({
    ...swap,
    usagePoint: 'point-2',
    oldMeter: 'meter-2',
    newMeter: meterEntry('meter-1', '000000000001'),
    stopRegisters: { total: '2100', tou2: '1260', tou4: '840' },
    startRegisters: swap.stopRegisters,
    document: 'exchange note 5',
  })
  t.same(await meters(mdm, 2), ['meter-2', 'meter-1'])
  await refused(correction(ofSwap), 'rests_on_it', /meter-1 .*point-2/)
})

t.test('an installation or a description that an import brought in wrongly is put right', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const { tell, refused, correct, correction, next, hand } = createDesk(t, mdm)
  const from = '2026-01-01T00:00:00+08:00'
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 1n, readAt: midnight(32), registers: registers(1310_00) },
    { meterId: 2n, readAt: midnight(1), registers: registers(2000_00) },
    { meterId: 2n, readAt: midnight(32), registers: registers(2090_00) },
    { meterId: 3n, readAt: midnight(1), registers: total(9800_0000n) },
    { meterId: 3n, readAt: midnight(31), registers: total(9995_0000n) },
    { meterId: 3n, readAt: midnight(32), registers: total(2_0000n) },
  ])
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now: told })
  const twice = await Promise.all([1, 2].map(() => freezeDeterminants(mdm, { ...july, now: told })))
  t.same(
    new Set(twice.map(({ outcome, setId }) => `${outcome} ${setId}`)),
    new Set(['created 1', 'exists 1']),
    'two at once',
  )
  const billed = () =>
    mdm.query<{ account: string; kwh: string | null }>(
      `select a.code as account, trim_scale(d.energy_e4 / 1e4)::text as kwh from account a
         left join determinant d on d.account_id = a.account_id and d.set_id = (select max(set_id) from determinant_set) order by a.code`,
    )
  const before = [
    { account: 'account-1', kwh: '310' },
    { account: 'account-2', kwh: '90' },
    { account: 'account-3', kwh: null },
  ]
  t.same(await billed(), before)

  t.comment('two meters in each other’s place')
  const of = (n: number) => ({ kind: 'installation', usagePoint: `point-${n}`, at: from }) as const
  const install = (point: number, meter: number) =>
    ({ ...of(point), meter: `meter-${meter}`, line: 'line-1', document: 'survey' }) as const
  await refused(correction(of(1), install(1, 2)), 'exists_with_different_content', /meter-2 hangs somewhere else/)
  await correct(correction(of(2)))
  t.same(await meters(mdm, 2), [])
  const moved = correction(of(1), install(1, 2))
  await correct(moved)
  await tell(install(2, 1))
  t.match(await hand(install(2, 1)), { value: 'exists' })
  t.same([await meters(mdm, 1), await meters(mdm, 2)], [['meter-2'], ['meter-1']])
  t.match(await redoAfterCorrection(mdm, moved, { actor: second, now: next() }), { periods: [{ outcome: 'created' }] })
  t.same(await billed(), [{ account: 'account-1', kwh: '90' }, { account: 'account-2', kwh: '310' }, before[2]])

  t.comment('digits of a display')
  const digits = correction(
    { kind: 'meter', meter: 'meter-3' },
    { kind: 'meter', meter: 'meter-3', registerDigits: 4, document: 'plate' },
  )
  await correct(digits)
  t.match(await redoAfterCorrection(mdm, digits, { actor: second, now: next() }), { periods: [{ outcome: 'created' }] })
  t.match(await mdm.query('select register_digits from meter where meter_id = 3'), [{ register_digits: 4 }])
  t.match(
    await mdm.query('select register_digits from meter_as_of($1) where meter_id = 3', [new Date(told).toISOString()]),
    [{ register_digits: 6 }],
  )
  t.match((await exportRegistry(mdm, { knownAt: told, at: null })).meters[2], { registerDigits: 6 })
  t.same((await billed())[2], { account: 'account-3', kwh: '2020' }, 'its turnover is now one')

  t.match(await readBelief(mdm, 'meter', 'meter-3', { knownAt: next(), at: midnight(32) }), [
    { aspect: 'correction' },
    { aspect: 'description', value: { registerDigits: '6 → 4' }, actor: clerk },
    { aspect: 'installation' },
  ])

  t.comment('an address: what came from the other one is nothing of this meter')
  const address = (communicationAddress: string) =>
    correction(
      { kind: 'meter', meter: 'meter-1' },
      { kind: 'meter', meter: 'meter-1', communicationAddress, document: 'plate' },
    )
  await refused(address('12'), 'does_not_describe', /12 位数字/)
  await refused(address('000000000002'), 'exists_with_different_content', /meter-2 on the same line/)
  await refused(address('000000000001'), 'nothing_to_correct', /described so already/)
  const taken = () =>
    mdm.query(`select read_at from validated_reading where meter_id = 1 and verdict = 'accepted' order by 1`)
  const takenFirst = await taken()
  await correct(address('000000000011'))
  await redoAfterCorrection(mdm, address('000000000011'), { actor: second, now: next() })
  t.match(await mdm.query('select distinct verdict, rules from validated_reading where meter_id = 1'), [
    { verdict: 'held', rules: ['withdrawn'] },
  ])
  t.same((await billed())[1], { account: 'account-2', kwh: null })
  await store(database, [{ meterId: 1n, readAt: midnight(31), registers: registers(700_00), recordedAt: next() }])
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now: next() })
  t.match(
    await mdm.query(`select verdict from validated_reading where meter_id = 1 and verdict = 'accepted'`),
    [{ verdict: 'accepted' }],
    'what comes from the right one is',
  )
  await correct(address('000000000001'))
  await redoAfterCorrection(mdm, address('000000000001'), { actor: second, now: next() })
  t.same(await taken(), takenFirst, 'and put back, what came under the first one counts again')
  t.match((await billed())[1], { account: 'account-2', kwh: String })
  await t.rejects(mdm.execute('update meter set register_digits = 5 where meter_id = 1'), /permission denied/)
  await refused(
    correction({ kind: 'meter_exchange', usagePoint: 'point-1', at: from }),
    'nothing_to_correct',
    /meter_exchange/,
  )
})

t.test('a class that later versions copied is put right in them, and in no others', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const { tell, refused, correct, correction, hand } = createDesk(t, mdm)
  const agreement = (day: number, part: Partial<AgreementChange>): AgreementChange => ({
    kind: 'agreement',
    account: 'account-2',
    usagePoint: 'point-2',
    at: new Date(midnight(day)).toISOString(),
    document: `form ${day}`,
    ...part,
  })
  await tell(agreement(5, { usageClass: 'commercial' }))
  await tell(agreement(10, { contractCapacityKva: 50 }))
  await tell(transfer(), 'account-4 takes over on the 18th, and copies both')
  await tell({ ...agreement(25, { usageClass: 'agricultural' }), account: 'account-4' })
  const said = () =>
    mdm.query<{ said: string }>(
      `select a.code || ' ' || extract(day from effective_from at time zone 'Asia/Shanghai') || ' ' || coalesce(usage_class, '—') || ' ' ||
              coalesce(contract_capacity_kva::text, '—') as said
         from agreement_timeline t join account a using (account_id)
        where usage_point_id = 2 and revision = (select max(revision) from agreement_timeline n where n.account_id = t.account_id)
        order by effective_from`,
    )
  const list = async () => (await said()).map((row) => row.said)
  const wrong = [
    'account-2 1 — —',
    'account-2 5 commercial —',
    'account-2 10 commercial 50',
    'account-4 18 commercial 50',
    'account-4 25 agricultural 50',
  ]
  t.same(await list(), wrong)
  const of = { kind: 'agreement', account: 'account-2', at: agreement(5, {}).at } as const
  const fix = correction(of, agreement(5, { usageClass: 'large_industrial' }))
  t.match(await hand(fix), { value: 'waits' })
  const carries = [
    { account: 'account-2', from: midnight(10), field: 'usageClass', was: 'commercial', becomes: 'large_industrial' },
    { account: 'account-4', from: midnight(18), field: 'usageClass', was: 'commercial', becomes: 'large_industrial' },
  ]
  t.match(await listCorrections(mdm, { waiting: true, limit: 9 }), [{ carries }], 'whoever approves sees what follows')

  t.comment('what follows is another list meanwhile: nobody approves what the first person did not see')
  await tell({ ...agreement(20, { usageClass: 'residential' }), account: 'account-4' })
  await tell({ ...agreement(12, { contractCapacityKva: 60 }) }, 'and is carried on into what copied the capacity')
  t.same((await list()).slice(2), [
    'account-2 10 commercial 50',
    'account-2 12 commercial 60',
    'account-4 18 commercial 50',
    'account-4 20 residential 50',
    'account-4 25 agricultural 50',
  ])
  t.match(await hand(fix, second), { value: 'waits' })
  t.match(await hand(fix), { value: 'applied' })
  t.match(await hand(fix), { value: 'exists' })
  t.same(await list(), [
    'account-2 1 — —',
    'account-2 5 large_industrial —',
    'account-2 10 large_industrial 50',
    'account-2 12 large_industrial 60',
    'account-4 18 large_industrial 50',
    'account-4 20 residential 50',
    'account-4 25 agricultural 50',
  ])
  t.same(await listCorrections(mdm, { waiting: true, limit: 9 }), [])

  t.comment('there was no such change: what copied it says what held until then')
  await correct(correction(of))
  t.same(await list(), [
    'account-2 1 — —',
    'account-2 10 — 50',
    'account-2 12 — 60',
    'account-4 18 — 50',
    'account-4 20 residential 50',
    'account-4 25 agricultural 50',
  ])
  const ends = { kind: 'agreement', account: 'account-2', at: transfer().at } as const
  await refused(correction(ends), 'rests_on_it', /过户/)
  const begins = { ...ends, account: 'account-4' }
  await refused(correction(begins), 'rests_on_it', /过户/)
})
