import t from 'tap'
import { rememberEach } from '../../domain/remember.js'

t.test('computes once for each object, and again for one that is merely like it', async (t) => {
  let computed = 0
  const doubled = rememberEach(({ value }: { readonly value: number }) => ({ value: 2 * value, number: ++computed }))
  const one = { value: 7 }
  t.same(doubled(one), { value: 14, number: 1 })
  t.equal(doubled(one), doubled(one))
  t.same(doubled({ value: 7 }), { value: 14, number: 2 })
})

t.test('what could not be computed is asked for again', async (t) => {
  let asked = 0
  const refusing = rememberEach(() => {
    asked += 1
    if (asked === 1) throw new Error('not yet')
    return { asked }
  })
  const key = {}
  t.throws(() => refusing(key), /not yet/)
  t.same(refusing(key), { asked: 2 })
  t.same(refusing(key), { asked: 2 })
})
