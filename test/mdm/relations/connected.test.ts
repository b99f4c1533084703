import t from 'tap'
import { connected } from '../../../mdm/relations/connected.js'

t.test('points that hang together over any number of links are one group, named by its smallest point', (t) => {
  const groups = connected([
    [9n, 8n],
    [3n, 4n],
    [5n, 4n],
    [8n, 7n],
    [5n, 9n],
    [20n, 21n],
    [30n, 30n],
  ])
  t.same(
    [...groups].toSorted(([a], [b]) => Number(a - b)),
    [
      [3n, 3n],
      [4n, 3n],
      [5n, 3n],
      [7n, 3n],
      [8n, 3n],
      [9n, 3n],
      [20n, 20n],
      [21n, 20n],
      [30n, 30n],
    ],
  )
  t.end()
})
