import t from 'tap'
import type { MeterRemovalChange } from '../../../domain/registry-change.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility } from '../support/small-utility.js'

const later = { actor: 'system', recordedAt: Date.parse('2026-07-18T18:00:00+08:00') }
const change: MeterRemovalChange = {
  kind: 'meter_removal',
  usagePoint: 'point-1',
  meter: 'meter-1',
  at: '2026-07-16T10:00:00+08:00',
  stopRegisters: { total: '1600' },
  document: 'sheet 9',
}

t.test('a removed meter measures until its instant and nothing measures after it', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  t.same(await applyRegistryChange(mdm, change, later), { ok: true, value: 'applied' })
  t.same(
    await mdm.query(
      'select effective_to, meter_id from installation_timeline where usage_point_id = 1 and revision = 2',
    ),
    [{ effective_to: Date.parse(change.at), meter_id: 1n }],
  )
  t.match(await mdm.query('select total_e4 from validated_reading'), [{ total_e4: 16_000_000n }])
  t.same(await applyRegistryChange(mdm, change, later), { ok: true, value: 'exists' })
  const cases: readonly [title: string, part: Partial<MeterRemovalChange>, code: string][] = [
    ['an unknown meter', { meter: 'meter-9' }, 'unknown_code'],
    ['a meter of another point', { meter: 'meter-2' }, 'not_installed'],
    ['a meter that is gone', { at: '2026-07-17T10:00:00+08:00' }, 'not_installed'],
    [
      'registers that no display shows',
      { usagePoint: 'point-2', meter: 'meter-2', stopRegisters: { total: '0.001' } },
      'does_not_fit_display',
    ],
  ]
  for (const [title, part, code] of cases)
    t.match(await applyRegistryChange(mdm, { ...change, ...part }, later), { ok: false, error: { code } }, title)
})
