import t from 'tap'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { carrierOf, covers, schedulesFor } from '../../../headend/plan/plan-coverage.js'
import type { PlanGroup } from '../../../headend/plan/plan-document.js'
import type { LineSubject } from '../../../storage/headend/plan-subjects.js'

const line: LineSubject = {
  lineId: 1n,
  code: 'bus-1',
  kind: 'dlt645_tcp',
  timeZone: 'Asia/Shanghai',
  organisations: ['city', 'county'],
  areas: ['TQ-1', 'TQ-2'],
  models: ['a'],
  meters: 3,
}

t.test('a group covers a line for which all its conditions hold', async (t) => {
  const cases: readonly (readonly [string, Omit<PlanGroup, 'name'>, boolean])[] = [
    ['no condition', {}, true],
    ['its kind', { kinds: ['dlt645_tcp', 'modbus_tcp'] }, true],
    ['another kind', { kinds: ['modbus_tcp'] }, false],
    ['an organisation above', { organisations: ['city'] }, true],
    ['another organisation', { organisations: ['county-2'] }, false],
    ['its code', { lines: ['bus-1'] }, true],
    ['one of its areas', { areas: ['TQ-2', 'TQ-9'] }, true],
    ['no model of its', { models: ['b'] }, false],
    ['one condition of two', { lines: ['bus-1'], models: ['b'] }, false],
  ]
  for (const [name, group, expected] of cases) t.equal(covers({ name: 'group', ...group }, line), expected, name)
})

t.test('the built-in plan has one schedule for each kind of line', async (t) => {
  for (const [kind, name] of [
    ['dlt645_tcp', 'freezes-of-buses'],
    ['dlt645_serial', 'freezes-of-buses'],
    ['modbus_tcp', 'registers-of-gateways'],
    ['modbus_rtu_tcp', 'registers-of-gateways'],
    ['modbus_rtu_serial', 'registers-of-gateways'],
    ['mqtt_concentrator', 'uploads-of-concentrators'],
  ] as const)
    t.same(
      schedulesFor(defaultPlan, 'daily_freeze', { ...line, kind }).map((each) => each.name),
      [name],
    )
})

t.test('a line belongs to the first carrier whose group covers it', async (t) => {
  const carriers = [
    { name: 'mobile', group: 'rural', lines: 2 },
    { name: 'telecom', group: 'buses', lines: 9 },
  ]
  const plan = {
    ...defaultPlan,
    groups: [...defaultPlan.groups, { name: 'rural', areas: ['TQ-2'] }],
    limits: { ...defaultPlan.limits, carriers },
  }
  t.equal(carrierOf(plan, line), 'mobile')
  t.equal(carrierOf(plan, { ...line, areas: ['TQ-3'] }), 'telecom')
  t.equal(carrierOf(plan, { ...line, areas: [], kind: 'modbus_tcp' }), null)
})
