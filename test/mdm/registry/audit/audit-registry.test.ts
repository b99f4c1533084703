import t from 'tap'
import type { TransformerAreaEntry } from '../../../../domain/organisation-entries.js'
import type { RegistryDocument } from '../../../../domain/registry-document.js'
import { auditRegistry, auditRules } from '../../../../mdm/registry/audit/audit-registry.js'
import { smallUtility } from '../../support/small-utility.js'

const day = '2026-07-01'
const from = '2026-01-01T00:00:00+08:00'
const tariffs = new Set(['sd-residential-tou'])
const good: RegistryDocument = {
  ...smallUtility(),
  crews: [{ code: 'crew-a', organisation: 'county', name: 'Crew A' }],
  crewAreas: [{ transformerArea: 'area-1', crew: 'crew-a', from }],
  areaSupplies: [{ transformerArea: 'area-1', usagePoint: 'point-3', from }],
  verifications: ['1', '2', '3'].map((n) => ({
    meter: `meter-${n}`,
    verifiedOn: '2020-01-01',
    validUntil: day,
    certificate: n,
  })),
}
const [agreement, ...agreements] = good.agreements
const [area] = good.transformerAreas
if (agreement === undefined || area === undefined) throw new Error('an agreement and an area')
const share = { kind: 'share' as const, parent: 'point-3', from }

t.test('each rule finds what it is for, and nothing where all is well', (t) => {
  const cases: readonly [title: string, part: Partial<RegistryDocument>, findings: readonly string[]][] = [
    ['all is well', {}, []],
    ['no meter', { installations: good.installations.slice(1) }, ['no_meter point-1']],
    [
      'no meter, but a share of a parent that has one',
      { installations: good.installations.slice(1), relations: [{ ...share, usagePoint: 'point-1', share: '0.1' }] },
      [],
    ],
    [
      'a parent without a meter',
      { installations: good.installations.slice(0, 2), relations: [{ ...share, usagePoint: 'point-1', share: '0.1' }] },
      ['no_meter point-3', 'parent_without_meter point-1', 'area_without_supply area-1'],
    ],
    ['no multiplier', { multipliers: good.multipliers.slice(1) }, ['multiplier_unknown point-1']],
    ['no such tariff', { agreements: [{ ...agreement, tariff: 'x' }, ...agreements] }, ['unknown_tariff account-1']],
    [
      'large industry without a capacity, of a household',
      { agreements: [{ ...agreement, usageClass: 'large_industrial' }, ...agreements] },
      ['no_contract_capacity account-1', 'class_unlike_customer account-1'],
    ],
    [
      'shares up to the whole',
      { relations: ['1', '2'].map((n) => ({ ...share, usagePoint: `point-${n}`, share: '0.5' })) },
      [],
    ],
    [
      'shares beyond the whole',
      { relations: ['1', '2'].map((n) => ({ ...share, usagePoint: `point-${n}`, share: '0.500001' })) },
      ['shares_above_one point-3'],
    ],
    [
      'one address twice on a line',
      { meters: good.meters.map((meter) => ({ ...meter, communicationAddress: '000000000001' })) },
      ['address_twice meter-1', 'address_twice meter-2', 'address_twice meter-3'],
    ],
    [
      'verified until yesterday',
      { verifications: (good.verifications ?? []).map((one) => ({ ...one, validUntil: '2026-06-30' })) },
      ['not_verified meter-1', 'not_verified meter-2', 'not_verified meter-3'],
    ],
    ['nobody to be told', { contacts: good.contacts.slice(1) }, ['no_contact account-1']],
    ['an area of nobody', { crewAreas: [] }, ['area_without_crew area-1']],
  ]
  for (const [title, part, findings] of cases) {
    const audit = auditRegistry({ ...good, ...part }, day, tariffs)
    t.same(
      audit.findings.map(({ rule, object }) => `${rule} ${object}`),
      findings,
      title,
    )
  }
  t.end()
})

t.test('an organisation’s score counts those below it, and fields that move money five times', (t) => {
  const [county] = good.organisations
  if (county === undefined) throw new Error('a county')
  const station: TransformerAreaEntry = { ...area, code: 'area-2', organisation: 'station' }
  const document: RegistryDocument = {
    ...good,
    organisations: [
      county,
      { ...county, code: 'station', parent: 'county', level: 'station' },
      { ...county, code: 'other' },
    ],
    transformerAreas: [area, station],
    multipliers: good.multipliers.slice(1),
  }
  const { scores } = auditRegistry(document, day, tariffs)
  // Four blocking rules look at three objects each, weight 5; two others at three; two at two areas.
  const weights = 4 * 3 * 5 + 2 * 3 + 2 * 2
  t.same(scores, [
    {
      organisation: 'county',
      checks: 22,
      findings: 3,
      blocking: 1,
      scoreE2: Math.floor((10_000 * (weights - 7)) / weights),
    },
    { organisation: 'station', checks: 2, findings: 2, blocking: 0, scoreE2: 0 },
    { organisation: 'other', checks: 0, findings: 0, blocking: 0, scoreE2: null },
  ])
  t.equal(new Set(auditRules.map(({ name }) => name)).size, auditRules.length)
  t.end()
})
