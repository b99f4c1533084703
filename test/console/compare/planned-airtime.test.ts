import t from 'tap'
import { type PlannedLine, plannedAirtime } from '../../../console/compare/planned-airtime.js'
import { parseLine } from '../../../headend/line-settings.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import type { CollectionPlan } from '../../../headend/plan/plan-document.js'

function bus(lineId: bigint, meters: number): PlannedLine {
  const settings = { host: 'h', port: 1, baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }
  const row = {
    line_id: lineId,
    code: `bus-${lineId}`,
    kind: 'dlt645_tcp',
    settings,
    time_zone: 'Asia/Shanghai',
  } as const
  const parsed = parseLine(row)
  if (!parsed.ok) throw new Error(parsed.error.message)
  const models = Array.from({ length: meters }, () => 'dlt645')
  const place = { organisations: ['county'], areas: ['area'], models: ['dlt645'] }
  const subject = { lineId, code: row.code, kind: row.kind, timeZone: row.time_zone, ...place, meters }
  return { line: parsed.value, subject, models }
}

const late = { opensMinutes: 90, closesMinutes: 420, passesMinutes: [90] }
const withSets: CollectionPlan = {
  ...defaultPlan,
  templates: [
    ...defaultPlan.templates,
    { name: 'months', reads: 'monthly_set' },
    { name: 'curves', reads: 'curve', curve: 'load_energy' },
  ],
  groups: [...defaultPlan.groups, { name: 'rs485', kinds: ['dlt645_tcp'] }],
  schedules: [
    ...defaultPlan.schedules,
    { name: 'm', template: 'months', group: 'rs485', every: { unit: 'month', onDay: 1 }, window: late, catchUp: true },
    { name: 'c', template: 'curves', group: 'rs485', every: { unit: 'day' }, window: late, catchUp: true },
  ],
}

await t.test('the airtime of every set is computed by what is read, kind of line and window', async (t) => {
  const buses = [bus(1n, 4), bus(2n, 8)]
  const rows = plannedAirtime(withSets, buses)
  t.same(
    rows.map(({ reads, kind, window, lines, points }) => [reads, kind, window, lines, points].join(' · ')),
    [
      'curve load_energy · dlt645_tcp · day 01:30–07:00 · 2 · 12',
      'daily_freeze · dlt645_tcp · day 00:05–06:00 · 2 · 12',
      'monthly_set · dlt645_tcp · month 01:30–07:00 · 2 · 12',
    ],
  )
  for (const { airtimeMs, busiestMs, reads } of rows)
    t.ok(Math.abs(airtimeMs - busiestMs * 1.5) < 3, `${reads}: the line of eight takes two thirds`)
  const [curves, freezes] = rows.map(({ airtimeMs }) => airtimeMs)
  t.ok((curves ?? 0) > 10 * (freezes ?? 0), 'a day of a curve takes many times its freeze')
  t.same(plannedAirtime(defaultPlan, buses), [rows[1]], 'the built-in plan reads freezes alone')
})
