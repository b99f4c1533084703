import fc from 'fast-check'
import t from 'tap'
import { decodeItem, encodeItem, findItem, identifierOf, type ItemName } from '../../../protocols/dlt645/data-items.js'

const midnight = Date.parse('2026-03-01T00:00:00+08:00')

const values: readonly [name: ItemName, payload: string, value: unknown][] = [
  ['forward_active_total', '26000000', { totalE4: 2600n, touE4: [null, null, null, null] }],
  ['forward_active_total', '99999999', { totalE4: 9_999_999_900n, touE4: [null, null, null, null] }],
  [
    'forward_active_block',
    '3429000066070000150600008004000071100000',
    { totalE4: 293400n, touE4: [76600n, 61500n, 48000n, 107100n] },
  ],
  ['forward_active_block', '3429000066070000', { totalE4: 293400n, touE4: [76600n, null, null, null] }],
  ['forward_active_block', '34290000ffffffff15060000', { totalE4: 293400n, touE4: [null, 61500n, null, null] }],
  ['daily_freeze_forward_active', '34290000', { totalE4: 293400n, touE4: [null, null, null, null] }],
  ['daily_freeze_stamp', '0000010326', midnight],
  ['daily_freeze_stamp', '5923290224', Date.parse('2024-02-29T23:59:00+08:00')],
  ['date_and_weekday', '04100518', { date: '2018-05-10', weekday: 4 }],
  ['time_of_day', '550815', 15 * 3600 + 8 * 60 + 55],
  ['status_word_3', '5000', 0x50],
]

for (const [name, payload, value] of values) {
  t.test(`${name} ${payload} goes both ways`, async (t) => {
    const decoded = decodeItem(name, Buffer.from(payload, 'hex'))
    t.strictSame(decoded, { ok: true, value })
    if (decoded.ok) t.equal(encodeItem(name, decoded.value).toString('hex'), payload)
  })
}

const failures: readonly [name: ItemName, payload: string, kind: string][] = [
  ['forward_active_total', 'ffffffff', 'value_absent'],
  ['forward_active_total', '2600000a', 'value_invalid'],
  ['forward_active_total', 'ffffff00', 'value_invalid'],
  ['forward_active_total', '2600000000', 'length_mismatch'],
  ['forward_active_total', '3429000066070000', 'length_mismatch'],
  ['forward_active_block', '', 'length_mismatch'],
  ['forward_active_block', 'ffffffff15060000', 'value_absent'],
  ['forward_active_block', '34290000a6070000', 'value_invalid'],
  ['forward_active_block', '00'.repeat(24), 'more_than_four_tariffs'],
  ['daily_freeze_stamp', 'ffffffffff', 'value_absent'],
  ['daily_freeze_stamp', '0000000000', 'value_absent'],
  ['daily_freeze_stamp', '0000290225', 'value_invalid'],
  ['daily_freeze_stamp', '0024010326', 'value_invalid'],
  ['daily_freeze_stamp', '00000103', 'length_mismatch'],
  ['date_and_weekday', '07100518', 'value_invalid'],
  ['time_of_day', '600815', 'value_invalid'],
  ['status_word_3', 'ffff', 'value_absent'],
  ['status_word_3', '00', 'length_mismatch'],
]

for (const [name, payload, kind] of failures) {
  t.test(`${name} '${payload}' is ${kind}`, async (t) => {
    t.strictSame(decodeItem(name, Buffer.from(payload, 'hex')), { ok: false, error: { kind } })
  })
}

const identifiers: readonly [identifier: string, reference: unknown][] = [
  ['0001FF00', { name: 'forward_active_block', index: 0 }],
  ['00010000', { name: 'forward_active_total', index: 0 }],
  ['05060001', { name: 'daily_freeze_stamp', index: 1 }],
  ['0506013E', { name: 'daily_freeze_forward_active', index: 62 }],
  ['05060100', null],
  ['050601FF', null],
  ['02010100', null],
]

for (const [identifier, reference] of identifiers) {
  t.test(`${identifier} names ${JSON.stringify(reference)}`, async (t) => {
    const found = findItem(identifier)
    t.strictSame(found, reference)
    if (found !== null) t.equal(identifierOf(found.name, found.index), identifier)
  })
}

t.test('never throws on a payload, whatever a line delivers', async (t) => {
  const names = fc.constantFrom(...values.map(([name]) => name))
  const kinds = new Set<string>(['value_absent', 'value_invalid', 'length_mismatch', 'more_than_four_tariffs'])
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(names, fc.uint8Array({ maxLength: 200 }), (name, payload) => {
          const decoded = decodeItem(name, Buffer.from(payload))
          return decoded.ok || kinds.has(decoded.error.kind)
        }),
        { seed: 645, numRuns: 500 },
      ),
    '500 payloads',
  )
})

t.test('a register over 999999.99 kWh cannot be encoded', async (t) => {
  const registers = { totalE4: 10_000_000_000n, touE4: [null, null, null, null] } as const
  t.throws(() => encodeItem('forward_active_total', registers), /999999\.99/)
})
