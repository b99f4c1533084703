import t from 'tap'
import { shares } from '../../../mdm/relations/shares.js'

t.test('定比: each register is split by itself, and the giver keeps what is left', (t) => {
  const parent = [1_000n, 0n, 601n, 399n, 0n] as const
  t.same(shares(parent, [250_000n, 100_000n]), [
    [250n, 0n, 150n, 100n, 0n],
    [100n, 0n, 60n, 40n, 0n],
  ])
  t.same(shares(parent, [1_000_000n]), [parent], 'all of it')
  t.same(
    shares([1n, 0n, 0n, 0n, 0n], [500_000n]),
    [[1n, 0n, 0n, 0n, 0n]],
    'the earlier one of two equals gets the unit',
  )
  t.equal(shares(parent, [600_000n, 400_001n]), null, 'more than the whole')
  t.same(shares(parent, []), [])
  t.end()
})
