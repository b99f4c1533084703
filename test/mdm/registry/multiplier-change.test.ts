import t from 'tap'
import type { MultiplierChange } from '../../../domain/registry-change.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility } from '../support/small-utility.js'

const later = { actor: 'system', recordedAt: Date.parse('2026-07-18T18:00:00+08:00') }
const change: MultiplierChange = {
  kind: 'multiplier',
  usagePoint: 'point-3',
  at: '2026-07-16T10:00:00+08:00',
  ctRatio: 20,
  ptRatio: 1,
  registers: { total: '1600.5' },
  document: 'sheet 9',
}

t.test('another multiplier begins at its instant, with the registers that were noted there', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  t.same(await applyRegistryChange(mdm, change, later), { ok: true, value: 'applied' })
  const at = Date.parse(change.at)
  t.same(
    await mdm.query(
      `select effective_from, effective_to, ct_ratio from multiplier_timeline where usage_point_id = 3 and revision = 2 order by 1`,
    ),
    [
      { effective_from: Date.parse('2026-01-01T00:00:00+08:00'), effective_to: at, ct_ratio: 10 },
      { effective_from: at, effective_to: null, ct_ratio: 20 },
    ],
  )
  t.same(await mdm.query('select meter_id, total_e4, verdict from validated_reading'), [
    { meter_id: 3n, total_e4: 16_005_000n, verdict: 'accepted' },
  ])
  t.same(await applyRegistryChange(mdm, change, later), { ok: true, value: 'exists' })
  const cases: readonly [title: string, part: Partial<MultiplierChange>, code: string][] = [
    ['an unknown point', { usagePoint: 'point-9' }, 'unknown_code'],
    ['another multiplier at the same instant', { ctRatio: 30 }, 'exists_with_different_content'],
    ['no meter there', { at: '2025-07-16T10:00:00+08:00' }, 'not_installed'],
    [
      'registers that no display shows',
      { ctRatio: 30, at: '2026-07-17T10:00:00+08:00', registers: { total: '0.001' } },
      'does_not_fit_display',
    ],
  ]
  for (const [title, part, code] of cases)
    t.match(await applyRegistryChange(mdm, { ...change, ...part }, later), { ok: false, error: { code } }, title)
})

t.test('paper of long ago finds its partitions made', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const old = { ...change, at: '2026-01-10T10:00:00+08:00' }
  t.same(await applyRegistryChange(database.as('mdm'), old, later), { ok: true, value: 'applied' })
})
