import t from 'tap'
import { touTablesDigest, touTablesSchema } from '../../../domain/tou-tables.js'
import { beijing, hourMs, minuteMs } from '../../../domain/time.js'
import { readTouTables } from '../../../headend/reading-sets/read-tou-tables.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'
import { writeFields } from '../../../protocols/dlt645/field.js'
import { findDataItem } from '../../../protocols/dlt645/catalogue/catalogue.js'
import { formsOf } from '../../../protocols/dlt645/data-item.js'
import { present } from '../../../domain/result.js'
import { openSetLine, setMeter } from '../../support/set-line.js'

const noon = beijing.startOfDay('2026-07-20') + 12 * hourMs
const usualDay = [
  { fromMinute: 0, tariff: 4 },
  { fromMinute: 480, tariff: 2 },
  { fromMinute: 1320, tariff: 4 },
]

/** A meter with two seasons, a holiday, rest days and a second set. */
const loaded = {
  '04000201': ['2'],
  '04000203': ['3'],
  '04000205': ['2'],
  '04000801': ['3E'],
  '04000802': ['2'],
  '04010000': ['020101', '110102'],
  '04010001': ['000004', '080002', '220004'],
  '04010002': ['000004', '080003', '220004'],
  '04020000': ['010101'],
  '04020001': ['000003', '120001'],
  '04030001': ['26100102'],
  '04000107': ['2026-08-01T00:00'],
}

/** An item with the credentials to write it. */
function withPassword(item: string, texts: readonly string[]): Buffer {
  const form = formsOf(present(findDataItem('2007', item), item).layout).find(({ length }) => length === texts.length)
  return Buffer.concat([
    Buffer.from('0200000001000000', 'hex'),
    present(writeFields(present(form, 'a form'), texts), 'texts'),
  ])
}

t.test('a meter that nobody has loaded tells how it left the factory', async (t) => {
  const { line } = await openSetLine(t, noon, [{}])
  const { values, problems } = await readTouTables(line, setMeter(1))
  t.same(problems, [])
  t.match(values, [
    {
      kind: 'tou_tables',
      tables: {
        counts: { zones: 14, dayTables: 2, daySlots: 14, tariffs: 4, holidays: 0 },
        sets: [{ zones: [{ from: '01-01', dayTable: 1 }] }, { zones: [{ from: '01-01', dayTable: 1 }] }],
        holidays: [],
        rest: { weekdays: [], dayTable: 1 },
        absent: [],
      },
      use: { zoneTable: 1, dayTableSet: 1, zoneSwitchAt: null, daySwitchAt: null },
    },
  ])
  const [value] = values
  t.same(value?.tables.sets[0].dayTables, [usualDay, usualDay])
  t.doesNotThrow(() => touTablesSchema.parse(value?.tables))
})

t.test('both sets, holidays, rest days and the planned change-over are read as they were loaded', async (t) => {
  const { line } = await openSetLine(t, noon, [{ habits: { parameters: loaded } }])
  const { values, problems } = await readTouTables(line, setMeter(1))
  t.same(problems, [])
  const [value] = values
  t.same(value?.tables.sets[0].zones, [
    { from: '02-01', dayTable: 1 },
    { from: '11-01', dayTable: 2 },
  ])
  t.same(value?.tables.sets[1].dayTables[0], [
    { fromMinute: 0, tariff: 3 },
    { fromMinute: 720, tariff: 1 },
  ])
  t.same(value?.tables.holidays, [{ date: '2026-10-01', dayTable: 2 }], 'a place that was never filled is none')
  t.same(value?.tables.rest, { weekdays: [0, 6], dayTable: 2 })
})

t.test('the set in use changes over by the meter’s own clock, and nothing else does', async (t) => {
  const { line, until, tell } = await openSetLine(t, noon, [{ habits: { clock: { offsetMs: 10 * minuteMs } } }])
  await tell('write', '04000107', withPassword('04000107', ['2026-07-20T13:00']))
  await until(noon + 45 * minuteMs)
  const before = await readTouTables(line, setMeter(1))
  await until(noon + 55 * minuteMs)
  const after = await readTouTables(line, setMeter(1))
  const switchAt = noon + hourMs
  t.match(before.values[0]?.use, { zoneTable: 1, dayTableSet: 1, daySwitchAt: switchAt })
  t.match(
    after.values[0]?.use,
    { zoneTable: 1, dayTableSet: 2, daySwitchAt: switchAt },
    'its clock is ten minutes ahead',
  )
  const [one, other] = [before, after].map(({ values }) => present(values[0], 'tables').tables)
  t.same(touTablesDigest(present(one, 'one')), touTablesDigest(present(other, 'other')))
})

t.test('items that a meter does not have are states of its tables', async (t) => {
  const { line } = await openSetLine(t, noon, [{ habits: { unknownItems: ['040008..', '0402....', '04000107'] } }])
  const { values, problems } = await readTouTables(line, setMeter(1))
  const missing = ['04000801', '04000802', '04020000', '04020001', '04020002', '04000107']
  t.same(
    values[0]?.tables.absent,
    missing.map((item) => ({ item, cause: 'no_such_data' })),
  )
  t.same(problems.length, missing.length)
  t.match(values[0]?.tables, { rest: null, sets: [{ zones: [{}] }, { zones: null, dayTables: [null, null] }] })
})

t.test('a number that a meter does not tell is that of the standard', async (t) => {
  const { line } = await openSetLine(t, noon, [{ habits: { unknownItems: ['04000202'] } }])
  const { values } = await readTouTables(line, setMeter(1))
  t.equal(values[0]?.tables.sets[0].dayTables.length, 8)
})

t.test('a table that is none is said to be none, and its bytes are kept aside', async (t) => {
  const { line } = await openSetLine(t, noon, [{ habits: { parameters: { '04010001': ['250004'] } } }])
  const { values, problems } = await readTouTables(line, setMeter(1))
  t.match(problems, [{ dataIdentifier: '04010001', cause: 'invalid_value' }])
  t.not(problems[0]?.frame, null)
  t.same(values[0]?.tables.sets[0].dayTables[0], null)
})

t.test('the evidence decodes to every item that was asked for', async (t) => {
  const { line } = await openSetLine(t, noon, [{ habits: { parameters: loaded } }])
  const { values } = await readTouTables(line, setMeter(1))
  const report = inspectStream(present(values[0], 'tables').evidence.frame.response)
  t.ok(report.ok)
  if (report.ok) t.equal(report.frames.length, 18)
})

t.test('tables of which something was lost on the way are none', async (t) => {
  const { line, clock } = await openSetLine(t, noon, [{}], {
    outages: [{ from: noon + 2000, to: noon + hourMs }],
  })
  const { values, problems } = await readTouTables(line, setMeter(1))
  t.ok(clock.now() > noon)
  t.same(values, [])
  t.ok(problems.length > 0)
})

t.test('the 1997 edition is not asked', async (t) => {
  const { line, bus } = await openSetLine(t, noon, [{ habits: { edition: '1997' } }])
  t.match(await readTouTables(line, setMeter(1, '1997')), { values: [], problems: [{ cause: 'no_such_data' }] })
  t.equal(bus.counters().requests, 0)
})
