import t from 'tap'
import { spread } from '../../../mdm/relations/spread.js'

t.test('a total lies as the other point lies, and its registers add up', (t) => {
  t.same(spread(100n, [600n, 0n, 300n, 200n, 100n]), [100n, 0n, 50n, 33n, 17n])
  t.same(spread(100n, [600n, 0n, 0n, 0n, 0n]), [100n, 0n, 0n, 0n, 0n], 'no registers by time of use')
  t.same(spread(0n, [600n, 0n, 300n, 200n, 100n]), [0n, 0n, 0n, 0n, 0n])
  t.end()
})
