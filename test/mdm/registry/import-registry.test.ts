import t from 'tap'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { importRegistry } from '../../../mdm/registry/import-registry.js'
import { parseRegistryDocument } from '../../../mdm/registry/registry-document-schema.js'
import { problemsBetween } from '../../../mdm/registry/problems-between.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility, smallUtility, stamp } from '../support/small-utility.js'

t.test('names the path of what is wrong', (t) => {
  const good = smallUtility()
  const cases: readonly [title: string, document: unknown, path: string][] = [
    ['nothing', null, ''],
    ['a missing list', { ...good, meters: undefined }, 'meters'],
    ['an unknown key', { ...good, extra: [] }, ''],
    [
      'a short address',
      { ...good, meters: [{ ...good.meters[0], communicationAddress: '1' }] },
      'meters.0.communicationAddress',
    ],
    [
      'an instant without offset',
      { ...good, contacts: [{ ...good.contacts[0], from: '2026-07-01T00:00:00' }] },
      'contacts.0.from',
    ],
    [
      'a negative energy',
      { ...good, openingItems: [{ batch: 'b', account: 'a', kind: 'ladder', energyKwh: '-1', ladderMonths: 6 }] },
      'openingItems.0.energyKwh',
    ],
    ['a zero byte', { ...good, customers: [{ ...good.customers[0], name: 'a\u0000' }] }, 'customers.0.name'],
    ['half a character', { ...good, customers: [{ ...good.customers[0], name: 'a\ud800' }] }, 'customers.0.name'],
    [
      'a day that is none',
      { ...good, agreements: [{ ...good.agreements[0], ladderFrom: '2026-02-30' }] },
      'agreements.0.ladderFrom',
    ],
    [
      'an unknown zone',
      { ...good, organisations: [{ ...good.organisations[0], timeZone: 'Mars' }] },
      'organisations.0.timeZone',
    ],
    [
      'a line that the head-end could not use',
      { ...good, lines: [{ ...good.lines[0], settings: { ...good.lines[0]?.settings, replyTimeoutMs: 0 } }] },
      'lines.0.settings.replyTimeoutMs',
    ],
  ]
  for (const [title, document, path] of cases) {
    const parsed = parseRegistryDocument(document)
    t.equal(parsed.ok ? 'accepted' : parsed.error.problems[0]?.path, path, title)
  }
  t.ok(parseRegistryDocument(good).ok)
  t.end()
})

function concentrator(code: string, settings: object): RegistryDocument['lines'][number] {
  const organisation = smallUtility().organisations[0]?.code ?? ''
  return { code, organisation, kind: 'mqtt_concentrator', settings: { brokerUrl: 'mqtt://broker:1883', ...settings } }
}

t.test('finds what objects say wrongly of each other', (t) => {
  const good = smallUtility()
  const [first, second, third] = good.installations
  if (first === undefined || second === undefined || third === undefined) throw new Error('three installations')
  const cases: readonly [title: string, part: Partial<RegistryDocument>, path: string][] = [
    ['a code twice', { meters: [...good.meters, ...good.meters.slice(0, 1)] }, 'meters.3.code'],
    [
      'an envelope that nobody knows',
      { lines: [...good.lines, concentrator('c1', { profile: 'shuangwuu' })] },
      `lines.${good.lines.length}.settings.profile`,
    ],
    [
      'the device of another line',
      { lines: [...good.lines, concentrator('c1', {}), concentrator('c2', { device: 'c1' })] },
      `lines.${good.lines.length + 1}.settings.device`,
    ],
    [
      'the topic of another line',
      { lines: [...good.lines, ...['c1', 'c2'].map((code) => concentrator(code, { uploadTopic: 'city/in' }))] },
      `lines.${good.lines.length + 1}.settings.uploadTopic`,
    ],
    ['an unknown line', { installations: [{ ...first, line: 'line-9' }, second, third] }, 'installations.0.line'],
    ['one meter at two points', { installations: [first, { ...second, meter: 'meter-1' }, third] }, 'installations.1'],
    [
      'two meters at one point',
      { installations: [first, { ...second, usagePoint: 'point-1' }, third] },
      'installations.1',
    ],
    [
      'an end before its start',
      { installations: [{ ...first, to: '2025-01-01T00:00:00+08:00' }, second, third] },
      'installations.0.to',
    ],
    [
      'two agreements at one point',
      { agreements: good.agreements.map((agreement) => ({ ...agreement, usagePoint: 'point-1' })) },
      'agreements.1',
    ],
  ]
  for (const [title, part, path] of cases) t.equal(problemsBetween({ ...good, ...part })[0]?.path, path, title)
  t.same(problemsBetween(good), [])
  t.end()
})

t.test('gives ids in file order, takes the same document again without a change, refuses another', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  t.same(await mdm.query('select meter_id, code from meter order by meter_id'), [
    { meter_id: 1n, code: 'meter-1' },
    { meter_id: 2n, code: 'meter-2' },
    { meter_id: 3n, code: 'meter-3' },
  ])
  const again = await importRegistry(mdm, smallUtility(), { actor: 'manager-1', recordedAt: stamp.recordedAt + 1 })
  t.ok(again.ok && Object.values(again.value).every((count) => count === 0))

  const [agreement, ...others] = smallUtility().agreements
  const other = { ...smallUtility(), agreements: [{ ...agreement, tariff: 'sd-residential' }, ...others] }
  t.match(await importRegistry(mdm, other, stamp), {
    ok: false,
    error: { kind: 'contradicts_registry', contradictions: [{ table: 'agreement_timeline', code: 'account-1' }] },
  })
})

t.test('takes new objects beside known ones', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const document = smallUtility()
  const more = {
    ...document,
    customers: [
      ...document.customers,
      { code: 'customer-4', name: 'Customer 4', kind: 'commercial', keyAccount: true },
    ],
  }
  const imported = await importRegistry(database.as('mdm'), more, stamp)
  t.match(imported, { ok: true, value: { customer: 1, account: 0, meter: 0 } })
})

t.test('takes crews, their areas, planned outages and suspensions where the document has them', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const from = '2026-07-01T00:00:00+08:00'
  const more: RegistryDocument = {
    ...smallUtility(),
    crews: [{ code: 'crew-a', organisation: 'county', name: 'Crew A' }],
    crewAreas: [{ transformerArea: 'area-1', crew: 'crew-a', from }],
    plannedOutages: [
      { code: 'outage-1', transformerArea: 'area-1', from, to: '2026-07-02T00:00:00+08:00', document: 'n' },
    ],
    suspensions: [{ usagePoint: 'point-3', from, document: 's' }],
  }
  const counts = { crew: 1, crew_area_timeline: 1, planned_outage: 1, suspension_timeline: 1, meter: 0 }
  t.match(await importRegistry(mdm, more, stamp), { ok: true, value: counts })
  t.match(await importRegistry(mdm, more, stamp), { ok: true, value: { crew: 0, planned_outage: 0 } })
  const wrong = { ...more, crewAreas: [{ transformerArea: 'area-1', crew: 'crew-9', from }] }
  t.match(await importRegistry(mdm, wrong, stamp), {
    ok: false,
    error: { problems: [{ path: 'crewAreas.0.crew', problem: 'crew-9 is not in crews' }] },
  })
})

const from = '2026-07-01T00:00:00+08:00'
const related: RegistryDocument = {
  ...smallUtility(),
  crews: [{ code: 'crew-a', organisation: 'county', name: 'Crew A' }],
  crewMembers: [{ crew: 'crew-a', person: 'crew-1', from }],
  relations: [
    { usagePoint: 'point-1', parent: 'point-3', kind: 'main_sub', from },
    { usagePoint: 'point-2', parent: 'point-3', kind: 'share', share: '0.125', from },
  ],
  areaSupplies: [{ transformerArea: 'area-1', usagePoint: 'point-3', from }],
  flows: [{ usagePoint: 'point-1', direction: 'both', from }],
  transformers: [
    {
      usagePoint: 'point-3',
      transformer: 't-1',
      ratedKva: 315,
      noLoadLossKw: '0.48',
      loadLossKw: '3.65',
      noLoadCurrentPercent: '1.1',
      meteringSide: 'low',
      from,
    },
  ],
  verifications: [{ meter: 'meter-1', verifiedOn: '2018-05-01', validUntil: '2026-04-30', certificate: 'synthetic 1' }],
  agreements: smallUtility().agreements.map((agreement) => ({
    ...agreement,
    usageClass: 'commercial',
    contractCapacityKva: 315,
  })),
}

t.test(
  'takes relations, supply meters, flows, transformers, verifications and rosters, and knows them again',
  async (t) => {
    const database = await withDatabase(t)
    const mdm = database.as('mdm')
    const counts = { relation_timeline: 2, area_supply_timeline: 1, flow_timeline: 1, transformer_timeline: 1 }
    const more = { meter_verification: 1, crew_member_timeline: 1, agreement_timeline: 3 }
    t.match(await importRegistry(mdm, related, stamp), { ok: true, value: { ...counts, ...more } })
    const again = await importRegistry(mdm, related, stamp)
    t.ok(again.ok && Object.values(again.value).every((count) => count === 0), 'the same again')
    const at = new Date(stamp.recordedAt + 86_400_000).toISOString()
    t.same(await mdm.query('select usage_point_id, parent_id, share_e6 from relation_as_of($1, $1) order by 1', [at]), [
      { usage_point_id: 1n, parent_id: 3n, share_e6: null },
      { usage_point_id: 2n, parent_id: 3n, share_e6: 125_000 },
    ])
  },
)

t.test('the database refuses a circle that was closed behind the programs', async (t) => {
  const database = await withDatabase(t)
  const mdm = database.as('mdm')
  const imported = await importRegistry(mdm, related, stamp)
  t.ok(imported.ok)
  const insert = (child: number, parent: number, since: string, until: string | null) =>
    mdm.query(
      `insert into relation_timeline (usage_point_id, revision, effective_from, effective_to, parent_id, kind, recorded_at, actor_id, reason)
       values ($1, 1, $3, $4, $2, 'main_sub', now(), 'system', 'test')`,
      [child, parent, since, until],
    )
  await t.rejects(insert(3, 2, '2026-08-01', null), /a part of themselves: point-3 > point-2 > point-3/)
  await t.resolves(insert(3, 2, '2026-01-01', '2026-06-30 16:00+00'), 'before the others hold')
})
