import t from 'tap'
import { createSegmentPlanner } from '../../../billing/runs/plan-segments.js'

/** Accounts of each shard as first-last. */
function shardsOf(tariffs: readonly string[], limit: number, curveCodes: readonly string[]): readonly string[] {
  const planner = createSegmentPlanner(limit, curveCodes)
  for (const [index, code] of tariffs.entries()) planner.take(BigInt(index + 1), code)
  return planner.finish().map(({ firstAccountId, lastAccountId }) => `${firstAccountId}-${lastAccountId}`)
}

t.test('shards hold so many accounts, and fewer where months of intervals are their inputs', (t) => {
  const [plain, spot] = [Array.from({ length: 45 }, () => 'plain'), Array.from({ length: 45 }, () => 'spot')]
  const cases = [
    ['registers', plain, [], ['1-20', '21-40', '41-45']],
    ['curves', spot.slice(0, 5), ['spot'], ['1-2', '3-4', '5-5']],
    ['both', [...plain.slice(0, 12), 'spot', ...plain.slice(0, 3)], ['spot'], ['1-13', '14-16']],
    ['nobody', [], ['spot'], []],
  ] as const
  for (const [title, tariffs, curveCodes, expected] of cases) t.same(shardsOf(tariffs, 20, curveCodes), expected, title)
  t.end()
})
