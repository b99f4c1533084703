import t from 'tap'
import type { GetRequest } from '../../../protocols/dlt698/apdu.js'
import { encodeApdu } from '../../../protocols/dlt698/encode-apdu.js'
import { elementSuffix, findObject, meterObjects } from '../../../protocols/dlt698/object-catalogue.js'
import {
  attributes,
  frozenAt,
  frozenBetween,
  highPrecision,
  newestRows,
  placeFromNewest,
  readAttributes,
  readNextBlock,
  readRecords,
} from '../../../protocols/dlt698/requests.js'
import { dateTimeSHex, timeText } from '../../../protocols/dlt698/time-texts.js'

const { dailyFreeze, monthlyFreeze, freezeTime, forwardActiveEnergy, reverseActiveEnergy } = attributes

const requests: readonly [what: string, request: GetRequest, apdu: string][] = [
  ['one attribute alone', readAttributes(1, [attributes.address]), '0501014001020000'],
  [
    'several attributes in a list',
    readAttributes(2, [attributes.voltage, attributes.current]),
    '05020202200002002001020000',
  ],
  ['an energy with four decimals', readAttributes(0, [highPrecision(forwardActiveEnergy)]), '0501000010040000'],
  [
    'the daily freeze of a stamp, as the standard’s own example has it',
    readRecords(3, dailyFreeze, frozenAt('2016-01-20T00:00:00'), [freezeTime, forwardActiveEnergy]),
    '05030350040200012021020 01C07E001140000000200202102000000100200 00',
  ],
  [
    'daily freezes of a span',
    readRecords(0, dailyFreeze, frozenBetween('2026-10-03T00:00:00', '2026-10-06T00:00:00'), ['00100201']),
    '050300 50040200 02 20210200 1C07EA0A03000000 1C07EA0A06000000 00 01 0000100201 00',
  ],
  [
    'the freeze before the newest',
    readRecords(4, monthlyFreeze, placeFromNewest(2), [freezeTime, forwardActiveEnergy, reverseActiveEnergy]),
    '050304 50060200 0902 03 0020210200 0000100200 0000200200 00',
  ],
  [
    'the newest three freezes',
    readRecords(4, dailyFreeze, newestRows(3), [freezeTime]),
    '050304 50040200 0A0301 01 0020210200 00',
  ],
  ['the block after the second', readNextBlock(5, 2), '050505000200'],
]

for (const [what, request, apdu] of requests) {
  t.test(`asks for ${what}`, async (t) => {
    t.equal(encodeApdu(request).toString('hex').toUpperCase(), apdu.replaceAll(' ', ''))
  })
}

t.test('knows an object for every attribute that it asks for', async (t) => {
  for (const oad of Object.values(attributes)) t.not(findObject(oad), null, oad)
})

t.test('gives every object one identifier and one name', async (t) => {
  const objects = meterObjects()
  t.equal(new Set(objects.map(({ oi }) => oi)).size, objects.length)
  t.equal(new Set(objects.map(({ name }) => name)).size, objects.length)
  t.same(
    objects.filter(({ oi }) => !/^[\dA-F]{4}$/.test(oi)),
    [],
  )
})

t.test('names elements by their place', async (t) => {
  t.same(
    [0, 1, 2].map((index) => elementSuffix('total_and_tariffs', index)),
    ['Total', 'Tou1', 'Tou2'],
  )
  t.same(
    [0, 1, 2, 3].map((index) => elementSuffix('total_and_phases', index)),
    ['Total', 'A', 'B', 'C'],
  )
  t.same(
    [0, 1, 2].map((index) => elementSuffix('phases', index)),
    ['A', 'B', 'C'],
  )
})

t.test('writes local times and reads them', async (t) => {
  t.equal(dateTimeSHex('2024-02-29T23:59:58'), '07E8021D173B3A')
  t.equal(timeText('date-time-s', '07E8021D173B3A'), '2024-02-29T23:59:58')
  t.equal(timeText('date', '07E8021D04'), '2024-02-29')
  t.equal(timeText('time', '173B3A'), '23:59:58')
  t.equal(timeText('date-time', '07E8021D04173B3A03E7'), '2024-02-29T23:59:58.999')
  t.equal(timeText('date-time', '07E8021D04173B3A03E8'), null)
  t.equal(timeText('date-time-s', '07E8'), null)
  for (const local of ['2023-02-29T00:00:00', '2024-01-01T24:00:00', '2024-01-01']) t.throws(() => dateTimeSHex(local))
})
