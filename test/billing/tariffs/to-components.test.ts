import t from 'tap'
import { checkForRuns } from '../../../billing/tariffs/components/check-for-runs.js'
import { parseComponentTariff } from '../../../billing/tariffs/components/parse-document.js'
import { toComponents } from '../../../billing/tariffs/to-components.js'
import { invariant } from '../../../domain/result.js'
import { shippedCodes, shippedTariff } from './shipped-tariffs.js'

t.test('what is shipped as slots and ladder is a tariff of components that a run could bill by', (t) => {
  for (const code of shippedCodes) {
    const converted = toComponents(shippedTariff(code))
    const parsed = parseComponentTariff(JSON.parse(JSON.stringify(converted)))
    t.same(parsed.ok ? [] : parsed.error.defects, [], code)
    t.same(checkForRuns(converted), [], code)
  }
  const [version] = toComponents(shippedTariff('sd-residential-tou')).versions
  invariant(version !== undefined, 'a version')
  t.match(version.calendars, [{ residual: 'valley', registers: { tou2: 'peak', tou4: 'valley' } }])
  t.match(version.components, [
    { code: 'energy', model: { prices: { sharp: '0', peak: '0.5769', flat: '0', valley: '0.3769' } } },
    {
      code: 'ladder_increment',
      model: { blocks: [{ upTo: '210' }, { upTo: '400', price: '0.05' }, { price: '0.3' }] },
    },
  ])
  t.end()
})
