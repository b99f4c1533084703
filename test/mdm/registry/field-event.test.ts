import t from 'tap'
import type { FieldEventChange } from '../../../domain/registry-change.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility } from '../support/small-utility.js'

const later = { actor: 'system', recordedAt: Date.parse('2026-07-16T18:00:00+08:00') }
const found = {
  kind: 'field_event',
  meter: 'meter-1',
  at: '2026-07-16T10:00:00+08:00',
  person: 'Synthetic fitter',
  sealsFound: ['S-1', 'S-2'],
  document: 'work order 9',
} as const
const change: FieldEventChange = { ...found, event: 'resealed', sealsPlaced: ['S-3'] }

t.test('a seal goes on record once, with who, when and its numbers', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  t.same(await applyRegistryChange(mdm, change, later), { ok: true, value: 'applied' })
  t.same(await applyRegistryChange(mdm, change, later), { ok: true, value: 'exists' })
  t.match(await mdm.query('select * from field_event'), [
    {
      meter_id: 1n,
      person: 'Synthetic fitter',
      seals_found: ['S-1', 'S-2'],
      seals_placed: ['S-3'],
      actor_id: 'system',
    },
  ])
  const cases: readonly [title: string, change: FieldEventChange, error: object][] = [
    ['other numbers under the same key', { ...change, sealsFound: [] }, { code: 'exists_with_different_content' }],
    ['an unknown meter', { ...change, meter: 'meter-9' }, { code: 'unknown_code' }],
    ['what is to come', { ...change, at: '2026-07-16T18:00:01+08:00' }, { code: 'still_to_come' }],
    ['a seal without its number', { ...found, event: 'resealed' }, { problems: [{ path: 'sealsPlaced' }] }],
    ['an empty list of them', { ...change, sealsPlaced: [] }, { problems: [{ path: 'sealsPlaced' }] }],
  ]
  for (const [title, wrong, error] of cases)
    t.match(await applyRegistryChange(mdm, wrong, later), { ok: false, error }, title)
  const broken = { ...found, event: 'seal_broken_found' } as const
  t.match(await applyRegistryChange(mdm, broken, later), { value: 'applied' }, 'another event of the same visit')
})
