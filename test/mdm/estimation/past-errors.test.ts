import t from 'tap'
import { ownHistory } from '../../../mdm/estimation/methods/own-history.js'
import { forecastErrors, interpolationErrors, ownScores, spreadOf } from '../../../mdm/estimation/past-errors.js'
import { seriesOf } from '../support/estimation-contexts.js'

t.test('errors come from stretches that are known, forecast from what was known before them', async (t) => {
  const { errors } = forecastErrors(seriesOf([10, 10, 13, null, 10, 10], 2), ownHistory, 1)
  t.same(errors.slice(0, 3), [null, 0n, 3_0000n])
  t.same(errors.slice(3, 5), [null, null])
  t.equal(forecastErrors(seriesOf([10], 3), ownHistory, 3).errors.length, 0)
})

t.test('errors of interpolation are shares of the gap’s usage', async (t) => {
  t.same(interpolationErrors(seriesOf([10, 30, 10], 0), 1, 2).errors, [-250_000n, 250_000n])
  t.same(interpolationErrors(seriesOf([0, 0], 0), 1, 2).errors, [null], 'of an empty gap nothing can be learnt')
})

t.test('the class stands in while the point has few errors of its own', async (t) => {
  const own = (errors: readonly (bigint | null)[], days = 1) => spreadOf({ errors, days }, 1000n)
  t.equal(own([]), 1000n)
  t.equal(own([null, null]), 1000n)
  t.equal(own([200n, -200n, 200n, -200n]), 600n)
  t.ok(own(Array.from({ length: 60 }, () => 200n)) < 260n)
  t.equal(own([0n, 0n, 0n, 0n], 4), 800n, 'four days in one stretch are one case')
  t.equal(spreadOf({ errors: [0n], days: 1 }, 0n), 1n, 'never nothing')
})

t.test('scores of stretches that overlap count once, the latest kept', async (t) => {
  t.same(ownScores({ errors: [5n, 9n, -20n, 7n, 10n], days: 2 }, 10n), [-2000n, 500n, 1000n])
})
