import t from 'tap'
import { beijing, hourMs, type Instant, type LocalDate } from '../../../domain/time.js'
import { usualFreezeDepth } from '../../../simulators/meter/description.js'
import { createMemory } from '../../../simulators/meter/memory.js'
import type { RegisterSource } from '../../../simulators/meter/register-source.js'
import { planSwitch, setInUse } from '../../../simulators/meter/set-in-use.js'
import { scheduleOf } from '../../../simulators/meter/tariff-schedule.js'

const source: RegisterSource = { registersAt: () => ({ totalE4: 0n, touE4: [0n, 0n, 0n, 0n] }) }
const start = beijing.startOfDay('2026-06-01')
const parameters = {
  '04000205': ['1'],
  '04000801': ['3E'],
  '04000802': ['2'],
  '04010000': ['030101', '110102'],
  '04010001': ['000004', '080002', '220004'],
  '04010002': ['000003'],
  '04020001': ['070002', '230004'],
  '04030001': ['26100102'],
}

function dayOf(date: LocalDate, switchAt: Instant | null = null): string {
  const description = {
    address: '000000000001',
    source,
    energisedFrom: start,
    missedFreezes: new Set<LocalDate>(),
    freezeDepth: usualFreezeDepth,
  }
  const memory = createMemory(description, { passwords: {}, parameters })
  const planned = { ...memory, dayTableSets: planSwitch(memory.dayTableSets, start, switchAt) }
  const slots = scheduleOf(planned, source, start).slotsOn(date)
  return slots.map(({ fromMinute, tariff }) => `${fromMinute / 60}=${tariff}`).join(' ')
}

const noon = beijing.startOfDay('2026-07-01') + 12 * hourMs
const days: readonly (readonly [what: string, date: LocalDate, switchAt: Instant | null, day: string])[] = [
  ['a season', '2026-07-01', null, '0=4 8=2 22=4'],
  ['a season that began last year', '2027-02-26', null, '0=3'],
  ['a rest day', '2026-07-04', null, '0=3'],
  ['a holiday', '2026-10-01', null, '0=3'],
  ['before the other set takes over', '2026-06-30', noon, '0=4 8=2 22=4'],
  ['on the day on which it takes over', '2026-07-01', noon, '0=4 8=2 23=4'],
  ['from then on; the last slot goes on round midnight', '2026-07-02', noon, '0=4 7=2 23=4'],
]

t.test('which register a simulated meter counts follows from all of its tables', async (t) => {
  for (const [what, date, switchAt, day] of days) t.equal(dayOf(date, switchAt), day, what)
})

t.test('a new plan keeps what is in use until then, and one for the past plans nothing', async (t) => {
  const first = { first: 1, switchAt: null } as const
  const planned = planSwitch(first, 10, 20)
  t.same([setInUse(planned, 19), setInUse(planned, 20)], [1, 2])
  t.same(planSwitch(planned, 15, 30), { first: 1, switchAt: 30 })
  t.same(planSwitch(planned, 25, 30), { first: 2, switchAt: 30 }, 'it had taken over')
  t.same(planSwitch(planned, 25, 5), { first: 2, switchAt: null })
})
