import t from 'tap'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { exportRegistry } from '../../../mdm/registry/export-registry.js'
import { checkRegistryDocument, importRegistry } from '../../../mdm/registry/import-registry.js'
import { withDatabase } from '../../support/database.js'
import { goLive, smallUtility, stamp } from '../support/small-utility.js'

const opening = (code: string, asOf: string) => ({
  code,
  asOf,
  document: 'old books',
  itemCount: 1,
  registersKwh: '0',
  ladderKwh: '0',
  estimatesKwh: '0',
  prepaid: '1',
  arrears: '0',
})

t.test('as of a day only what had begun is written, whole in itself', async (t) => {
  const database = await withDatabase(t)
  const small = smallUtility()
  const later = '2026-09-01T00:00:00+08:00'
  const begins = <E extends { readonly from: string }>(entries: readonly E[]) =>
    entries.map((entry, place) => (place === 2 ? { ...entry, from: later } : entry))
  const document: RegistryDocument = {
    ...small,
    meters: small.meters.concat({
      ...small.meters[0],
      code: 'in-stock',
      communicationAddress: '000000000009',
    } as never),
    installations: begins(small.installations),
    multipliers: begins(small.multipliers),
    agreements: begins(small.agreements),
    contacts: begins(small.contacts),
    openingBatches: [opening('first', goLive), opening('second', later)],
    openingItems: ['first', 'second'].map((batch) => ({ batch, account: 'account-1', kind: 'prepaid', amount: '1' })),
    plannedOutages: [
      { code: 'outage', line: 'line-1', from: '2026-07-02T00:00:00Z', to: '2026-07-03T00:00:00Z', document: 'plan' },
    ],
  }
  t.match(await importRegistry(database.as('mdm'), document, { ...stamp, recordedAt: Date.parse(later) }), {
    ok: true,
  })
  const codesAt = async (day: string) => {
    const at = Date.parse(`${day}T00:00:00+08:00`)
    const written = await exportRegistry(database.as('mdm'), { knownAt: null, at })
    t.match(checkRegistryDocument(written), { ok: true }, `${day}: names only what it holds`)
    const { meters, usagePoints, customers, accounts, openingItems = [], plannedOutages = [] } = written
    const codes = [meters, usagePoints, customers, accounts].map((list) => list.map(({ code }) => code).join())
    return [...codes, openingItems.length, plannedOutages.length]
  }
  t.same(await codesAt('2026-08-01'), [
    'meter-1,meter-2,in-stock',
    'point-1,point-2',
    'customer-1,customer-2',
    'account-1,account-2',
    1,
    0,
  ])
  t.same((await codesAt('2026-09-01')).slice(0, 2), ['meter-1,meter-2,meter-3,in-stock', 'point-1,point-2,point-3'])
})
