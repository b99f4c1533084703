import t from 'tap'
import { builtInErrors } from '../../../mdm/estimation/built-in-errors.js'
import { defaultEstimationPolicy } from '../../../mdm/estimation/default-policy.js'
import { errorClassOf } from '../../../mdm/estimation/error-classes.js'
import { methodNames } from '../../../mdm/estimation/policy-document.js'

const { document } = defaultEstimationPolicy

t.test('the longest length that is no longer than the gap speaks, else the shortest', async (t) => {
  const cases: readonly (readonly [number, number])[] = [
    [1, 1],
    [4, 3],
    [6, 5],
    [31, 7],
  ]
  for (const [days, expected] of cases)
    t.equal(errorClassOf(document, 'residential', 'own_history', days).days, expected)
  t.equal(errorClassOf(document, 'residential', 'interpolation', 1).days, 2)
})

t.test('errors that a policy carries go before the built-in ones', async (t) => {
  const scores = Array.from({ length: 20 }, (_, place) => place)
  const own = { ...document, errors: { commercial: { own_history: [{ days: 1, usual: 90, scores }] } } }
  t.same(errorClassOf(own, 'commercial', 'own_history', 3).usual, 90n)
  t.equal(errorClassOf(own, 'commercial', 'peer_profile', 3).days, 3)
  t.equal(errorClassOf(own, 'residential', 'own_history', 3).days, 3)
})

t.test('the built-in errors are in order, for every method', async (t) => {
  for (const method of methodNames)
    for (const { days, scores, usual } of builtInErrors[method]) {
      t.same(
        scores,
        scores.toSorted((a, b) => a - b),
        `${method} ${days}`,
      )
      t.ok(scores.length === 40 && usual > 0)
    }
})
