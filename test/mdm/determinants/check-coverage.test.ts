import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { checkCoverage } from '../../../mdm/determinants/check-coverage.js'
import type { SegmentRow } from '../../../storage/mdm/freeze-segments.js'
import { midnight } from '../support/small-utility.js'
import { wholeJuly } from './support.js'

t.test('meters and multipliers are known without a gap, or the account is held', (t) => {
  const half = midnight(16)
  const first = wholeJuly({ endAt: half })
  const second = wholeJuly({ startAt: half })
  const days = Array.from({ length: 17 }, (_, day) =>
    wholeJuly({ startAt: midnight(day + 1), endAt: midnight(day + 2) }),
  )
  const cases: readonly [string, readonly SegmentRow[], string | null][] = [
    ['one segment', [wholeJuly()], null],
    ['two segments', [first, second], null],
    ['no meter', [wholeJuly({ meter: null })], 'no_installation'],
    ['no multiplier', [wholeJuly({ multiplier: null })], 'no_multiplier'],
    ['no meter at first', [second], 'installation_gap'],
    ['no meter at last', [first], 'installation_gap'],
    ['no meter for an hour', [first, { ...second, startAt: half + hourMs }], 'installation_gap'],
    ['more segments than a determinant keeps', days, 'too_many_segments'],
  ]
  for (const [title, rows, expected] of cases) {
    const covered = checkCoverage(rows, midnight(1), midnight(32))
    t.equal(covered.ok ? null : covered.error.kind, expected, title)
  }
  t.end()
})
