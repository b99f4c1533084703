import t from 'tap'
import { cellAt, hasCell } from '../../../../billing/tariffs/components/evidence-schema.js'
import { parseComponentTariff } from '../../../../billing/tariffs/components/parse-document.js'

t.test('a path leads into objects and lists, and nowhere else', async (t) => {
  const part = { model: { prices: { peak: '0.5769' }, blocks: [{ upTo: '210' }] } }
  t.equal(cellAt(part, 'model.prices.peak'), '0.5769')
  t.equal(cellAt(part, 'model.blocks.0.upTo'), '210')
  t.notOk(hasCell(part, 'model.blocks.1.upTo'))
  t.notOk(hasCell(part, 'model.prices.peak.length'))
  t.notOk(hasCell(part, 'model.constructor'))
})

t.test('evidence for a cell that does not exist is a slip', async (t) => {
  const evidence = (cell: string) => ({ [cell]: { source: 'a notice', grade: 'A' } })
  const tariff = (ofVersion: object, ofComponent: object) => ({
    format: 'tariff/2',
    code: 'x',
    currency: { code: 'CNY', decimals: 2 },
    versions: [
      {
        version: 1,
        validFrom: '2026-01-01',
        rounding: {},
        evidence: ofVersion,
        components: [
          { kind: 'usage', code: 'energy', model: { kind: 'per_unit', price: '0.5' }, evidence: ofComponent },
        ],
      },
    ],
  })
  t.ok(parseComponentTariff(tariff(evidence('validFrom'), evidence('model.price'))).ok)
  const refused = parseComponentTariff(tariff(evidence('validTo'), evidence('model.prices.peak')))
  t.same(!refused.ok && refused.error.defects.map(({ kind, path }) => ({ kind, path })), [
    { kind: 'evidence_of_nothing', path: 'versions.0.evidence.validTo' },
    { kind: 'evidence_of_nothing', path: 'versions.0.components.0.evidence.model.prices.peak' },
  ])
})
