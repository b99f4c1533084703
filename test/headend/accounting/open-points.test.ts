import t from 'tap'
import { dayMs, hourMs, type Instant } from '../../../domain/time.js'
import { accountDay } from '../../../headend/accounting/account-day.js'
import { defaultAccountSettings, spanOf } from '../../../headend/accounting/account-settings.js'
import { openPoints, type OpenPage, type PageMark } from '../../../headend/accounting/open-points.js'
import { isUnsettled, standingOf } from '../../../headend/accounting/standing.js'
import { gapPoints } from '../../../storage/headend/gap-points.js'
import { movedDuePoints } from '../../../storage/headend/moved-due-points.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { day, factsOf, historySeed, meterCount, midnight, open } from './random-night.js'

t.test('the pages of open points hold each once, whatever a meter owes at one instant', async (t) => {
  const { owner, reader } = await open(t)
  await owner.execute(
    `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
     select meter_id, 'monthly_set', read_at, usage_point_id, line_id, recorded_at, false from due_read`,
  )
  const found: string[] = []
  let behind: PageMark | null = null
  do {
    const page: OpenPage = await openPoints(reader, {
      newest: midnight,
      oldest: midnight - dayMs,
      asOf: null,
      now: midnight + dayMs,
      crew: null,
      behind,
      limit: 7,
    })
    found.push(...page.points.map(({ meterCode, template }) => `${meterCode} ${template}`))
    behind = page.next
  } while (behind !== null)
  t.equal(found.length, 2 * meterCount)
  t.equal(new Set(found).size, found.length)
})

t.test('each point has one state and one cause, and what moved between two instants is listed', async (t) => {
  const { owner, reader } = await open(t)
  for (const { sql, values } of factsOf(historySeed)) await owner.execute(sql, values)
  const stand = async (asOf: Instant) => {
    const points = await gapPoints(reader, spanOf(defaultAccountSettings, { ...day, asOf, now: asOf }))
    const keys = points.map(({ meterCode }) => meterCode)
    t.equal(new Set(keys).size, keys.length, 'no point twice')
    for (const point of points) {
      const { cause, step } = standingOf(point, defaultAccountSettings, asOf)
      t.ok(cause)
      t.equal(step !== null, isUnsettled(point.outcome), 'a step for what is open or held, and only for that')
      if (step !== null) t.ok(step.deadline > midnight)
    }
    return new Map(points.map(({ meterCode, outcome }) => [meterCode, outcome]))
  }
  const [early, late] = [midnight + 20 * hourMs, midnight + 6 * dayMs]
  const [before, after] = [await stand(early), await stand(late)]
  const moved = await movedDuePoints(reader, spanOf(defaultAccountSettings, { ...day, asOf: early, now: early }), late)
  const expected = Array.from({ length: meterCount }, (_, index) => `meter-${index + 1}`).flatMap((meterCode) => {
    const [was, is] = [before.get(meterCode) ?? 'first_pass', after.get(meterCode) ?? 'first_pass']
    return was === is ? [] : [`${meterCode} ${was} ${is}`]
  })
  t.ok(expected.length > 5)
  t.same(moved.map((each) => `${each.meterCode} ${each.before} ${each.after}`).toSorted(), expected.toSorted())
})

t.test('an estimated register settles the registers of a midnight, no curve and no demand', async (t) => {
  const { owner, reader } = await open(t)
  for (const template of ['curve_day', 'monthly_set', 'noted_registers'])
    await owner.execute(
      `insert into due_read (meter_id, template, read_at, usage_point_id, line_id, recorded_at, daily)
       select meter_id, $1, read_at, usage_point_id, line_id, recorded_at, false from due_read where meter_id = 1 and template = 'daily_freeze'`,
      [template],
    )
  const at = toTimestamptz(midnight + dayMs)
  await owner.execute(
    `insert into validation_decision (meter_id, quantity, read_at, revision, verdict, total_e4, rules, reason, recorded_at)
     values (1, 1, $1, 1, 'estimated', 1, '{}', '', $2)`,
    [toTimestamptz(midnight), at],
  )
  await owner.execute(
    `insert into field_order (field_order_id, meter_id, usage_point_id, read_at, grid_cell_id, cause, due_at, recorded_at)
     select gen_random_uuid(), 1, usage_point_id, $1, grid_cell_id, 'no_reply', $2, $2 from usage_point where usage_point_id = 1`,
    [toTimestamptz(midnight), at],
  )
  const asOf = midnight + 2 * dayMs
  const points = await gapPoints(reader, spanOf(defaultAccountSettings, { ...day, asOf, now: asOf }))
  t.same(
    points
      .filter(({ meterId }) => meterId === 1n)
      .map(({ template, outcome, fieldOrder }) => `${template} ${outcome} ${fieldOrder !== null}`),
    [
      'curve_day open false',
      'daily_freeze estimated false',
      'monthly_set open false',
      'noted_registers estimated false',
    ],
  )
  const plain = await reader.query(
    `select count(*)::integer as estimated from due_read d
      where d.template in ('daily_freeze', 'noted_registers')
        and exists (select from validation_decision v where v.meter_id = d.meter_id and v.read_at = d.read_at and v.verdict = 'estimated')`,
  )
  const { total, noted } = await accountDay(reader, { ...day, asOf, now: asOf }, 'line')
  t.match(plain, [{ estimated: total.estimated + noted.estimated }])
})
