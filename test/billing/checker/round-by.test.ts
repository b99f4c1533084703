import t from 'tap'
import { roundBy } from '../../../billing/checker/round-by.js'
import { parseRational, show } from '../../../billing/checker/rational.js'
import { present } from '../../../domain/result.js'

t.test('rounds as a version says, away from zero where it says half up', (t) => {
  const table = [
    ['0.125', 'half_up', 2, '0.13'],
    ['-0.125', 'half_up', 2, '-0.13'],
    ['0.124', 'half_up', 2, '0.12'],
    ['0.125', 'half_even', 2, '0.12'],
    ['0.135', 'half_even', 2, '0.14'],
    ['0.1251', 'half_even', 2, '0.13'],
    ['0.121', 'up', 2, '0.13'],
    ['-0.121', 'up', 2, '-0.13'],
    ['0.12', 'up', 2, '0.12'],
    ['0.129', 'down', 2, '0.12'],
    ['145', 'half_up', -1, '150'],
  ] as const
  for (const [value, mode, decimals, expected] of table) {
    const rounded = roundBy(present(parseRational(value), value), { value: { mode, decimals }, path: 'rounding' })
    t.equal(show(rounded), show(present(parseRational(expected), expected)), `${value} ${mode} ${decimals}`)
  }
  const whole = present(parseRational('0.125'), 'a number')
  t.equal(roundBy(whole, { value: undefined, path: '' }), whole, 'as it is where nothing is said')
  t.throws(() => roundBy(whole, { value: { mode: 'nearest', decimals: 2 }, path: 'r' }), /nearest|mode/)
  t.throws(() => roundBy(whole, { value: { mode: 'up', decimals: '2' }, path: 'r' }), /decimals/)
  t.end()
})
