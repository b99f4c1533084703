import t from 'tap'
import { areaLoss, lossE4 } from '../../../mdm/losses/area-loss.js'
import { builtInLossPolicy } from '../../../mdm/losses/loss-policy.js'
import { lossRate, soldShares } from '../../../mdm/losses/loss-rate.js'
import { defaultValidationPolicy } from '../../../mdm/validation/built-in-policy.js'
import type { DaySegment } from '../../../storage/mdm/area-losses.js'
import { midnight } from '../support/small-utility.js'

type Shown = number | 'held' | 'missing' | 'estimated'

/** A point whose register went from 0 to so many kWh; what its end shows otherwise. */
function segment(
  role: DaySegment['role'],
  usagePointId: bigint,
  end: Shown,
  multiplier: number | null = 1,
): DaySegment {
  const kwh = end === 'estimated' ? 10 : end
  const boundary =
    typeof kwh === 'number'
      ? { verdict: end === 'estimated' ? 'estimated' : 'accepted', totalE4: BigInt(kwh) * 10_000n }
      : { verdict: 'held', totalE4: null }
  return {
    areaId: 1n,
    usagePointId,
    role,
    meter: { meterId: usagePointId, model: 'm', registerDigits: 6, registerDecimals: 2 },
    multiplier,
    start: { readAt: midnight(1), verdict: 'accepted', totalE4: 0n },
    end: end === 'missing' ? null : { readAt: midnight(2), ...boundary },
  }
}

t.test('loss, rate and verdict of a day, by hand', (t) => {
  const supply = segment('supply', 1n, 50, 4)
  const cases: readonly [
    string,
    readonly DaySegment[],
    bigint | null,
    readonly [loss: string | null, rate: string | null, verdict: string],
  ][] = [
    ['in band', [supply, segment('sold', 2n, 190)], null, ['10', '5.00', 'in_band']],
    ['above the threshold', [supply, segment('sold', 2n, 179)], null, ['21', '10.50', 'above']],
    ['above the usual loss of the area', [supply, segment('sold', 2n, 189)], 390n, ['11', '5.50', 'above']],
    ['a little above it', [supply, segment('sold', 2n, 190)], 390n, ['10', '5.00', 'in_band']],
    ['a gain', [supply, segment('sold', 2n, 206)], null, ['-6', '-3.00', 'negative']],
    ['a gain within what meters err', [supply, segment('sold', 2n, 201)], null, ['-1', '-0.50', 'in_band']],
    [
      'what flowed back is not lost',
      [supply, segment('returned', 1n, 20, 1), segment('sold', 2n, 175)],
      null,
      ['5', '2.78', 'in_band'],
    ],
    [
      'a meter that counts one way',
      [supply, { ...segment('returned', 1n, 'missing'), start: null }, segment('sold', 2n, 195)],
      null,
      ['5', '2.50', 'in_band'],
    ],
    [
      'what was fed in was sold, too',
      [supply, segment('sold', 2n, 210), segment('fed_in', 2n, 20)],
      null,
      ['10', '4.55', 'in_band'],
    ],
    [
      'a sold point is held',
      [supply, segment('sold', 2n, 100), segment('sold', 3n, 'held')],
      null,
      ['100', '50.00', 'incomplete'],
    ],
    [
      'a gain with a point missing',
      [supply, segment('sold', 2n, 210), segment('sold', 3n, 'missing')],
      null,
      ['-10', '-5.00', 'negative'],
    ],
    [
      'no multiplier',
      [supply, segment('sold', 2n, 190), segment('sold', 3n, 1, null)],
      null,
      ['10', '5.00', 'incomplete'],
    ],
    ['the supply is held', [segment('supply', 1n, 'held'), segment('sold', 2n, 10)], null, [null, null, 'unknown']],
    [
      'the supply is an estimate',
      [segment('supply', 1n, 'estimated'), segment('sold', 2n, 10)],
      null,
      [null, null, 'unknown'],
    ],
    [
      'no meter at the supply point',
      [{ ...supply, meter: null, start: null, end: null }],
      null,
      [null, null, 'unknown'],
    ],
    ['two supplies', [supply, segment('supply', 9n, 100), segment('sold', 2n, 290)], null, ['10', '3.33', 'in_band']],
    ['nothing', [segment('supply', 1n, 0)], null, ['0', null, 'in_band']],
  ]
  for (const [title, segments, usualE4, expected] of cases) {
    const figures = areaLoss(segments, usualE4, builtInLossPolicy, defaultValidationPolicy)
    const loss = lossE4(figures)
    t.same([loss === null ? null : String(loss / 10_000n), lossRate(figures), figures.verdict], expected, title)
  }
  t.end()
})

t.test('the share of the sold side that rests on estimates, and the points that are missing', (t) => {
  const segments = [
    segment('supply', 1n, 50),
    segment('sold', 2n, 30),
    segment('sold', 3n, 'estimated'),
    segment('sold', 4n, 'missing'),
    segment('fed_in', 2n, 'missing'),
  ]
  const figures = areaLoss(segments, null, builtInLossPolicy, defaultValidationPolicy)
  t.match(figures, { soldE4: 40_0000n, estimatedE4: 10_0000n, soldPoints: 3, estimatedPoints: 1, missingPoints: 2 })
  t.same(soldShares(figures), { estimatedPercent: '25.00', missingPercent: '66.67' })
  t.same(soldShares({ ...figures, soldE4: 0n, soldPoints: 0 }), { estimatedPercent: '0.00', missingPercent: '0.00' })
  t.end()
})
