import type { ValueState } from '../inspection/inspected-frame.js'

/** How one value stands on the wire. Reading and writing are exact inverses for every text that `read` gives. */
export interface FieldType {
  readonly bytes: number
  readonly unit: string | null
  /** What the bytes from `at` on say, as exact text; null when they are no value of this type. */
  readonly read: (buffer: Buffer, at: number) => string | null
  /** Bytes of a text; null when the type cannot hold it. */
  readonly write: (text: string) => Buffer | null
  /** A field that holds nothing but one of these bytes says that there is no value; written with the first of them. */
  readonly absentBytes: readonly number[]
  /** A text that the type can hold, for examples and documentation. */
  readonly example: string
}

export interface Field {
  readonly name: string
  readonly type: FieldType
}

/** One field of a message; `value` is null unless the state is `ok`. */
export interface FieldValue {
  readonly name: string
  readonly unit: string | null
  readonly state: ValueState
  readonly value: string | null
}

export function bytesOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { type }) => sum + type.bytes, 0)
}

/** Values of consecutive fields from the first byte on; the bytes are as many as the fields need. */
export function readFields(fields: readonly Field[], bytes: Buffer): FieldValue[] {
  const values: FieldValue[] = []
  let at = 0
  for (const field of fields) {
    values.push(readField(field, bytes, at))
    at += field.type.bytes
  }
  return values
}

/** Value of the field that begins at `at`. */
export function readField({ name, type }: Field, buffer: Buffer, at: number): FieldValue {
  const { unit } = type
  for (const absent of type.absentBytes)
    if (isFilledWith(buffer, at, type.bytes, absent)) return { name, value: null, unit, state: 'absent' }
  const value = type.read(buffer, at)
  return { name, value, unit, state: value === null ? 'invalid' : 'ok' }
}

/** Bytes of one text for each field, null for an absent value; null when a text does not fit its field. */
export function writeFields(fields: readonly Field[], texts: readonly (string | null)[]): Buffer | null {
  if (texts.length !== fields.length) return null
  const parts: Buffer[] = []
  for (const [index, { type }] of fields.entries()) {
    const text = texts[index] ?? null
    const part = text === null ? absentField(type) : type.write(text)
    if (part === null) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function absentField({ absentBytes, bytes }: FieldType): Buffer | null {
  const [absent] = absentBytes
  return absent === undefined ? null : Buffer.alloc(bytes, absent)
}

function isFilledWith(buffer: Buffer, from: number, byteCount: number, filling: number): boolean {
  for (let at = from; at < from + byteCount; at += 1) if (buffer[at] !== filling) return false
  return true
}
