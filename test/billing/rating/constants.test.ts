import t from 'tap'
import { constantOf } from '../../../billing/rating/constants.js'
import { parseRational } from '../../../domain/rational.js'

t.test('a text is the number that it is, however often and after however many others it is asked', async (t) => {
  const texts = ['0.5769', '5/12', 'energy', '-1', '1/0']
  const asked = () => texts.map(constantOf)
  const first = asked()
  t.same(first, texts.map(parseRational))
  for (let other = 0; other < 20_000; other += 1) constantOf(`${other}.5`)
  t.same(asked(), first)
})
