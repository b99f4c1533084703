import { invariant, unreachable } from '../../domain/result.js'
import {
  type Column,
  type ColumnRange,
  composedTags,
  type Dlt698Data,
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
  variableTypes,
} from './data.js'

const oadBytes = 4
const dateTimeSBytes = 7

/** Bytes of a value, tag first. */
export function encodeData(data: Dlt698Data): Buffer {
  switch (data.type) {
    case 'null':
      return tagged(composedTags.null)
    case 'array':
    case 'structure':
      return tagged(composedTags[data.type], encodeSequence(data.elements, encodeData))
    case 'bool':
      return tagged(composedTags.bool, Buffer.from([data.value ? 1 : 0]))
    case 'bit-string':
      return tagged(
        composedTags['bit-string'],
        encodeLength(data.bitCount),
        hexBytes(data.hex, Math.ceil(data.bitCount / 8)),
      )
    case 'double-long':
    case 'double-long-unsigned':
    case 'integer':
    case 'long':
    case 'unsigned':
    case 'long-unsigned':
    case 'long64':
    case 'long64-unsigned':
    case 'enum':
      return tagged(integerTypes[data.type].tag, encodeInteger(data.type, data.value))
    case 'float32':
    case 'float64':
    case 'date-time':
    case 'date':
    case 'time':
    case 'date-time-s':
    case 'oi':
    case 'oad':
    case 'omd':
    case 'comdcb':
      return tagged(fixedTypes[data.type].tag, hexBytes(data.hex, fixedTypes[data.type].byteCount))
    case 'octet-string':
    case 'visible-string':
    case 'utf8-string':
    case 'tsa':
    case 'mac':
    case 'rn':
      return tagged(variableTypes[data.type].tag, encodeOctets(data.hex))
    case 'road':
      return tagged(composedTags.road, encodeRoad(data.road))
    case 'ti':
      return tagged(composedTags.ti, encodeTimeInterval(data.interval))
    case 'region':
      return tagged(composedTags.region, encodeRegion(data.region))
    case 'scaler-unit':
      return tagged(composedTags['scaler-unit'], Buffer.from([data.scaler & 0xff, data.unit]))
    case 'rsd':
      return tagged(composedTags.rsd, encodeRowSelector(data.selector))
    case 'csd':
      return tagged(composedTags.csd, encodeColumn(data.column))
    case 'ms':
      return tagged(composedTags.ms, encodeMeterSet(data.meters))
    case 'sid':
      return tagged(composedTags.sid, encodeSecurityId(data.sid))
    case 'sid-mac':
      return tagged(composedTags['sid-mac'], encodeSecurityId(data.sid), encodeOctets(data.mac))
    case 'rcsd':
      return tagged(composedTags.rcsd, encodeSequence(data.columns, encodeColumn))
    default:
      return unreachable(data)
  }
}

export function encodeOad(oad: string): Buffer {
  return hexBytes(oad, oadBytes)
}

/** Bytes whose number stands in front. */
export function encodeOctets(hex: string): Buffer {
  const bytes = hexBytes(hex, hex.length / 2)
  return Buffer.concat([encodeLength(bytes.length), bytes])
}

export function encodeSequence<T>(elements: readonly T[], encodeElement: (element: T) => Buffer): Buffer {
  return Buffer.concat([encodeLength(elements.length), ...elements.map(encodeElement)])
}

export function encodeColumn(column: Column): Buffer {
  return 'road' in column ? tagged(1, encodeRoad(column.road)) : tagged(0, encodeOad(column.oad))
}

export function encodeTimeInterval({ unit, count }: TimeInterval): Buffer {
  return Buffer.concat([Buffer.from([unit]), bigEndian(count, 2)])
}

export function encodeRowSelector(selector: RowSelector): Buffer {
  switch (selector.method) {
    case 0:
      return tagged(0)
    case 1:
      return tagged(1, encodeOad(selector.oad), encodeData(selector.value))
    case 2:
      return tagged(2, encodeRange(selector))
    case 3:
      return tagged(3, encodeSequence(selector.ranges, encodeRange))
    case 4:
    case 5:
      return tagged(selector.method, hexBytes(selector.at, dateTimeSBytes), encodeMeterSet(selector.meters))
    case 6:
    case 7:
    case 8:
      return tagged(
        selector.method,
        hexBytes(selector.from, dateTimeSBytes),
        hexBytes(selector.to, dateTimeSBytes),
        encodeTimeInterval(selector.interval),
        encodeMeterSet(selector.meters),
      )
    case 9:
      return tagged(9, bigEndian(selector.place, 1))
    case 10:
      return tagged(10, bigEndian(selector.newest, 1), encodeMeterSet(selector.meters))
    default:
      return unreachable(selector)
  }
}

/** Bytes of a hexadecimal text of exactly that length. */
export function hexBytes(hex: string, byteCount: number): Buffer {
  invariant(/^[\dA-F]*$/i.test(hex) && hex.length === 2 * byteCount, `not ${byteCount} bytes of hexadecimal: ${hex}`)
  return Buffer.from(hex, 'hex')
}

export function bigEndian(value: number, byteCount: number): Buffer {
  invariant(Number.isInteger(value) && value >= 0 && value < 256 ** byteCount, `${value} has no ${byteCount} bytes`)
  const bytes = Buffer.alloc(byteCount)
  bytes.writeUIntBE(value, 0, byteCount)
  return bytes
}

/** A length of A-XDR in the fewest bytes. */
export function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const byteCount = Math.ceil((32 - Math.clz32(length)) / 8)
  return Buffer.concat([Buffer.from([0x80 + byteCount]), bigEndian(length, byteCount)])
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([tag]), ...parts])
}

function encodeInteger(type: IntegerType, value: bigint): Buffer {
  const { byteCount, signed } = integerTypes[type]
  const bits = 8 * byteCount
  const raw = BigInt.asUintN(bits, value)
  invariant((signed ? BigInt.asIntN(bits, raw) : raw) === value, `${value} is no ${type}`)
  return Buffer.from(raw.toString(16).padStart(2 * byteCount, '0'), 'hex')
}

function encodeRange({ oad, from, to, interval }: ColumnRange): Buffer {
  return Buffer.concat([encodeOad(oad), encodeData(from), encodeData(to), encodeData(interval)])
}

function encodeMeterSet(meters: MeterSet): Buffer {
  const choice = meterSetKinds.indexOf(meters.kind)
  switch (meters.kind) {
    case 'no_meters':
    case 'all_meters':
      return tagged(choice)
    case 'user_types':
      return tagged(
        choice,
        encodeSequence(meters.values, (value) => bigEndian(value, 1)),
      )
    case 'numbers':
      return tagged(
        choice,
        encodeSequence(meters.values, (value) => bigEndian(value, 2)),
      )
    case 'addresses':
      return tagged(choice, encodeSequence(meters.addresses, encodeOctets))
    case 'user_type_regions':
    case 'address_regions':
    case 'number_regions':
      return tagged(choice, encodeSequence(meters.regions, encodeRegion))
    default:
      return unreachable(meters)
  }
}

function encodeRegion({ bounds, start, end }: Region): Buffer {
  return Buffer.concat([Buffer.from([bounds]), encodeData(start), encodeData(end)])
}

function encodeRoad({ oad, columns }: Road): Buffer {
  return Buffer.concat([encodeOad(oad), encodeSequence(columns, encodeOad)])
}

function encodeSecurityId({ identifier, additional }: SecurityId): Buffer {
  return Buffer.concat([hexBytes(identifier, 4), encodeOctets(additional)])
}
