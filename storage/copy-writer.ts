import { dayMs, type Instant, type LocalDate } from '../domain/time.js'

/** PostgreSQL counts from 2000-01-01 UTC. */
const epochMs = Date.UTC(2000, 0, 1)
/** How every binary COPY begins. Source: PostgreSQL documentation, COPY, "Binary Format". */
export const copySignature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const chunkBytes = 64 * 1024
export const int2Oid = 21
export const int4Oid = 23
export const int8Oid = 20
const textOid = 25
const timestamptzOid = 1184
export const arrayHeaderBytes = 20

/** A COPY, one piece behind the other. */
export type CopyPieces = readonly Buffer[]

const leastRoomBytes = 2 * chunkBytes

/**
 * A buffer that grows; `take` hands out what was written and begins anew. Numbers go through a DataView, which writes a bigint many
 * times faster than Buffer does. Given room to write into, shared between threads or not, it stays there as long as it can.
 */
export class CopyWriter {
  length = 0
  private readonly encoded = new Map<string, Buffer>()
  /** Of a date, which is the one of the row before nearly always. */
  private lastDate: LocalDate | null = null
  private lastDay = 0
  private buffer: Buffer
  private view: DataView

  constructor(room: ArrayBufferLike = new ArrayBuffer(leastRoomBytes)) {
    this.buffer = Buffer.from(room)
    this.view = viewOf(this.buffer)
  }

  /** Where it writes by now. */
  room(): ArrayBufferLike {
    return this.buffer.buffer
  }

  /** Whether it is time to `take`. */
  isFull(): boolean {
    return this.length >= chunkBytes
  }

  /** What was written, in memory of its own, so that it may move to another thread. */
  take(): Buffer {
    const taken = Buffer.alloc(this.length)
    this.buffer.copy(taken, 0, 0, this.length)
    this.length = 0
    return taken
  }

  begin(): void {
    this.bytes(copySignature)
    this.int4(0)
    this.int4(0)
  }

  end(): void {
    this.int2(-1)
  }

  field(size: number, write: () => void): void {
    this.int4(size)
    write()
  }

  int1(value: number): void {
    this.reserve(1)
    this.view.setInt8(this.length, value)
    this.length += 1
  }

  int2(value: number): void {
    this.reserve(2)
    this.view.setInt16(this.length, value)
    this.length += 2
  }

  int4(value: number): void {
    this.reserve(4)
    this.view.setInt32(this.length, value)
    this.length += 4
  }

  int8(value: bigint): void {
    this.reserve(8)
    this.view.setBigInt64(this.length, value)
    this.length += 8
  }

  /** A whole number below 2^53 in the place of an int8. */
  wholeInt8(value: number): void {
    this.reserve(8)
    this.view.setInt32(this.length, Math.floor(value / 2 ** 32))
    this.view.setUint32(this.length + 4, value >>> 0)
    this.length += 8
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length)
    this.buffer.set(value, this.length)
    this.length += value.length
  }

  text(value: string): void {
    const size = Buffer.byteLength(value)
    this.int4(size)
    this.reserve(size)
    this.length += this.buffer.write(value, this.length)
  }

  /** JSON as jsonb. Source: jsonb_recv, version 1. */
  jsonbField(json: string): void {
    const size = Buffer.byteLength(json)
    this.int4(1 + size)
    this.reserve(1 + size)
    this.int1(1)
    this.length += this.buffer.write(json, this.length)
  }

  /** A text that many rows have; what it is in bytes is remembered for each. */
  repeatedText(value: string): void {
    let known = this.encoded.get(value)
    if (known === undefined) {
      known = Buffer.from(value)
      this.encoded.set(value, known)
    }
    this.int4(known.length)
    this.bytesOf(known, 0, known.length)
  }

  /** Bytes [start, end) of some, without a view of them. */
  bytesOf(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start)
    for (let at = start; at < end; at++) this.buffer[this.length++] = source[at] ?? 0
  }

  array<Item>(oid: number, itemBytes: number, items: readonly Item[], write: (item: Item) => void): void {
    if (items.length === 0) return this.emptyArray(oid)
    this.int4(arrayHeaderBytes + items.length * (4 + itemBytes))
    for (const word of [1, 0, oid, items.length, 1]) this.int4(word)
    for (const item of items) this.field(itemBytes, () => write(item))
  }

  textArray(items: readonly string[]): void {
    if (items.length === 0) return this.emptyArray(textOid)
    const bytes = items.reduce((sum, item) => sum + 4 + Buffer.byteLength(item), 0)
    this.int4(arrayHeaderBytes + bytes)
    for (const word of [1, 0, textOid, items.length, 1]) this.int4(word)
    for (const item of items) this.text(item)
  }

  /** A whole COPY: `write` writes the row of each number below `count`, or none. @returns it in pieces with memory of their own */
  rows(count: number, write: (row: number) => void): readonly Buffer[] {
    const pieces: Buffer[] = []
    this.begin()
    for (let row = 0; row < count; row++) {
      write(row)
      if (this.isFull()) pieces.push(this.take())
    }
    this.end()
    return [...pieces, this.take()]
  }

  /**
   * The same behind what was written before, and nothing is copied.
   * @returns it in pieces, which lie in the writer's room
   */
  rowsInPlace(count: number, write: (row: number) => void): CopyPieces {
    const start = this.length
    this.begin()
    for (let row = 0; row < count; row++) write(row)
    this.end()
    return piecesOf(this.buffer.subarray(start, this.length))
  }

  boolField(value: boolean): void {
    this.int4(1)
    this.int1(value ? 1 : 0)
  }

  int4Field(value: number): void {
    this.int4(4)
    this.int4(value)
  }

  int8Field(value: bigint): void {
    this.int4(8)
    this.int8(value)
  }

  /** A whole number below 2^53 as int8. */
  wholeField(value: number): void {
    this.int4(8)
    this.wholeInt8(value)
  }

  instantField(value: Instant): void {
    this.wholeField((value - epochMs) * 1000)
  }

  dateField(value: LocalDate): void {
    if (value !== this.lastDate) {
      this.lastDate = value
      this.lastDay = Date.parse(value) / dayMs
    }
    this.dayField(this.lastDay)
  }

  /** Days since 1970-01-01 as a date. */
  dayField(value: number): void {
    this.int4Field(value - epochMs / dayMs)
  }

  bytesField(value: Uint8Array): void {
    this.int4(value.length)
    this.bytes(value)
  }

  /** Elements [start, end) of a column as int2[]. */
  int2Items(column: ArrayLike<number>, start: number, end: number): void {
    if (!this.arrayHeader(int2Oid, 2, end - start)) return
    for (let index = start; index < end; index++) {
      this.view.setInt32(this.length, 2)
      this.view.setInt16(this.length + 4, column[index] ?? 0)
      this.length += 6
    }
  }

  /** Elements [start, end) of a column as int4[]. */
  int4Items(column: ArrayLike<number>, start: number, end: number): void {
    if (!this.arrayHeader(int4Oid, 4, end - start)) return
    for (let index = start; index < end; index++) {
      this.view.setInt32(this.length, 4)
      this.view.setInt32(this.length + 4, column[index] ?? 0)
      this.length += 8
    }
  }

  /** Elements [start, end) of a column of whole numbers below 2^53 as int8[]. */
  wholeInt8Items(column: ArrayLike<number>, start: number, end: number): void {
    if (!this.arrayHeader(int8Oid, 8, end - start)) return
    for (let index = start; index < end; index++) {
      this.view.setInt32(this.length, 8)
      this.length += 4
      this.wholeInt8(column[index] ?? 0)
    }
  }

  /** One instant as timestamptz[]. */
  instantItem(value: Instant): void {
    this.arrayHeader(timestamptzOid, 8, 1)
    this.instantField(value)
  }

  /** @returns false for an array without elements, which is complete with its header; else there is room for all of them. */
  private arrayHeader(oid: number, itemBytes: number, count: number): boolean {
    if (count === 0) {
      this.emptyArray(oid)
      return false
    }
    const size = arrayHeaderBytes + count * (4 + itemBytes)
    this.int4(size)
    this.reserve(size)
    for (const word of [1, 0, oid, count, 1]) this.int4(word)
    return true
  }

  private emptyArray(oid: number): void {
    this.field(12, () => {
      for (const word of [0, 0, oid]) this.int4(word)
    })
  }

  private reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return
    const bytes = Math.max(2 * this.buffer.length, this.length + size)
    const isShared = this.room() instanceof SharedArrayBuffer
    const larger = Buffer.from(isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
    this.view = viewOf(larger)
  }
}

/** A COPY in one buffer, in pieces of it. */
export function piecesOf(bytes: Buffer): CopyPieces {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) pieces.push(bytes.subarray(at, at + chunkBytes))
  return pieces
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}
