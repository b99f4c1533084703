import t from 'tap'
import { nearestTexts } from '../../domain/nearest-texts.js'

t.test('codes that may have been meant come nearest first, in any case, and no others', (t) => {
  const known = ['sd-residential-tou', 'sd-residential', 'sd-industrial', 'line-1', 'line-2', 'X1']
  const cases: readonly [written: string, near: readonly string[]][] = [
    ['sd-residental-tou', ['sd-residential-tou', 'sd-residential']],
    ['LINE-1', ['line-1', 'line-2']],
    ['x2', ['X1']],
    ['quite another', []],
    ['', []],
  ]
  for (const [written, near] of cases) t.same(nearestTexts(written, known), near, written)
  t.end()
})
