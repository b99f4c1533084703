import t from 'tap'
import { stillToCome } from '../../../mdm/registry/still-to-come.js'

const now = Date.parse('2026-07-16T18:00:00+08:00')

t.test('only what is to come is told of', (t) => {
  const entries = [{ at: '2026-07-16T18:00:00+08:00' }, {}, { at: '2062-07-16T10:00:00+08:00' }]
  t.match(stillToCome({ fieldEvents: entries }, now), [{ path: 'fieldEvents.2.at', code: 'still_to_come' }])
  const openingBatches = [{ asOf: '2026-07-17T00:00:00+08:00' }, { asOf: '2062-07-01T00:00:00+08:00' }]
  t.match(stillToCome({ openingBatches }, now), [{ path: 'openingBatches.1.asOf', code: 'still_to_come' }])
  t.end()
})
