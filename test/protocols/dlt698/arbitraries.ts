import fc from 'fast-check'
import { record } from '../support/plain-record.js'
import type {
  Answer,
  Apdu,
  Ask,
  Denial,
  ObjectResult,
  OptionalPart,
  RecordResult,
  TimeTag,
} from '../../../protocols/dlt698/apdu.js'
import {
  type Column,
  type ColumnRange,
  type Dlt698Data,
  fixedTypes,
  type IntegerType,
  integerTypes,
  type MeterSet,
  type Region,
  type RowSelector,
  type TimeInterval,
  variableTypes,
} from '../../../protocols/dlt698/data.js'

const byte = fc.nat({ max: 0xff })
const word = fc.nat({ max: 0xffff })

function hex(bytes: number): fc.Arbitrary<string> {
  return hexBetween(bytes, bytes)
}

function hexBetween(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase())
}

export const oads = hex(4)
const octets = fc.oneof({ weight: 9, arbitrary: hexBetween(0, 12) }, { weight: 1, arbitrary: hexBetween(120, 300) })
const intervals: fc.Arbitrary<TimeInterval> = record({ unit: byte, count: word })
const roads = record({ oad: oads, columns: fc.array(oads, { maxLength: 3 }) })
export const columns: fc.Arbitrary<Column> = fc.oneof(record({ oad: oads }), record({ road: roads }))
const sids = record({ identifier: hex(4), additional: octets })

const integers: fc.Arbitrary<Dlt698Data> = fc
  .constantFrom(...(Object.keys(integerTypes) as IntegerType[]))
  .chain((type) => {
    const { byteCount, signed } = integerTypes[type]
    const span = 1n << BigInt(8 * byteCount)
    const bounds = signed ? { min: -span / 2n, max: span / 2n - 1n } : { min: 0n, max: span - 1n }
    return fc.bigInt(bounds).map((value) => ({ type, value }))
  })

const fixed: fc.Arbitrary<Dlt698Data> = fc
  .constantFrom(...(Object.keys(fixedTypes) as (keyof typeof fixedTypes)[]))
  .chain((type) => hex(fixedTypes[type].byteCount).map((text) => ({ type, hex: text })))

const variable: fc.Arbitrary<Dlt698Data> = fc
  .constantFrom(...(Object.keys(variableTypes) as (keyof typeof variableTypes)[]))
  .chain((type) => octets.map((text) => ({ type, hex: text })))

const bits: fc.Arbitrary<Dlt698Data> = fc
  .nat({ max: 40 })
  .chain((bitCount) => hex(Math.ceil(bitCount / 8)).map((text) => ({ type: 'bit-string', bitCount, hex: text })))

/** Values nested three deep at most, every type among them. */
export const dataValues: fc.Arbitrary<Dlt698Data> = fc.letrec<{ data: Dlt698Data }>((tie) => ({
  data: fc.oneof(
    { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
    fc.constant<Dlt698Data>({ type: 'null' }),
    integers,
    fixed,
    variable,
    bits,
    record({ type: fc.constant('bool' as const), value: fc.boolean() }),
    record({ type: fc.constant('road' as const), road: roads }),
    record({ type: fc.constant('ti' as const), interval: intervals }),
    record({ type: fc.constant('scaler-unit' as const), scaler: fc.integer({ min: -128, max: 127 }), unit: byte }),
    record({ type: fc.constant('csd' as const), column: columns }),
    record({ type: fc.constant('sid' as const), sid: sids }),
    record({ type: fc.constant('sid-mac' as const), sid: sids, mac: octets }),
    record({ type: fc.constant('rcsd' as const), columns: fc.array(columns, { maxLength: 3 }) }),
    record({
      type: fc.constantFrom('array' as const, 'structure' as const),
      elements: fc.array(tie('data'), { maxLength: 4 }),
    }),
    record({ type: fc.constant('region' as const), region: regionsOf(tie('data')) }),
    record({ type: fc.constant('ms' as const), meters: meterSetsOf(tie('data')) }),
    record({ type: fc.constant('rsd' as const), selector: selectorsOf(tie('data')) }),
  ),
})).data

function regionsOf(data: fc.Arbitrary<Dlt698Data>): fc.Arbitrary<Region> {
  return record({ bounds: byte, start: data, end: data })
}

function meterSetsOf(data: fc.Arbitrary<Dlt698Data>): fc.Arbitrary<MeterSet> {
  return fc.oneof(
    record({ kind: fc.constantFrom('no_meters' as const, 'all_meters' as const) }),
    record({ kind: fc.constant('user_types' as const), values: fc.array(byte, { maxLength: 3 }) }),
    record({ kind: fc.constant('numbers' as const), values: fc.array(word, { maxLength: 3 }) }),
    record({ kind: fc.constant('addresses' as const), addresses: fc.array(octets, { maxLength: 3 }) }),
    record({
      kind: fc.constantFrom('user_type_regions' as const, 'address_regions' as const, 'number_regions' as const),
      regions: fc.array(regionsOf(data), { maxLength: 2 }),
    }),
  )
}

function rangesOf(data: fc.Arbitrary<Dlt698Data>): fc.Arbitrary<ColumnRange> {
  return record({ oad: oads, from: data, to: data, interval: data })
}

function selectorsOf(data: fc.Arbitrary<Dlt698Data>): fc.Arbitrary<RowSelector> {
  return fc.oneof(
    record({ method: fc.constant(0 as const) }),
    record({ method: fc.constant(1 as const), oad: oads, value: data }),
    rangesOf(data).map((range) => ({ method: 2 as const, ...range })),
    record({ method: fc.constant(3 as const), ranges: fc.array(rangesOf(data), { maxLength: 2 }) }),
    record({ method: fc.constantFrom(4 as const, 5 as const), at: hex(7), meters: meterSetsOf(data) }),
    record({
      method: fc.constantFrom(6 as const, 7 as const, 8 as const),
      from: hex(7),
      to: hex(7),
      interval: intervals,
      meters: meterSetsOf(data),
    }),
    record({ method: fc.constant(9 as const), place: byte }),
    record({ method: fc.constant(10 as const), newest: byte, meters: meterSetsOf(data) }),
  )
}

const denials: fc.Arbitrary<Denial> = record({ kind: fc.constant('denied' as const), dar: byte })
const results: fc.Arbitrary<ObjectResult> = record({
  oad: oads,
  outcome: fc.oneof(denials, record({ kind: fc.constant('data' as const), data: dataValues })),
})
export const records: fc.Arbitrary<RecordResult> = fc.array(columns, { minLength: 1, maxLength: 3 }).chain((chosen) =>
  record({
    oad: oads,
    columns: fc.constant(chosen),
    outcome: fc.oneof(
      denials,
      record({
        kind: fc.constant('rows' as const),
        rows: fc.array(fc.array(dataValues, { minLength: chosen.length, maxLength: chosen.length }), { maxLength: 3 }),
      }),
    ),
  }),
)

const queries = record({ oad: oads, rows: selectorsOf(dataValues), columns: fc.array(columns, { maxLength: 3 }) })
const asks: fc.Arbitrary<Ask> = fc.oneof(
  record({ kind: fc.constant('normal' as const), oad: oads }),
  record({ kind: fc.constant('normal_list' as const), oads: fc.array(oads, { maxLength: 3 }) }),
  record({ kind: fc.constant('record' as const), query: queries }),
  record({ kind: fc.constant('record_list' as const), queries: fc.array(queries, { maxLength: 2 }) }),
  record({ kind: fc.constant('next' as const), block: word }),
)
const resultSets = record({ kind: fc.constant('results' as const), results: fc.array(results, { maxLength: 3 }) })
const recordSets = record({ kind: fc.constant('records' as const), records: fc.array(records, { maxLength: 2 }) })
const answers: fc.Arbitrary<Answer> = fc.oneof(
  record({ kind: fc.constant('normal' as const), result: results }),
  record({ kind: fc.constant('normal_list' as const), results: fc.array(results, { maxLength: 3 }) }),
  record({ kind: fc.constant('record' as const), record: records }),
  record({ kind: fc.constant('record_list' as const), records: fc.array(records, { maxLength: 2 }) }),
  record({
    kind: fc.constant('next' as const),
    last: fc.boolean(),
    block: word,
    part: fc.oneof(denials, resultSets, recordSets),
  }),
)
const timeTags: fc.Arbitrary<OptionalPart<TimeTag>> = fc.oneof(
  fc.constant(null),
  record({ sentAt: hex(7), allowedDelay: intervals }),
)
const followReports = fc.oneof(fc.constant(null), resultSets, recordSets)
const buffers = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
const sealed = record({ kind: fc.constantFrom('plain' as const, 'cipher' as const), bytes: buffers })

/** Every message that we build. */
export const apdus: fc.Arbitrary<Apdu> = fc.oneof(
  record({
    kind: fc.constant('link_request' as const),
    piid: byte,
    action: fc.constantFrom('login' as const, 'heartbeat' as const, 'logout' as const),
    heartbeatSeconds: word,
    requestedAt: hex(10),
  }),
  record({
    kind: fc.constant('link_response' as const),
    piid: byte,
    result: byte,
    requestedAt: hex(10),
    receivedAt: hex(10),
    respondedAt: hex(10),
  }),
  record({ kind: fc.constant('get_request' as const), piid: byte, ask: asks, timeTag: timeTags }),
  record({
    kind: fc.constant('get_response' as const),
    piid: byte,
    answer: answers,
    followReport: followReports,
    timeTag: timeTags,
  }),
  record({
    kind: fc.constant('forward_request' as const),
    piid: byte,
    port: oads,
    settings: hex(5),
    replyWaitSeconds: word,
    byteWaitMs: word,
    inner: buffers,
    timeTag: timeTags,
  }),
  record({
    kind: fc.constant('forward_response' as const),
    piid: byte,
    port: oads,
    outcome: fc.oneof(denials, record({ kind: fc.constant('bytes' as const), inner: buffers })),
    followReport: followReports,
    timeTag: timeTags,
  }),
  record({ kind: fc.constant('security_request' as const), sealed, verification: buffers }),
  record({
    kind: fc.constant('security_response' as const),
    sealed: fc.oneof(denials, sealed),
    verification: buffers,
  }),
)
