import t from 'tap'
import type { MasterDataChange } from '../../../domain/registry-change.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { exportRegistry } from '../../../mdm/registry/export-registry.js'
import { isRefusedData } from '../../../storage/database.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility } from '../support/small-utility.js'

const at = '2026-08-01T00:00:00+08:00'
const later = '2026-09-01T00:00:00+08:00'
const document = 'sheet 7'
const plate = {
  transformer: 'T1',
  ratedKva: 315,
  noLoadLossKw: '0.5',
  loadLossKw: '3.65',
  impedancePercent: '4',
  meteringSide: 'low',
} as const

t.test('relations, flows, transformers, area supplies and contacts change by date, once, and end', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const apply = (change: MasterDataChange) =>
    applyRegistryChange(mdm, change, { actor: 'manager-1', recordedAt: Date.parse('2026-08-02T00:00:00+08:00') })
  const point = { usagePoint: 'point-2', at, document }
  const relation = {
    ...point,
    kind: 'relation',
    relation: { kind: 'share', parent: 'point-1', share: '0.25' },
  } as const
  const contact = { address: '+8613800001234', consentEvidence: 'signed form 3', verified: true }
  const sms = { kind: 'contact', account: 'account-1', channel: 'sms', at, contact, document } as const
  const area = { kind: 'area_supply', transformerArea: 'area-1', ...point, isSupplied: true } as const
  const cases: readonly [title: string, change: MasterDataChange, outcome: string][] = [
    ['a relation', relation, 'applied'],
    ['a relation again', relation, 'exists'],
    [
      'another from the same instant',
      { ...relation, relation: { kind: 'main_sub', parent: 'point-3' } },
      'exists_with_different_content',
    ],
    [
      'itself as parent',
      { ...relation, relation: { kind: 'main_sub', parent: relation.usagePoint } },
      'part_of_itself',
    ],
    ['a stranger as parent', { ...relation, relation: { kind: 'main_sub', parent: 'point-9' } }, 'unknown_code'],
    [
      'a fixed quantity later',
      { ...relation, at: later, relation: { kind: 'quantity', parent: 'point-1', quantityKwh: '30' } },
      'applied',
    ],
    ['export', { ...point, kind: 'flow', direction: 'both' }, 'applied'],
    [
      'no direction where none was stated',
      { ...point, usagePoint: 'point-3', kind: 'flow', direction: null },
      'exists',
    ],
    ['the end of it', { ...point, at: later, kind: 'flow', direction: null }, 'applied'],
    ['a transformer', { ...point, kind: 'transformer', transformer: plate }, 'applied'],
    [
      'a transformer again',
      { ...point, kind: 'transformer', transformer: { ...plate, noLoadLossKw: '0.50' } },
      'exists',
    ],
    [
      'the same one, described otherwise',
      { ...point, usagePoint: 'point-3', kind: 'transformer', transformer: { ...plate, ratedKva: 400 } },
      'exists_with_different_content',
    ],
    [
      'a neighbour behind it',
      { ...point, usagePoint: 'point-3', kind: 'transformer', transformer: { ...plate, meteringSide: 'high' } },
      'applied',
    ],
    ['a supply of an area', area, 'applied'],
    ['a supply again', area, 'exists'],
    ['its end', { ...area, at: later, isSupplied: false }, 'applied'],
    ['another number', sms, 'applied'],
    ['another number again', sms, 'exists'],
    ['consent withdrawn', { ...sms, at: later, contact: null }, 'applied'],
    ['an account that nobody has', { ...sms, account: 'account-9' }, 'unknown_code'],
  ]
  for (const [title, change, outcome] of cases) {
    const done = await apply(change)
    t.equal(
      done.ok ? done.value : done.error.kind === 'change_refused' ? done.error.code : done.error.kind,
      outcome,
      title,
    )
  }
  const { relations, flows, areaSupplies, contacts, transformers } = await exportRegistry(mdm, {
    knownAt: null,
    at: null,
  })
  const [from, to] = [at, later].map((instant) => new Date(instant).toISOString())
  t.same(relations, [
    { usagePoint: 'point-2', parent: 'point-1', kind: 'share', share: '0.25', from, to },
    { usagePoint: 'point-2', parent: 'point-1', kind: 'quantity', quantityKwh: '30', from: to },
  ])
  t.same(flows, [{ usagePoint: 'point-2', direction: 'both', from, to }])
  t.same(areaSupplies, [{ transformerArea: 'area-1', usagePoint: 'point-2', from, to }])
  t.match(transformers, [{ usagePoint: 'point-2' }, { usagePoint: 'point-3', meteringSide: 'high' }])
  t.match(
    contacts.filter(({ account }) => account === 'account-1'),
    [
      { address: '+860000000001', to: from },
      { ...contact, from, to },
    ],
  )
  const circle = { ...relation, usagePoint: 'point-1', relation: { kind: 'main_sub', parent: 'point-2' } } as const
  await apply(circle).then(
    () => t.fail('a circle'),
    (error: unknown) => t.ok(isRefusedData(error), 'a circle is refused by the database'),
  )
})
