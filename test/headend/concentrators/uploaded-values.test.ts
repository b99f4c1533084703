import t from 'tap'
import { dayMs, minuteMs } from '../../../domain/time.js'
import { packValues, placeValues, readValues } from '../../../headend/concentrators/uploaded-values.js'
import type { EnvelopeReading } from '../../../protocols/concentrator/envelope-content.js'
import type { InstalledMeter } from '../../../storage/headend/lines.js'
import { addressOf, firstMidnight } from '../../support/field-world.js'

const at = firstMidnight + minuteMs

function value(dataIdentifier: string, text: string | null, more: Partial<EnvelopeReading> = {}): EnvelopeReading {
  return { meter: '7', dataIdentifier, value: text, rawValue: null, unit: null, time: at, ...more }
}

t.test('the energies of one meter and moment are one register set', (t) => {
  const cases: readonly (readonly [title: string, values: readonly EnvelopeReading[], expected: readonly string[]])[] =
    [
      ['a total', [value('00010000', '12.34')], ['7 123400 - - - -']],
      [
        'with tariffs',
        [value('00010000', '3'), value('00010200', '1.5'), value('00010400', '1.5')],
        ['7 30000 - 15000 - 15000'],
      ],
      ['kWh in words', [value('00010000', '1', { unit: 'kWh' })], ['7 10000 - - - -']],
      ['another unit', [value('00010000', '1', { unit: 'MWh' })], ['value_invalid']],
      ['more decimals than we keep', [value('00010000', '1.00001')], ['value_invalid']],
      ['a negative counter', [value('00010000', '-1')], ['value_invalid']],
      ['one item twice', [value('00010000', '1'), value('00010000', '2')], ['value_invalid']],
      ['nothing', [value('00010000', null)], ['value_absent']],
      ['no time', [value('00010000', '1', { time: null })], ['value_without_time']],
      ['tariffs alone', [value('00010100', '1')], ['total_missing']],
      ['a name that is no address', [value('00010000', '1', { meter: 'cellar' })], ['unknown_meter']],
      ['no name', [value('00010000', '1', { meter: null })], ['unknown_meter']],
      [
        'a voltage beside it',
        [value('00010000', '1'), value('02010100', '230.1')],
        ['7 10000 - - - -', 'unknown_item'],
      ],
      [
        'two meters',
        [value('00010000', '1'), value('00010000', '2', { meter: '8' })],
        ['7 10000 - - - -', '8 20000 - - - -'],
      ],
    ]
  for (const [title, values, expected] of cases) {
    const { sets, problems } = readValues(values)
    const said = sets.map(({ communicationAddress, registers: { totalE4, touE4 } }) =>
      [Number(communicationAddress), totalE4, ...touE4.map((each) => each ?? '-')].join(' '),
    )
    t.same([...said, ...problems], expected, title)
  }
  t.end()
})

t.test('tariffs that cannot make up the total are no set, as far as what is shown can tell', (t) => {
  const meter: InstalledMeter = {
    meterId: 7n,
    lineId: 1n,
    communicationAddress: addressOf(7),
    registerDigits: 6,
    effectiveFrom: firstMidnight,
    effectiveTo: null,
  }
  const cases: readonly (readonly [total: string, tariffs: readonly string[], problems: readonly string[]])[] = [
    ['10.00', ['9999.00', '0', '0', '0'], ['tariffs_contradict_total']],
    ['10.00', ['9999.00'], ['tariffs_contradict_total']],
    ['10.00', ['2.50'], []],
    ['10.00', ['2.50', '2.50', '2.49', '2.49'], []],
    ['10.00', ['2.50', '2.50', '2.49', '2.46'], ['tariffs_contradict_total']],
    ['10', ['3', '3', '2', '1'], []],
    ['10', ['3', '3', '2', '1.25'], ['tariffs_contradict_total']],
  ]
  for (const [total, tariffs, expected] of cases) {
    const { sets } = readValues([
      value('00010000', total),
      ...tariffs.map((text, index) => value(`00010${index + 1}00`, text)),
    ])
    const { placed, problems } = placeValues(sets, () => [meter], at + minuteMs)
    t.same(problems, expected, `${total}: ${tariffs.join(' ')}`)
    t.equal(placed.length, 1 - expected.length)
  }
  t.end()
})

t.test('a set belongs to the meter that was there, and its slice shows that meter alone', (t) => {
  const meter = (ordinal: number): InstalledMeter => ({
    meterId: BigInt(ordinal),
    lineId: 1n,
    communicationAddress: addressOf(ordinal),
    registerDigits: 6,
    effectiveFrom: firstMidnight,
    effectiveTo: null,
  })
  const meters = [meter(7), meter(8)]
  const metersAt = (address: string) => meters.filter(({ communicationAddress }) => communicationAddress === address)
  const { sets } = readValues([
    value('00010000', '1.10'),
    value('00010000', '2', { meter: '8' }),
    value('00010000', '3', { meter: '9' }),
    value('00010000', '4', { time: firstMidnight - 1 }),
    value('00010000', '5', { time: firstMidnight + 500 * dayMs }),
    value('00010000', '1000000', { time: at + 1 }),
  ])
  const { placed, problems } = placeValues(sets, metersAt, at + minuteMs)
  t.same(problems.toSorted(), ['register_too_wide', 'stamp_out_of_range', 'unknown_meter'])
  const frame = packValues(1n, placed, at)
  t.match(frame, {
    protocol: 'mqtt_values',
    meterId: null,
    readings: [{ meterId: 7n, readAt: at, source: 'live' }, { meterId: 8n }],
  })
  const slices = frame?.readings.map(
    ({ slice }) =>
      JSON.parse(
        frame.response.subarray(slice?.offset, (slice?.offset ?? 0) + (slice?.length ?? 0)).toString(),
      ) as object,
  )
  t.same(slices, [
    { meter: addressOf(7), at: new Date(at).toISOString(), kwh: { '00010000': '1.10' } },
    { meter: addressOf(8), at: new Date(at).toISOString(), kwh: { '00010000': '2' } },
  ])
  t.equal(packValues(1n, [], at), null)
  t.end()
})
