import t from 'tap'
import { present } from '../../../domain/result.js'
import { crewResults } from '../../../simulators/utility/field-crew.js'
import { describeUtility } from '../../../simulators/utility/describe-utility.js'
import { masterDataOf } from '../../../simulators/utility/master-data.js'
import { meterStaysOf, stayOf } from '../../../simulators/utility/meter-registers.js'
import { registryChangesOf } from '../../../simulators/utility/registry-changes.js'
import { at } from '../../../simulators/utility/story-calendar.js'

const county = describeUtility({ seed: 1 })
const endpoint = { host: '127.0.0.1', port: 10_001 }
const lines = new Map(county.lines.map(({ code }) => [code, endpoint]))
const document = masterDataOf(county, { lines, broker: { host: '127.0.0.1', port: 10_002 } })

t.test('master data knows every device, account and person of the county', async (t) => {
  const counts = Object.fromEntries(Object.entries(document).map(([list, entries]) => [list, entries.length]))
  t.same(counts, {
    actors: 15,
    organisations: 1,
    gridCells: 5,
    transformerAreas: 5,
    lines: 5,
    meters: 304,
    usagePoints: 304,
    customers: 304,
    accounts: 304,
    installations: 304,
    multipliers: 304,
    agreements: 304,
    contacts: 912,
    openingBatches: 1,
    openingItems: 304,
  })
})

t.test('lines are described as the head-end needs them', async (t) => {
  const settings = new Map(document.lines.map((line) => [line.code, line.settings]))
  t.match(settings.get('line-1'), { host: '127.0.0.1', port: 10_001, baud: 2400 })
  t.same(settings.get('gateway-1'), endpoint)
  t.same(settings.get('concentrator-1'), {
    brokerUrl: 'mqtt://127.0.0.1:10002',
    uploadTopic: 'metering/concentrator-1/up',
    receiptTopic: 'metering/concentrator-1/receipt',
  })
})

t.test('telephone numbers and mailboxes belong to nobody', async (t) => {
  for (const { channel, address } of document.contacts)
    t.match(address, channel === 'email' ? /^user\d{4}@example\.invalid$/ : /^0000000\d{4}$/)
})

t.test('the exchange is noted in display registers, the transfer names the new customer', async (t) => {
  const [exchange, transfer] = registryChangesOf(county)
  t.equal(exchange?.recordedAt, at('2026-07-16', 18))
  t.match(exchange?.change, {
    kind: 'meter_exchange',
    at: '2026-07-16T10:00:00+08:00',
    stopRegisters: { total: /^\d+\.\d{2}$/, tou1: '0.00', tou3: '0.00' },
    startRegisters: { total: '0.36', tou1: '0.00', tou2: '0.15', tou3: '0.00', tou4: '0.21' },
  })
  t.equal(transfer?.recordedAt, at('2026-07-18', 9))
  t.match(transfer?.change, {
    kind: 'account_transfer',
    at: '2026-07-18T00:00:00+08:00',
    account: { code: 'A0305', customer: 'C0305' },
    customer: { name: '用户 0305', kind: 'residential' },
    contacts: [{ channel: 'sms' }, { channel: 'voice' }, { channel: 'email' }],
  })
})

t.test('the crew reads frozen values even where the module is dead, but none where no freeze was taken', async (t) => {
  const meterAt = (usagePoint: string) =>
    present(
      county.points.find((point) => point.usagePoint === usagePoint),
      usagePoint,
    ).meter.entry.code
  const dead = meterAt(county.faults.deadModule.usagePoint)
  const noSupply = meterAt(county.faults.noSupply.usagePoint)
  const results = crewResults(county, [
    { fieldOrderId: '1', meterCode: dead, readAt: at('2026-08-01') },
    { fieldOrderId: '2', meterCode: noSupply, readAt: at('2026-07-20') },
    { fieldOrderId: '3', meterCode: noSupply, readAt: at('2026-07-21') },
  ])
  const shown = (meterCode: string, day: string) => stayOf(meterStaysOf(county), meterCode).registersAt(at(day))
  t.match(results, [
    { fieldOrderId: '1', outcome: 'read', registers: shown(dead, '2026-08-01') },
    { fieldOrderId: '2', outcome: 'not_accessible' },
    { fieldOrderId: '3', outcome: 'read', registers: shown(noSupply, '2026-07-21') },
  ])
})
