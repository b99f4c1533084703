import t, { type Test } from 'tap'
import type { MeterExchangeChange, MultiplierChange } from '../../domain/registry-change.js'
import type { CorrectionChange } from '../../domain/registry-correction.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { redoAfterCorrection } from '../../mdm/corrections/redo-after-correction.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { applyDecisions } from '../../mdm/exceptions/apply-decisions.js'
import { followUpDecisions } from '../../mdm/exceptions/follow-up-decisions.js'
import { decideExceptions } from '../../mdm/exceptions/decide-exceptions.js'
import { openExceptions } from '../../mdm/exceptions/open-exceptions.js'
import { questionReading } from '../../mdm/exceptions/question-reading.js'
import { applyRegistryChange } from '../../mdm/registry/apply-registry-change.js'
import { runValidation } from '../../mdm/validation/run-validation.js'
import type { Database } from '../../storage/database.js'
import { insertDecisionApproval } from '../../storage/mdm/exception-decisions.js'
import { findOpenExceptions } from '../../storage/mdm/open-exceptions.js'
import { readBelief } from '../../storage/registry/as-of.js'
import { exchange } from '../mdm/support/changes.js'
import { arrangeQueue, clerk, second } from '../mdm/support/queue-scene.js'
import { midnight, registers, store } from '../mdm/support/small-utility.js'

const july = { organisation: 'county', periodStart: midnight(1), periodEnd: midnight(32) }
const told = midnight(33)
const doubted = midnight(34)
const corrected = midnight(35)

/** July of a meter that is exchanged on the 16th at 1600 kWh for one that stands at 5 and at 405 kWh when the month is over. */
async function arrangeJuly(t: Test, wrong: MeterExchangeChange) {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  await store(database, [
    { meterId: 1n, readAt: midnight(1), registers: registers(1000_00) },
    { meterId: 2n, readAt: midnight(1), registers: registers(2000_00) },
    { meterId: 2n, readAt: midnight(32), registers: registers(2310_00) },
    { meterId: 3n, readAt: midnight(1), registers: registers(100_00) },
    { meterId: 3n, readAt: midnight(32), registers: registers(190_00) },
  ])
  t.same(await applyRegistryChange(mdm, wrong, { actor: clerk, recordedAt: told }), { ok: true, value: 'applied' })
  await store(database, [{ meterId: 4n, readAt: midnight(32), registers: registers(405_00) }])
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now: doubted })
  await freezeDeterminants(mdm, { ...july, now: doubted })
  await openExceptions(mdm, { actor: 'system', now: doubted })
  return { database, mdm }
}

/** The clerk writes it, another person hands in the same, and what rests on it is done anew. */
async function correct(mdm: Database, change: CorrectionChange, at: Instant) {
  t.same(await applyRegistryChange(mdm, change, { actor: clerk, recordedAt: at }), { ok: true, value: 'waits' })
  t.same(await applyRegistryChange(mdm, change, { actor: clerk, recordedAt: at }), { ok: true, value: 'waits' })
  t.same(await applyRegistryChange(mdm, change, { actor: second, recordedAt: at }), { ok: true, value: 'applied' })
  t.same(await applyRegistryChange(mdm, change, { actor: second, recordedAt: at }), { ok: true, value: 'exists' })
  return redoAfterCorrection(mdm, change, { actor: second, now: at })
}

const held = (mdm: Database, account: string) =>
  mdm.query<{ code: string }>(
    `select h.code from determinant_hold h join determinant_set s using (set_id) join account a using (account_id)
      where a.code = $1 and s.revision = (select max(revision) from determinant_set)`,
    [account],
  )
const billed = (mdm: Database, account: string) =>
  mdm.query<{ kwh: string }>(
    `select trim_scale(d.energy_e4 / 1e4)::text as kwh from determinant d join determinant_set s using (set_id) join account a using (account_id)
      where a.code = $1 and s.revision = (select max(revision) from determinant_set)`,
    [account],
  )

t.test(
  'an exchange with swapped digits that holds the account is put right by two people, who release it',
  async (t) => {
    const right = exchange()
    const wrong = { ...right, stopRegisters: { total: '1060', tou2: '636', tou4: '424' } }
    const { mdm } = await arrangeJuly(t, wrong)
    const { newMeter } = right
    t.match(await held(mdm, 'account-1'), [{ code: String }])
    const change: CorrectionChange = {
      kind: 'correction',
      of: { kind: 'meter_exchange', usagePoint: 'point-1', at: right.at },
      instead: { ...right, newMeter, document: 'exchange note 1, photo' },
      reason: 'digits of the stop registers were swapped',
      document: 'memo 1',
    }
    t.match(await correct(mdm, change, corrected), { periods: [{ outcome: 'created', revision: 2 }] })
    t.same(await billed(mdm, 'account-1'), [{ kwh: '1000' }])
    const believed = async (knownAt: Instant) =>
      (await readBelief(mdm, 'usage_point', 'point-1', { knownAt, at: midnight(20) })).find(
        ({ aspect }) => aspect === 'installation',
      )
    t.match(await believed(told), { revision: 2, value: { meter: 'meter-4' } })
    t.match(await believed(corrected), { value: { meter: 'meter-4' }, reason: 'meter exchange exchange note 1, photo' })
  },
)

t.test('an exchange at the wrong usage point is withdrawn and made at the right one', async (t) => {
  const wrong: MeterExchangeChange = {
    ...exchange(),
    usagePoint: 'point-2',
    oldMeter: 'meter-2',
  }
  const { database, mdm } = await arrangeJuly(t, wrong)
  t.match(await held(mdm, 'account-2'), [{}], 'its own meter seems to have been taken away')
  t.match(await held(mdm, 'account-1'), [{}])
  const open = await findOpenExceptions(mdm, doubted, { kind: 'determinant_hold' })
  t.same(new Set(open.map(({ accountCode }) => accountCode)), new Set(['account-1', 'account-2']))
  const change: CorrectionChange = {
    kind: 'correction',
    of: { kind: 'meter_exchange', usagePoint: 'point-2', at: wrong.at },
    instead: exchange(),
    reason: 'the note is of the house next door',
    document: 'memo 2',
  }
  await correct(mdm, change, corrected)
  t.same(await billed(mdm, 'account-1'), [{ kwh: '1000' }])
  t.same(await billed(mdm, 'account-2'), [{ kwh: '310' }])
  t.same(await findOpenExceptions(mdm, corrected, { kind: 'determinant_hold' }), [], 'and nobody is asked any more')
  t.same(
    (await findOpenExceptions(mdm, corrected)).filter(({ kind }) => kind === 'held_reading'),
    [],
    'nor about notes that were withdrawn',
  )
  const known = await database
    .as('reader')
    .query('select meter_id from installation_as_of($1, $2) where usage_point_id = 2', [
      new Date(told + dayMs).toISOString(),
      new Date(midnight(20)).toISOString(),
    ])
  t.same(known, [{ meter_id: 4n }], 'what was believed then is still what was believed then')
})

t.test('an exchange typed with the total alone is completed with its registers by time of use', async (t) => {
  const right = exchange()
  const bare = { ...right, stopRegisters: { total: '1600' }, startRegisters: { total: '5' } }
  const { mdm } = await arrangeJuly(t, bare)
  t.same(await held(mdm, 'account-1'), [{ code: 'registers_differ' }])
  const change: CorrectionChange = {
    kind: 'correction',
    of: { kind: 'meter_exchange', usagePoint: 'point-1', at: right.at },
    instead: right,
    reason: 'the fitter sent the registers by time of use',
    document: 'memo 3',
  }
  await correct(mdm, change, corrected)
  const [row] = await mdm.query<{ kwh: string; peak: string; valley: string }>(
    `select trim_scale(energy_e4 / 1e4)::text as kwh, trim_scale(tou2_e4 / 1e4)::text as peak, trim_scale(tou4_e4 / 1e4)::text as valley
       from determinant where account_id = 1 order by set_id desc limit 1`,
  )
  t.same(row, { kwh: '1000', peak: '600', valley: '400' })
})

t.test('a multiplier typed 40 instead of 30 is put right, and a later change of it stays', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  await store(database, [
    { meterId: 3n, readAt: midnight(1), registers: registers(100_00) },
    { meterId: 3n, readAt: midnight(32), registers: registers(160_00) },
  ])
  const typed: MultiplierChange = {
    kind: 'multiplier',
    usagePoint: 'point-3',
    at: '2026-07-11T10:00:00+08:00',
    ctRatio: 40,
    ptRatio: 1,
    registers: { total: '120', tou2: '72', tou4: '48' },
    document: 'CT note 1',
  }
  const later = {
    ...typed,
    at: '2026-07-21T10:00:00+08:00',
    ctRatio: 10,
    document: 'CT note 2',
    registers: { total: '140', tou2: '84', tou4: '56' },
  }
  for (const change of [typed, later]) await applyRegistryChange(mdm, change, { actor: clerk, recordedAt: told })
  await runValidation(mdm, { from: midnight(1), to: midnight(33), now: doubted })
  await freezeDeterminants(mdm, { ...july, now: doubted })
  t.match(await held(mdm, 'account-3'), [{ code: String }])
  const change: CorrectionChange = {
    kind: 'correction',
    of: { kind: 'multiplier', usagePoint: 'point-3', at: typed.at },
    instead: { ...typed, ctRatio: 30 },
    reason: 'the plate says 150/5',
    document: 'memo 4',
  }
  await correct(mdm, change, corrected)
  const multipliers = await mdm.query(
    `select ct_ratio, effective_from from multiplier_timeline where usage_point_id = 3
        and revision = (select max(revision) from multiplier_timeline where usage_point_id = 3) order by 2`,
  )
  t.match(multipliers, [
    { ct_ratio: 10 },
    { ct_ratio: 30, effective_from: Date.parse(typed.at) },
    { ct_ratio: 10, effective_from: Date.parse(later.at) },
  ])
  t.same(
    await mdm.query(
      'select meter_id, multiplier from (select unnest(meter_ids) as meter_id, unnest(multipliers) as multiplier from determinant where account_id = 3) m',
    ),
    [],
    'a changed multiplier waits for a person as before',
  )
  const gone: CorrectionChange = { ...change, instead: null, document: 'memo 5', reason: 'there was no change at all' }
  await correct(mdm, gone, corrected + dayMs)
  t.match(await mdm.query('select meter_id from manual_reading_standing order by read_at'), [{ meter_id: 3n }])
  t.same(await billed(mdm, 'account-3'), [{ kwh: '600' }])
})

t.test('an accepted start register that a person proves wrong is corrected by two, and the note stays', async (t) => {
  const right = exchange()
  const misread = { ...right, startRegisters: { total: '15', tou2: '9', tou4: '6' } }
  const { database, mdm } = await arrangeJuly(t, misread)
  t.same(await billed(mdm, 'account-1'), [{ kwh: '990' }])
  const at = Date.parse(right.at)
  const doubt = { meter: 'meter-4', readAt: at, quantity: 1, reason: 'the photo shows 5', actor: clerk, now: corrected }
  t.match(await questionReading(mdm, { ...doubt, meter: 'meter-9' }), { ok: false, error: { kind: 'no_decision' } })
  t.match(await questionReading(mdm, doubt), { ok: true, value: { outcome: 'opened' } })
  const again = await questionReading(mdm, doubt)
  t.match(again, { ok: true, value: { outcome: 'exists', exception: { kind: 'questioned_reading', quantity: 1 } } })
  const code = again.ok ? again.value.exception.code : ''
  const value = { totalE4: 5_0000n, touE4: [null, 3_0000n, null, 2_0000n] as const }
  const decision = { reason: 'misread', evidence: 'photo 12', actor: clerk, now: corrected }
  const decided = await decideExceptions(database.as('console'), {
    ...decision,
    filter: { keys: [code] },
    action: 'correct',
    value,
  })
  t.match(decided, { ok: true, value: { decision: { approvalsNeeded: 1 } } })
  const decisionId = decided.ok ? (decided.value.decision?.decisionId ?? '') : ''
  t.match(await applyDecisions(mdm, { now: corrected }), { applied: 0 }, 'one person is not enough')
  await insertDecisionApproval(database.as('console'), { decisionId, approver: second, approvedAt: corrected })
  t.match(await applyDecisions(mdm, { now: corrected }), { applied: 1 })
  const after = { actor: clerk, now: corrected }
  t.match(await followUpDecisions(mdm, after), { periods: [{ outcome: 'created', organisation: 'county' }] })
  t.equal(await followUpDecisions(mdm, after), null, 'once')
  t.same(await billed(mdm, 'account-1'), [{ kwh: '1000' }])
  t.match(await mdm.query('select total_e4 from manual_reading where meter_id = 4'), [{ total_e4: 15_0000n }])
  t.match(
    await mdm.query('select origin, by_whom from decision_origin where meter_id = 4 and read_at = $1', [
      new Date(at).toISOString(),
    ]),
    [{ origin: 'corrected', by_whom: clerk }],
  )
  await openExceptions(mdm, { actor: 'system', now: corrected + dayMs })
  t.same(await findOpenExceptions(mdm, corrected + dayMs, { kind: 'questioned_reading' }), [])
  t.match(
    await questionReading(mdm, { ...doubt, now: corrected + dayMs }),
    { ok: true, value: { outcome: 'opened' } },
    'the new value may be doubted, too',
  )
})
