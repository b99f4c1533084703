import t from 'tap'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { dayMs, type Instant } from '../../../domain/time.js'
import { reviseTimeline, type Segment, segmentAt } from '../../../domain/timeline.js'
import { importRegistry } from '../../../mdm/registry/import-registry.js'
import { readBelief } from '../../../storage/registry/as-of.js'
import { insertRegistryRows } from '../../../storage/registry/tables.js'
import { importSmallUtility, openBooks, openedUtility, stamp } from '../../mdm/support/small-utility.js'
import { withDatabase } from '../../support/database.js'
import { plantApprovers } from '../../support/people.js'

const seed = 5
const start = Date.parse('2026-07-01T00:00:00+08:00')
const days = 12
const day = (number: number): Instant => start + number * dayMs

interface Revision<V> {
  readonly recordedAt: Instant
  readonly segments: readonly Segment<V>[]
}

t.test('asks of every day what was believed on every day, and hears what replaying the changes says', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const random = createSeededRandom(seed)
  for (const [code, pointId] of [
    ['point-1', 1n],
    ['point-2', 2n],
  ] as const) {
    // Revision 1 of the small utility holds from the beginning of the year, recorded before the story.
    const history: Revision<number>[] = [
      {
        recordedAt: stamp.recordedAt,
        segments: [{ from: Date.parse('2026-01-01T00:00:00+08:00'), to: null, value: 1 }],
      },
    ]
    for (let change = 1; change <= 14; change++) {
      const from = random.below(days, code, change, 'from')
      const value = random.below(4, code, change, 'gap') === 0 ? null : change + 1
      const to =
        random.below(2, code, change, 'open') === 0 ? null : day(from + 1 + random.below(5, code, change, 'days'))
      const last = history.at(-1)
      if (last === undefined) throw new Error('a first revision')
      // Several changes may be recorded at one instant; the later revision holds.
      const recordedAt = Math.max(last.recordedAt, day(Math.floor((change * days) / 15)))
      const segments = reviseTimeline(last.segments, { from: day(from), to, value })
      if (segments.length === 0) continue
      history.push({ recordedAt, segments })
      const rows = segments.map((segment) => ({
        usage_point_id: pointId,
        revision: history.length,
        effective_from: segment.from,
        effective_to: segment.to,
        ct_ratio: segment.value,
        pt_ratio: 1,
        recorded_at: recordedAt,
        actor_id: 'manager-1',
        reason: `change ${change}`,
      }))
      await insertRegistryRows(mdm, 'multiplier_timeline', rows)
    }
    for (let known = -1; known <= days; known++)
      for (let at = -1; at <= days; at++) {
        const believed = history.findLast(({ recordedAt }) => recordedAt <= day(known))
        const expected = believed === undefined ? null : segmentAt(believed.segments, day(at))
        const facts = await readBelief(mdm, 'usage_point', code, { knownAt: day(known), at: day(at) })
        const multiplier = facts.find(({ aspect }) => aspect === 'multiplier')
        const answer =
          multiplier === undefined
            ? null
            : [multiplier.value['ctRatio'], multiplier.from, multiplier.to, multiplier.revision]
        const wanted =
          expected === null || believed === undefined
            ? null
            : [expected.value, expected.from, expected.to, history.indexOf(believed) + 1]
        t.same(answer, wanted, `${code}: known ${known}, true ${at}, seed ${seed}`)
      }
  }
})

t.test('tells of usage point, account and meter who recorded what, when and why', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  t.match(await importRegistry(mdm, openedUtility(), stamp), { ok: true })
  await plantApprovers(database.as('owner'), ['auditor-1', 'auditor-2'])
  await openBooks(database, ['auditor-1', 'auditor-2'])
  const belief = { knownAt: start, at: start }
  const aspects = async (kind: 'usage_point' | 'account' | 'meter', code: string) =>
    (await readBelief(mdm, kind, code, belief)).map(({ aspect }) => aspect)
  t.same(await aspects('usage_point', 'point-3'), ['agreement', 'installation', 'multiplier'])
  t.same(await aspects('account', 'account-3'), ['agreement', 'contact', 'opening'])
  const [installed] = await readBelief(mdm, 'meter', 'meter-3', belief)
  t.match(installed, {
    value: { usagePoint: 'point-3', line: 'line-1', multiplier: 10 },
    actor: 'system',
    reason: 'registry import',
    revision: 1,
  })
  t.same(
    await readBelief(mdm, 'meter', 'meter-3', { ...belief, knownAt: start - dayMs }),
    [],
    'before anybody recorded it',
  )
})
