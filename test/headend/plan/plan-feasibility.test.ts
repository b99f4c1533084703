import t from 'tap'
import { minuteMs } from '../../../domain/time.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { planFeasibility } from '../../../headend/plan/plan-feasibility.js'
import type { CollectionPlan, PlanSchedule, PlanTemplate } from '../../../headend/plan/plan-document.js'
import { withDatabase } from '../../support/database.js'
import { firstMidnight, plantRegistry } from '../../support/field-world.js'

const rtu = { host: 'h', port: 1, baud: 2400, replyTimeoutMs: 1000, requestGapMs: 50 }
const bus = { ...rtu, wakeUpBytes: 4 }
const meters = (count: number, from: number) => Array.from({ length: count }, (_, index) => from + index)

const templates: readonly PlanTemplate[] = [
  { name: 'freezes', reads: 'daily_freeze' },
  { name: 'further', reads: 'daily_freeze', quantities: ['reverse_active_energy'] },
  { name: 'months', reads: 'monthly_set' },
  { name: 'curves', reads: 'curve', curve: 'load_energy' },
  { name: 'clocks', reads: 'clock' },
]

await t.test('each window is measured against each line that it covers and whose bus we see', async (t) => {
  const databases = await withDatabase(t)
  await plantRegistry(databases.as('owner'), [
    { lineId: 1, code: 'bus', kind: 'dlt645_tcp', settings: bus, meters: meters(30, 1) },
    { lineId: 2, code: 'old', kind: 'dlt645_tcp', settings: bus, meters: meters(30, 31), model: 'of-1997' },
    { lineId: 3, code: 'rtu', kind: 'modbus_rtu_tcp', settings: rtu, meters: meters(5, 61) },
    { lineId: 4, code: 'gateway', kind: 'modbus_tcp', settings: { host: 'h', port: 2 }, meters: meters(5, 66) },
    { lineId: 5, code: 'bare', kind: 'dlt645_tcp', settings: bus, meters: [] },
  ])
  const feasibility = async (closesMinutes: number) => {
    const schedule = (template: string): PlanSchedule => ({
      name: template,
      template,
      group: 'all',
      every: template === 'months' ? { unit: 'reading_day' } : { unit: 'day' },
      window: { opensMinutes: 5, closesMinutes, passesMinutes: [5] },
      catchUp: true,
    })
    const plan: CollectionPlan = {
      ...defaultPlan,
      templates: [...templates],
      groups: [{ name: 'all' }],
      schedules: templates.map(({ name }) => schedule(name)),
      models: { 'of-1997': { edition: '1997' } },
    }
    const lines = await planFeasibility(databases.as('reader'), plan, firstMidnight)
    return new Map(lines.map((each) => [`${each.line} ${each.schedule}`, each]))
  }

  const wide = await feasibility(1000)
  t.same(
    [...wide].map(([key, { jobs, unfitJobs }]) => `${key} ${jobs} ${unfitJobs}`),
    [
      'bus freezes 30 0',
      'bus further 60 0',
      'bus months 30 0',
      'bus curves 30 0',
      'bus clocks 30 0',
      'old freezes 30 0',
      'old further 30 0',
      'old months 30 0',
      'old clocks 30 0',
      'rtu freezes 5 0',
      'rtu further 5 0',
    ],
  )
  const told = (key: string) => wide.get(key)?.predictedMs ?? 0
  t.ok(told('bus further') > told('bus freezes'))
  t.ok(told('bus curves') > told('bus months') && told('bus months') > told('bus clocks') && told('bus clocks') > 0)

  const narrow = await feasibility(6)
  for (const [key, { windowMs, predictedMs, unfitJobs, missingMs }] of narrow) {
    t.equal(windowMs, minuteMs)
    t.equal(unfitJobs > 0, predictedMs > windowMs, key)
    t.equal(unfitJobs > 0, missingMs > 0, key)
  }
  t.ok((narrow.get('bus curves')?.unfitJobs ?? 0) > 20)
})
