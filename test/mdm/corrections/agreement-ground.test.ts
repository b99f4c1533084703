import t from 'tap'
import { agreementGround } from '../../../mdm/corrections/agreement-ground.js'

const stretch = (from: number, to: number | null) => ({ from, to, value: {} })

t.test('a change of an agreement is taken back by itself only where the account goes on before and after it', (t) => {
  const cases = [
    ['the last change', [stretch(0, 5), stretch(5, null)], true],
    ['a change that a later one followed', [stretch(0, 5), stretch(5, 8), stretch(8, null)], true],
    ['the account begins', [stretch(5, null)], false],
    ['the account ends', [stretch(0, 5)], false],
  ] as const
  for (const [title, segments, expected] of cases) t.equal(agreementGround(segments, 5).ok, expected, title)
  t.end()
})
