import t from 'tap'
import type { AccountTransferChange, MeterExchangeChange } from '../../../domain/registry-change.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { withDatabase } from '../../support/database.js'
import { exchange, transfer } from '../support/changes.js'
import { importSmallUtility, stamp } from '../support/small-utility.js'

const later = { actor: 'system', recordedAt: Date.parse('2026-07-16T18:00:00+08:00') }

t.test('an exchange appends a revision, keeps the past, and decides stop and start registers', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  t.same(await applyRegistryChange(mdm, exchange(), later), { ok: true, value: 'applied' })
  const at = Date.parse(exchange().at)
  const timeline = await mdm.query(
    `select revision, effective_from, effective_to, meter_id from installation_timeline where usage_point_id = 1
      order by revision, effective_from`,
  )
  const start = Date.parse('2026-01-01T00:00:00+08:00')
  t.same(timeline, [
    { revision: 1, effective_from: start, effective_to: null, meter_id: 1n },
    { revision: 2, effective_from: start, effective_to: at, meter_id: 1n },
    { revision: 2, effective_from: at, effective_to: null, meter_id: 4n },
  ])
  const known = async (knownAt: number) =>
    mdm.query('select meter_id from installation_as_of($1, $2) where usage_point_id = 1', [
      toTimestamptz(knownAt),
      toTimestamptz(at),
    ])
  t.same(await known(later.recordedAt - 1), [{ meter_id: 1n }])
  t.same(await known(later.recordedAt), [{ meter_id: 4n }])
  t.same(await mdm.query('select meter_id, total_e4, verdict, source from validated_reading order by meter_id'), [
    { meter_id: 1n, total_e4: 1_600_0000n, verdict: 'accepted', source: 6 },
    { meter_id: 4n, total_e4: 5_0000n, verdict: 'accepted', source: 6 },
  ])
  t.same(await applyRegistryChange(mdm, exchange(), later), { ok: true, value: 'exists' })
  t.equal((await mdm.query('select from validation_decision')).length, 2)
})

t.test('refuses an exchange that contradicts the registry, with a reason', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const good = exchange()
  const cases: readonly [string, Partial<MeterExchangeChange>, string][] = [
    ['an unknown point', { usagePoint: 'point-9' }, 'unknown_code'],
    ['an unknown old meter', { oldMeter: 'meter-9' }, 'unknown_code'],
    ['a meter of another point', { oldMeter: 'meter-2' }, 'not_installed'],
    [
      'a new meter that hangs elsewhere',
      { newMeter: { ...good.newMeter, code: 'meter-3' } },
      'exists_with_different_content',
    ],
    ['registers wider than the display', { stopRegisters: { total: '1000000' } }, 'does_not_fit_display'],
    ['registers finer than the display', { startRegisters: { total: '0.001' } }, 'does_not_fit_display'],
    ['an instant before supply', { at: '2025-07-16T10:00:00+08:00' }, 'not_installed'],
  ]
  for (const [title, part, code] of cases)
    t.match(await applyRegistryChange(mdm, { ...good, ...part }, later), { ok: false, error: { code } }, title)
  t.equal((await mdm.query('select from meter')).length, 3)
  await applyRegistryChange(mdm, good, later)
  t.match(await applyRegistryChange(mdm, { ...good, stopRegisters: { total: '1601' } }, later), {
    ok: false,
    error: { code: 'exists_with_different_content' },
  })
  t.match(await applyRegistryChange(mdm, { kind: 'other' }, later), { ok: false, error: { kind: 'invalid_document' } })
})

t.test('a transfer ends one agreement and begins the next with a ladder of its own', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  t.same(await applyRegistryChange(mdm, transfer(), stamp), { ok: true, value: 'applied' })
  const at = Date.parse(transfer().at)
  const agreements = await mdm.query(
    `select account_id, revision, effective_to, ladder_from, tariff_code from agreement_timeline
      where usage_point_id = 2 order by account_id, revision`,
  )
  const tariff = { tariff_code: 'sd-residential-tou' }
  t.same(agreements, [
    { account_id: 2n, revision: 1, effective_to: null, ladder_from: '2026-01-01', ...tariff },
    { account_id: 2n, revision: 2, effective_to: at, ladder_from: '2026-01-01', ...tariff },
    { account_id: 4n, revision: 1, effective_to: null, ladder_from: '2026-07-18', ...tariff },
  ])
  t.same(await mdm.query('select address from contact_as_of($1, $1) where account_id = 4', [toTimestamptz(at)]), [
    { address: 'synthetic@example.invalid' },
  ])
  t.same(await applyRegistryChange(mdm, transfer(), stamp), { ok: true, value: 'exists' })
  t.equal((await mdm.query('select from account')).length, 4)
})

t.test('refuses a transfer that contradicts the registry', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const good = transfer()
  const cases: readonly [string, Partial<AccountTransferChange>, string][] = [
    ['not at midnight', { at: '2026-07-18T08:00:00+08:00' }, 'not_at_midnight'],
    ['an account of another point', { oldAccount: 'account-1' }, 'no_agreement'],
    ['an unknown account', { oldAccount: 'account-9' }, 'unknown_code'],
    ['an account that is there', { account: { ...good.account, code: 'account-3' } }, 'exists_with_different_content'],
    [
      'a customer that is another',
      { customer: { ...good.customer, code: 'customer-1' }, account: { ...good.account, customer: 'customer-1' } },
      'exists_with_different_content',
    ],
  ]
  for (const [title, part, code] of cases)
    t.match(await applyRegistryChange(mdm, { ...good, ...part }, stamp), { ok: false, error: { code } }, title)
})

t.test(
  'a crew takes over an area, an outage is foretold; each once, and whatever contradicts is refused',
  async (t) => {
    const database = await withDatabase(t)
    await importSmallUtility(database)
    const mdm = database.as('mdm')
    const owner = database.as('owner')
    await owner.execute(`insert into crew values (1, 1, 'crew-a', 'A'), (2, 1, 'crew-b', 'B')`)
    const assignment = {
      kind: 'crew_assignment',
      transformerArea: 'area-1',
      at: '2026-07-01T00:00:00+08:00',
      crew: 'crew-a',
      document: 'roster 7',
    }
    const takeover = { ...assignment, at: '2026-07-10T00:00:00+08:00', crew: 'crew-b', document: 'roster 8' }
    const outage = {
      kind: 'planned_outage',
      code: 'outage-1',
      line: 'line-1',
      from: '2026-07-05T00:00:00+08:00',
      to: '2026-07-05T06:00:00+08:00',
      document: 'notice 1',
    }
    for (const change of [assignment, takeover, outage])
      t.same(await applyRegistryChange(mdm, change, stamp), { ok: true, value: 'applied' })
    for (const change of [takeover, outage])
      t.same(await applyRegistryChange(mdm, change, stamp), { ok: true, value: 'exists' })
    t.same(
      await mdm.query('select revision, crew_id, effective_to is null as open from crew_area_timeline order by 1, 2'),
      [
        { revision: 1, crew_id: 1n, open: true },
        { revision: 2, crew_id: 1n, open: false },
        { revision: 2, crew_id: 2n, open: true },
      ],
    )
    const refused = [
      [{ ...assignment, crew: 'crew-9' }, { code: 'unknown_code' }],
      [{ ...assignment, transformerArea: 'area-9' }, { code: 'unknown_code' }],
      [{ ...outage, line: 'line-9', code: 'outage-9' }, { code: 'unknown_code' }],
      [{ ...outage, document: 'notice 2' }, { code: 'exists_with_different_content' }],
      [{ ...outage, transformerArea: 'area-1' }, { kind: 'invalid_document' }],
      [{ ...outage, to: outage.from }, { kind: 'invalid_document' }],
    ] as const
    for (const [change, error] of refused)
      t.match(await applyRegistryChange(mdm, change, stamp), { ok: false, error }, JSON.stringify(error))
  },
)

t.test('a reading group gets another day, once; what it was stays on record', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const change = {
    kind: 'reading_day',
    usagePoints: ['point-1', 'point-2'],
    at: '2026-07-01T00:00:00+08:00',
    readingDay: 25,
    document: 'approval 3',
  }
  const next = { ...change, usagePoints: ['point-1'], at: '2026-08-01T00:00:00+08:00', readingDay: 31 }
  for (const each of [change, next]) t.same(await applyRegistryChange(mdm, each, stamp), { ok: true, value: 'applied' })
  t.same(await applyRegistryChange(mdm, next, stamp), { ok: true, value: 'exists' })
  t.same(
    await mdm.query(
      'select usage_point_id, revision, reading_day, effective_to is null as open from reading_day_timeline order by 1, 2, 3',
    ),
    [
      { usage_point_id: 1n, revision: 1, reading_day: 25, open: true },
      { usage_point_id: 1n, revision: 2, reading_day: 25, open: false },
      { usage_point_id: 1n, revision: 2, reading_day: 31, open: true },
      { usage_point_id: 2n, revision: 1, reading_day: 25, open: true },
    ],
  )
  for (const [wrong, error] of [
    [{ ...change, usagePoints: ['point-9'] }, { code: 'unknown_code' }],
    [{ ...change, readingDay: 32 }, { kind: 'invalid_document' }],
  ] as const)
    t.match(await applyRegistryChange(mdm, wrong, stamp), { ok: false, error })
})
