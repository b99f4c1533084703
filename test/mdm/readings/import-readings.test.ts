import t from 'tap'
import { dayMs, hourMs } from '../../../domain/time.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { importReadings, type ReadingsImport } from '../../../mdm/readings/import-readings.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
import { runValidation } from '../../../mdm/validation/run-validation.js'
import { registerFields } from '../../../storage/mdm/judge-staged-readings.js'
import type { JudgedLine, StagedRow } from '../../../storage/mdm/staged-readings.js'
import { findOpenExceptions } from '../../../storage/mdm/open-exceptions.js'
import { withDatabase } from '../../support/database.js'
import { importSmallUtility, midnight, meterEntry, registers, store } from '../support/small-utility.js'

const now = midnight(40)
const iso = (instant: number) => new Date(instant).toISOString()
const total = (kwh: number) => ({
  totalE4: BigInt(Math.round(kwh * 100)) * 100n,
  touE4: [null, null, null, null] as const,
})

/** `meter`, `point` or `meter@point`, local midnight of July, kWh. */
function rowsOf(lines: readonly (readonly [string, number, number])[]): readonly StagedRow[] {
  return lines.map(([name, day, kwh], index) => {
    const [meter = '', usagePoint = meter] = name.startsWith('point') ? ['', name] : name.split('@')
    return {
      sheet: 0,
      line: index + 2,
      meter: meter === '' ? null : meter,
      usagePoint: usagePoint === meter ? null : usagePoint,
      readAt: midnight(day),
      document: 'book 7',
      reader: null,
      values: [{ quantity: 1, registers: total(kwh) }],
    }
  })
}

t.test('readings of a file become claims, once, and the rules judge them as any other', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const take = async (lines: readonly (readonly [string, number, number])[], more: Partial<ReadingsImport> = {}) => {
    const told: JudgedLine[] = []
    const done = await importReadings(mdm, {
      batches: (async function* () {
        yield { rows: rowsOf(lines), faults: [] }
      })(),
      fields: registerFields({ forward_active_energy: ['total', 'tou1', 'tou2', 'tou3', 'tou4'] }),
      actor: 'crew-1',
      now,
      acceptGoodRows: false,
      dryRun: false,
      onLines: (some) => told.push(...some),
      ...more,
    })
    const said = told.map(({ outcome, faults }) =>
      [outcome, ...faults.map(({ field, code }) => `${field} ${code}`)].join(' '),
    )
    return { ...done, said }
  }
  const stored = async () => (await mdm.query<{ n: number }>('select count(*)::integer as n from manual_reading'))[0]?.n

  const good = [
    ['meter-1', 1, 1000],
    ['point-2', 1, 500],
    ['meter-1@point-1', 32, 1090],
  ] as const
  t.match(await take(good, { dryRun: true }), {
    isAccepted: true,
    added: 0,
    validation: null,
    said: ['taken', 'taken', 'taken'],
  })
  t.equal(await stored(), 0, 'a dry run writes nothing')
  t.match(await take(good), { added: 3, validation: { accepted: 3, held: [] } })
  t.match(await take(good), { added: 0, validation: { accepted: 0, held: [] }, said: ['exists', 'exists', 'exists'] })
  t.match(await take([...good, good[0]]), { added: 0, said: ['exists', 'exists', 'exists', 'exists'] })
  t.match(await mdm.query('select origin, by_whom, document from decision_origin order by meter_id, read_at limit 1'), [
    { origin: 'imported', by_whom: 'crew-1', document: 'book 7' },
  ])

  const bad = [
    ['meter-9', 2, 1],
    ['meter-1@point-2', 2, 1001],
    ['meter-2', -400, 1],
    ['meter-2', 60, 1],
    ['meter-2', 3, 12_345_678],
    ['meter-3', 3, 7],
    ['meter-3', 3, 8],
    ['meter-2', 4, 505],
  ] as const
  const faults = [
    'refused meter unknown_code',
    'refused usagePoint not_installed_then',
    'refused at not_installed_then',
    'refused at still_to_come',
    'refused total does_not_fit_display',
    'refused total described_in_two_ways',
    'refused total described_in_two_ways',
  ]
  t.match(await take(bad), { isAccepted: false, added: 0, validation: null, said: [...faults, 'held_back'] })
  t.match(await take(bad, { acceptGoodRows: true }), { isAccepted: true, added: 1, said: [...faults, 'taken'] })
  const wholeSheet = { sheet: 0, line: 0, field: '', code: 'unknown_column', found: '倍率', expected: '' }
  const withSheetFault = {
    acceptGoodRows: true,
    batches: (async function* () {
      yield { rows: rowsOf([['meter-3', 5, 9]]), faults: [wholeSheet] }
    })(),
  }
  t.match(await take([], withSheetFault), {
    isAccepted: false,
    added: 0,
    sheetFaults: [wholeSheet],
    said: ['held_back'],
  })

  await store(database, [{ meterId: 3n, readAt: midnight(6), registers: registers(100_00) }])
  await runValidation(mdm, { from: midnight(6), to: midnight(7), now })
  t.match(await take([['meter-3', 6, 100]], { now: now + hourMs }), { said: ['taken'], validation: { held: [] } })
  const other = await take([['meter-3', 6, 101]], { now: now + 2 * hourMs })
  t.match(other, { said: ['beside  another_claim'], validation: { held: [{ rules: ['disputed'] }] } })
  t.match(await mdm.query('select total_e4, source from reading where meter_id = 3'), [
    { total_e4: 100_0000n, source: 1 },
  ])
  await openExceptions(mdm, { actor: 'system', now: now + 3 * hourMs })
  t.match(await findOpenExceptions(mdm, now + 3 * hourMs), [{ kind: 'held_reading', meterCode: 'meter-3' }])

  const exchange = {
    kind: 'meter_exchange',
    usagePoint: 'point-1',
    at: iso(midnight(34)),
    oldMeter: 'meter-1',
    newMeter: meterEntry('meter-8', '000000000008'),
    stopRegisters: { total: '1100' },
    startRegisters: { total: '0' },
    document: 'sheet 8',
  }
  const changed = await applyRegistryChange(mdm, exchange, { actor: 'manager-1', recordedAt: now + 3 * hourMs })
  t.ok(changed.ok, JSON.stringify(changed))
  const lines = [
    ['point-1', 34, 1100],
    ['point-1', 35, 3],
    ['meter-1', 35, 1103],
    ['meter-8', 36, 6],
  ] as const
  t.match(await take(lines, { now: now + 4 * hourMs, acceptGoodRows: true }), {
    added: 2,
    said: ['refused meter two_meters_then', 'taken', 'refused at not_installed_then', 'taken'],
  })
})

t.test('old weeks get their partitions, and nothing is asked of weeks before the first meter', async (t) => {
  const database = await withDatabase(t)
  await importSmallUtility(database)
  const mdm = database.as('mdm')
  const days = Array.from({ length: 60 }, (_, index) => ['meter-1', index - 150, 100 + index] as const)
  const done = await importReadings(mdm, {
    batches: (async function* () {
      yield { rows: rowsOf([...days, ['meter-1', -4000, 1]]), faults: [] }
    })(),
    fields: registerFields({ forward_active_energy: ['total'] }),
    actor: 'crew-1',
    now,
    acceptGoodRows: true,
    dryRun: false,
    onLines: () => undefined,
  })
  t.match(done, { added: 60, validation: { held: [] } })
  t.equal((midnight(-91) - midnight(-150)) / dayMs, 59)
})
