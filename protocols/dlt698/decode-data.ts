import { err, ok, type Result, unreachable } from '../../domain/result.js'
import { type ApduError, type ByteReader, createByteReader } from './byte-reader.js'
import {
  type Column,
  type ColumnRange,
  composedTags,
  type Dlt698Data,
  type FixedType,
  fixedTypes,
  type IntegerType,
  integerTypes,
  type MeterSet,
  meterSetKinds,
  type Region,
  type Road,
  type RowSelector,
  type SecurityId,
  type TimeInterval,
  type VariableType,
  variableTypes,
} from './data.js'

/** Meters nest four deep; more is noise or malice. */
const maxDepth = 16
const absent: Dlt698Data = { type: 'null' }
const oadBytes = 4
const dateTimeSBytes = 7

/** Reads exactly one value with nothing behind it. */
export function decodeData(bytes: Uint8Array): Result<Dlt698Data, ApduError> {
  const reader = createByteReader(Buffer.from(bytes))
  const data = readData(reader)
  if (reader.failure === null && reader.remaining > 0) reader.fail('apdu_bytes_left_over')
  return reader.failure === null ? ok(data) : err(reader.failure)
}

export function readData(reader: ByteReader, depth = 0): Dlt698Data {
  if (depth > maxDepth) {
    reader.fail('apdu_nested_too_deep')
    return absent
  }
  const read = readers.get(reader.unsigned(1))
  if (read !== undefined) return read(reader, depth)
  reader.fail('apdu_choice_unknown')
  return absent
}

export function readOad(reader: ByteReader): string {
  return reader.hex(oadBytes)
}

export function readOctets(reader: ByteReader): string {
  return reader.hex(reader.length())
}

export function readSequence<T>(reader: ByteReader, readElement: (reader: ByteReader) => T): readonly T[] {
  const elements: T[] = []
  for (let left = reader.count(); left > 0 && reader.failure === null; left -= 1) elements.push(readElement(reader))
  return elements
}

export function readColumn(reader: ByteReader): Column {
  switch (reader.unsigned(1)) {
    case 0:
      return { oad: readOad(reader) }
    case 1:
      return { road: readRoad(reader) }
    default:
      reader.fail('apdu_choice_unknown')
      return { oad: '' }
  }
}

export function readTimeInterval(reader: ByteReader): TimeInterval {
  return { unit: reader.unsigned(1), count: reader.unsigned(2) }
}

export function readRowSelector(reader: ByteReader, depth = 0): RowSelector {
  const method = reader.unsigned(1)
  switch (method) {
    case 0:
      return { method }
    case 1:
      return { method, oad: readOad(reader), value: readData(reader, depth + 1) }
    case 2:
      return { method, ...readRange(reader, depth + 1) }
    case 3:
      return { method, ranges: readSequence(reader, () => readRange(reader, depth + 1)) }
    case 4:
    case 5:
      return { method, at: reader.hex(dateTimeSBytes), meters: readMeterSet(reader, depth + 1) }
    case 6:
    case 7:
    case 8:
      return {
        method,
        from: reader.hex(dateTimeSBytes),
        to: reader.hex(dateTimeSBytes),
        interval: readTimeInterval(reader),
        meters: readMeterSet(reader, depth + 1),
      }
    case 9:
      return { method, place: reader.unsigned(1) }
    case 10:
      return { method, newest: reader.unsigned(1), meters: readMeterSet(reader, depth + 1) }
    default:
      reader.fail('apdu_choice_unknown')
      return { method: 0 }
  }
}

function readRange(reader: ByteReader, depth: number): ColumnRange {
  return {
    oad: readOad(reader),
    from: readData(reader, depth),
    to: readData(reader, depth),
    interval: readData(reader, depth),
  }
}

function readMeterSet(reader: ByteReader, depth: number): MeterSet {
  const kind = meterSetKinds[reader.unsigned(1)]
  if (kind === undefined) {
    reader.fail('apdu_choice_unknown')
    return { kind: 'no_meters' }
  }
  switch (kind) {
    case 'no_meters':
    case 'all_meters':
      return { kind }
    case 'user_types':
      return { kind, values: readSequence(reader, () => reader.unsigned(1)) }
    case 'numbers':
      return { kind, values: readSequence(reader, () => reader.unsigned(2)) }
    case 'addresses':
      return { kind, addresses: readSequence(reader, readOctets) }
    case 'user_type_regions':
    case 'address_regions':
    case 'number_regions':
      return { kind, regions: readSequence(reader, () => readRegion(reader, depth)) }
    default:
      return unreachable(kind)
  }
}

function readRegion(reader: ByteReader, depth: number): Region {
  return { bounds: reader.unsigned(1), start: readData(reader, depth + 1), end: readData(reader, depth + 1) }
}

function readRoad(reader: ByteReader): Road {
  return { oad: readOad(reader), columns: readSequence(reader, readOad) }
}

function readSecurityId(reader: ByteReader): SecurityId {
  return { identifier: reader.hex(4), additional: readOctets(reader) }
}

function readBitString(reader: ByteReader): Dlt698Data {
  const bitCount = reader.length()
  return { type: 'bit-string', bitCount, hex: reader.hex(Math.ceil(bitCount / 8)) }
}

function readInteger(reader: ByteReader, type: IntegerType): Dlt698Data {
  const { byteCount, signed } = integerTypes[type]
  const raw = BigInt(`0x${reader.hex(byteCount) || '0'}`)
  return { type, value: signed ? BigInt.asIntN(8 * byteCount, raw) : raw }
}

type ReadValue = (reader: ByteReader, depth: number) => Dlt698Data

const composed: { readonly [T in keyof typeof composedTags]: ReadValue } = {
  null: () => absent,
  array: (reader, depth) => ({ type: 'array', elements: readSequence(reader, () => readData(reader, depth + 1)) }),
  structure: (reader, depth) => ({
    type: 'structure',
    elements: readSequence(reader, () => readData(reader, depth + 1)),
  }),
  bool: (reader) => ({ type: 'bool', value: reader.unsigned(1) !== 0 }),
  'bit-string': readBitString,
  road: (reader) => ({ type: 'road', road: readRoad(reader) }),
  ti: (reader) => ({ type: 'ti', interval: readTimeInterval(reader) }),
  region: (reader, depth) => ({ type: 'region', region: readRegion(reader, depth) }),
  'scaler-unit': (reader) => ({
    type: 'scaler-unit',
    scaler: (reader.unsigned(1) << 24) >> 24,
    unit: reader.unsigned(1),
  }),
  rsd: (reader, depth) => ({ type: 'rsd', selector: readRowSelector(reader, depth) }),
  csd: (reader) => ({ type: 'csd', column: readColumn(reader) }),
  ms: (reader, depth) => ({ type: 'ms', meters: readMeterSet(reader, depth) }),
  sid: (reader) => ({ type: 'sid', sid: readSecurityId(reader) }),
  'sid-mac': (reader) => ({ type: 'sid-mac', sid: readSecurityId(reader), mac: readOctets(reader) }),
  rcsd: (reader) => ({ type: 'rcsd', columns: readSequence(reader, readColumn) }),
}

const readers: ReadonlyMap<number, ReadValue> = new Map<number, ReadValue>([
  ...namesOf(composedTags).map((type) => [composedTags[type], composed[type]] as const),
  ...namesOf(integerTypes).map(
    (type: IntegerType) => [integerTypes[type].tag, (reader: ByteReader) => readInteger(reader, type)] as const,
  ),
  ...namesOf(fixedTypes).map(
    (type: FixedType) =>
      [
        fixedTypes[type].tag,
        (reader: ByteReader): Dlt698Data => ({ type, hex: reader.hex(fixedTypes[type].byteCount) }),
      ] as const,
  ),
  ...namesOf(variableTypes).map(
    (type: VariableType) =>
      [variableTypes[type].tag, (reader: ByteReader): Dlt698Data => ({ type, hex: readOctets(reader) })] as const,
  ),
])

function namesOf<T extends object>(table: T): readonly (keyof T)[] {
  return Object.keys(table) as (keyof T)[]
}
