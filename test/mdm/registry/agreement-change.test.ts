import t from 'tap'
import type { AgreementChange } from '../../../domain/registry-change.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { withDatabase } from '../../support/database.js'
import { transfer } from '../support/changes.js'
import { importSmallUtility } from '../support/small-utility.js'

const later = { actor: 'system', recordedAt: Date.parse('2026-07-16T18:00:00+08:00') }
const change: AgreementChange = {
  kind: 'agreement',
  account: 'account-2',
  usagePoint: 'point-2',
  at: '2026-07-10T00:00:00+08:00',
  usageClass: 'large_industrial',
  contractCapacityKva: 315,
  document: 'contract 9',
}

t.test('class and capacity change at a midnight, the tariff stays, and whoever takes over keeps them', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  t.same(await applyRegistryChange(mdm, change, later), { ok: true, value: 'applied' })
  const at = Date.parse(change.at)
  const columns = 'effective_from, effective_to, tariff_code, usage_class, contract_capacity_kva'
  const changed = { tariff_code: 'sd-residential-tou', usage_class: 'large_industrial', contract_capacity_kva: 315 }
  const rows = await mdm.query(
    `select ${columns} from agreement_timeline where account_id = 2 and revision = 2 order by effective_from`,
  )
  t.same(rows, [
    {
      effective_from: Date.parse('2026-01-01T00:00:00+08:00'),
      effective_to: at,
      tariff_code: 'sd-residential-tou',
      usage_class: null,
      contract_capacity_kva: null,
    },
    { effective_from: at, effective_to: null, ...changed },
  ])
  t.same(await applyRegistryChange(mdm, change, later), { ok: true, value: 'exists' })
  const { usagePoint, oldAccount, at: takenOver } = transfer()
  const ofOld = { account: oldAccount, usagePoint }
  const before = { ...change, ...ofOld, at: '2026-07-02T00:00:00+08:00' }
  if (oldAccount !== change.account)
    t.match(await applyRegistryChange(mdm, before, later), { ok: true, value: 'applied' })
  t.match(await applyRegistryChange(mdm, transfer(), later), { ok: true, value: 'applied' })
  t.same(
    await mdm.query(
      `select ${columns} from agreement_timeline where account_id = (select max(account_id) from account)`,
    ),
    [{ effective_from: Date.parse(takenOver), effective_to: null, ...changed }],
  )
  const cases: readonly [title: string, part: Partial<AgreementChange>, code: string][] = [
    ['an unknown account', { account: 'account-9' }, 'unknown_code'],
    ['in the middle of a day', { at: '2026-07-10T10:00:00+08:00' }, 'not_at_midnight'],
    ['another point', { account: 'account-3', usagePoint: 'point-1' }, 'no_agreement'],
    [
      'another class from the same midnight',
      { account: 'account-2', usagePoint: 'point-2', usageClass: 'agricultural' },
      'exists_with_different_content',
    ],
  ]
  for (const [title, part, code] of cases)
    t.match(await applyRegistryChange(mdm, { ...change, ...part }, later), { ok: false, error: { code } }, title)
})
