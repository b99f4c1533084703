import t from 'tap'
import { clockSkew, isAgreed, isSkewed, mostSkewMs } from '../../domain/clock-skew.js'

const at = Date.parse('2026-07-15T02:00:00Z')

t.test('clocks differ only where it is certain, and agree only where it is certain', async (t) => {
  const table: readonly (readonly [what: string, tookMs: number, aheadMs: number, skewed: boolean, agreed: boolean])[] =
    [
      ['the same time', 0, 0, false, true],
      ['behind by as much as may be', 0, -mostSkewMs, false, false],
      ['behind by more', 0, -mostSkewMs - 2, true, false],
      ['ahead by more', 0, mostSkewMs + 2, true, false],
      ['ahead by more than a slow answer leaves open', 1000, mostSkewMs + 502, true, false],
      ['within what it leaves open', 1000, mostSkewMs + 500, false, false],
    ]
  for (const [what, tookMs, aheadMs, skewed, agreed] of table) {
    const skew = clockSkew({ askedAt: at, answeredAt: at + tookMs }, at + tookMs / 2 - aheadMs)
    t.equal(skew.offsetMs, aheadMs, what)
    t.equal(isSkewed(skew), skewed, what)
    t.equal(isAgreed(skew), agreed, what)
  }
})
