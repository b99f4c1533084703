import t from 'tap'
import { uuidOf } from '../../domain/ids.js'
import { createSeededRandom } from '../../domain/seeded-random.js'

t.test('an id is a function of its natural key alone', async (t) => {
  t.equal(uuidOf('case', 1), uuidOf('case', 1))
  t.not(uuidOf('a', 'bc'), uuidOf('ab', 'c'))
  t.match(uuidOf('x'), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

t.test('randomness depends on seed and parts, not on who asked before', async (t) => {
  const [one, other] = [createSeededRandom(1), createSeededRandom(2)]
  const draws = Array.from({ length: 50 }, (_, day) => one.below(1000, 'line', day))
  t.same(
    draws,
    Array.from({ length: 50 }, (_, day) => createSeededRandom(1).below(1000, 'line', day)),
  )
  t.not(JSON.stringify(draws), JSON.stringify(Array.from({ length: 50 }, (_, day) => other.below(1000, 'line', day))))
  t.ok(draws.every((value) => value >= 0 && value < 1000))
  t.throws(() => one.below(0, 'x'), { name: 'InvariantError' })
})
