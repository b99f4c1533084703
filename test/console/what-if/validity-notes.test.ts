import t from 'tap'
import { scenarioTariff } from '../../../billing/what-if/scenario-tariffs.js'
import { validityNotes } from '../../../console/what-if/validity-notes.js'
import { tariffDocument } from '../../billing/rating/offline.js'
import { shippedDocument } from '../../billing/tariffs/shipped-tariffs.js'

const july = { from: '2026-07-01', to: '2026-08-01' }
const tou = shippedDocument('sd-residential-tou')
const posting = { vat: { rate: '0.13' } }
const components = [{ kind: 'usage', code: 'energy', model: { kind: 'per_unit', price: '1' } }]

t.test('says which tariff of a scenario holds on some days of the run only', (t) => {
  const of = (json: unknown) => validityNotes([scenarioTariff({ name: 'new.json', json })], july)
  t.same(of({ ...tou, validFrom: '2026-07-01', validTo: '2026-08-01' }), [], 'in force on all of them')
  t.match(
    of({ ...tou, validFrom: '2026-07-15' }).join(),
    /sd-residential-tou .* 2026-07-15 … 2026-11-01.*2026-07-01 … 2026-08-01/,
  )
  t.match(
    of(tariffDocument({ components, version: { validFrom: '2026-09-01', posting } })).join(),
    /worked .* 2026-09-01 … 另行通知 further notice/,
  )
  const two = [
    { version: 1, validFrom: '2026-01-01', validTo: '2026-07-15', rounding: {}, components, posting },
    { version: 2, validFrom: '2026-07-15', rounding: {}, components, posting },
  ]
  t.same(of(tariffDocument({ components, versions: two })), [], 'several versions hold as they say')
  t.end()
})
