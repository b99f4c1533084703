import { invariant, unreachable } from '../domain/result.js'
import type { Instant, LocalDate } from '../domain/time.js'
import { dayMs } from '../domain/time.js'
import { arrayHeaderBytes, copySignature, CopyWriter, int2Oid, int4Oid, int8Oid } from './copy-writer.js'

/** Column types of a binary COPY and the values they carry; every column may also be null. Arrays have one dimension. */
export interface CopyTypes {
  readonly bool: boolean
  readonly int2: number
  readonly int4: number
  readonly int8: bigint
  readonly text: string
  readonly jsonb: string
  readonly bytea: Uint8Array
  readonly uuid: string
  readonly date: LocalDate
  readonly timestamptz: Instant
  readonly 'int2[]': readonly number[]
  readonly 'int4[]': readonly number[]
  readonly 'int8[]': readonly bigint[]
  readonly 'text[]': readonly string[]
}

export type CopyType = keyof CopyTypes
export type CopyRow<Columns extends readonly CopyType[]> = {
  readonly [Index in keyof Columns]: CopyTypes[Columns[Index]] | null
}

/** PostgreSQL counts from 2000-01-01 UTC. */
const epochMs = Date.UTC(2000, 0, 1)
const headerBytes = copySignature.length + 8

/**
 * Encodes rows for `copy … from stdin (format binary)`.
 * Source: PostgreSQL documentation, COPY, "Binary Format"; field layouts are the server's send/recv functions.
 */
export function* encodeCopy<const Columns extends readonly CopyType[]>(
  columns: Columns,
  rows: Iterable<CopyRow<Columns>>,
): Generator<Buffer> {
  const writer = new CopyWriter()
  writer.begin()
  for (const row of rows) {
    writeRow(writer, columns, row)
    if (writer.isFull()) yield writer.take()
  }
  writer.end()
  yield writer.take()
}

function writeRow<Columns extends readonly CopyType[]>(
  writer: CopyWriter,
  columns: Columns,
  row: CopyRow<Columns>,
): void {
  invariant(row.length === columns.length, 'a row has a value for each column')
  writer.int2(columns.length)
  for (let index = 0; index < columns.length; index++) {
    const type = columns[index]
    const value = row[index]
    if (value === null || value === undefined) writer.int4(-1)
    else writeValue(writer, { type, value } as TypedValue)
  }
}

type TypedValue = { readonly [Type in CopyType]: { readonly type: Type; readonly value: CopyTypes[Type] } }[CopyType]

function writeValue(writer: CopyWriter, field: TypedValue): void {
  switch (field.type) {
    case 'bool':
      return writer.boolField(field.value)
    case 'int2':
      writer.int4(2)
      return writer.int2(field.value)
    case 'int4':
      return writer.int4Field(field.value)
    case 'int8':
      return writer.int8Field(field.value)
    case 'text':
      return writer.text(field.value)
    case 'jsonb':
      return writer.jsonbField(field.value)
    case 'bytea':
      return writer.bytesField(field.value)
    case 'uuid':
      return writer.field(16, () => writer.bytes(Buffer.from(field.value.replaceAll('-', ''), 'hex')))
    case 'date':
      return writer.dateField(field.value)
    case 'timestamptz':
      return writer.instantField(field.value)
    case 'int2[]':
      return writer.array(int2Oid, 2, field.value, (item) => writer.int2(item))
    case 'int4[]':
      return writer.array(int4Oid, 4, field.value, (item) => writer.int4(item))
    case 'int8[]':
      return writer.array(int8Oid, 8, field.value, (item) => writer.int8(item))
    case 'text[]':
      return writer.textArray(field.value)
    default:
      return unreachable(field)
  }
}

/**
 * Decodes a `copy … to stdout (format binary)` whose chunks end anywhere; `take` gets each row as it is complete.
 * Feed chunks in order; `end` throws when the stream stopped short of its trailer.
 */
export function createCopyDecoder<const Columns extends readonly CopyType[]>(
  columns: Columns,
  take: (row: CopyRow<Columns>) => void,
): CopyDecoder {
  let rest: Buffer = Buffer.alloc(0)
  let headerSeen = false
  let done = false
  const takeRows = (buffer: Buffer, start: number): number => {
    let offset = start
    while (!done) {
      const next = rowEnd(buffer, offset, columns.length)
      if (next === null) return offset
      done = next === offset + 2
      if (!done) take(readRow(buffer, offset, columns))
      offset = next
    }
    return offset
  }
  return {
    push(chunk) {
      const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const offset = headerSeen ? 0 : skipHeader(buffer)
      headerSeen ||= offset > 0
      rest = buffer.subarray(headerSeen ? takeRows(buffer, offset) : 0)
    },
    end: () => invariant(done && rest.length === 0, 'a binary COPY ends with its trailer'),
  }
}

export interface CopyDecoder {
  readonly push: (chunk: Buffer) => void
  readonly end: () => void
}

/** Offset behind the header; 0 while it is not complete. */
function skipHeader(buffer: Buffer): number {
  if (buffer.length < headerBytes) return 0
  invariant(buffer.subarray(0, copySignature.length).equals(copySignature), 'a binary COPY begins with its signature')
  const extension = buffer.readInt32BE(headerBytes - 4)
  return buffer.length < headerBytes + extension ? 0 : headerBytes + extension
}

/** Offset behind the row (or the two bytes of the trailer) at `offset`; null while it is not complete. */
function rowEnd(buffer: Buffer, offset: number, columnCount: number): number | null {
  if (offset + 2 > buffer.length) return null
  const count = buffer.readInt16BE(offset)
  if (count === -1) return offset + 2
  invariant(count === columnCount, `a row has ${columnCount} columns, not ${count}`)
  let at = offset + 2
  for (let column = 0; column < count; column++) {
    if (at + 4 > buffer.length) return null
    at += 4 + Math.max(0, buffer.readInt32BE(at))
  }
  return at > buffer.length ? null : at
}

function readRow<Columns extends readonly CopyType[]>(
  buffer: Buffer,
  offset: number,
  columns: Columns,
): CopyRow<Columns> {
  let at = offset + 2
  return columns.map((type) => {
    const size = buffer.readInt32BE(at)
    at += 4 + Math.max(0, size)
    return size < 0 ? null : readValue(type, buffer.subarray(at - size, at))
  }) as CopyRow<Columns>
}

function readValue(type: CopyType, field: Buffer): CopyTypes[CopyType] {
  switch (type) {
    case 'bool':
      return field.readInt8(0) !== 0
    case 'int2':
      return field.readInt16BE(0)
    case 'int4':
      return field.readInt32BE(0)
    case 'int8':
      return field.readBigInt64BE(0)
    case 'text':
      return field.toString('utf8')
    case 'jsonb':
      return field.toString('utf8', 1)
    case 'bytea':
      return Buffer.from(field)
    case 'uuid':
      return uuidText(field.toString('hex'))
    case 'date':
      return new Date(epochMs + field.readInt32BE(0) * dayMs).toISOString().slice(0, 10)
    case 'timestamptz':
      return epochMs + Number(field.readBigInt64BE(0) / 1000n)
    case 'int2[]':
      return readArray(field, (item) => item.readInt16BE(0))
    case 'int4[]':
      return readArray(field, (item) => item.readInt32BE(0))
    case 'int8[]':
      return readArray(field, (item) => item.readBigInt64BE(0))
    case 'text[]':
      return readArray(field, (item) => item.toString('utf8'))
    default:
      return unreachable(type)
  }
}

function readArray<Item>(field: Buffer, read: (item: Buffer) => Item): readonly Item[] {
  if (field.readInt32BE(0) === 0) return []
  invariant(field.readInt32BE(0) === 1 && field.readInt32BE(4) === 0, 'an array column has one dimension and no nulls')
  const count = field.readInt32BE(12)
  const items: Item[] = []
  let at = arrayHeaderBytes
  for (let index = 0; index < count; index++) {
    const size = field.readInt32BE(at)
    items.push(read(field.subarray(at + 4, at + 4 + size)))
    at += 4 + size
  }
  return items
}

function uuidText(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
