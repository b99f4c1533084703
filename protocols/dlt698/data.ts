/**
 * Values of DL/T 698.45 as they travel. Integers are exact; texts, times and identifiers stay hexadecimal (upper-case, high
 * byte first), so that a value that breaks its own rules survives decoding and encoding.
 */
export type Dlt698Data =
  | { readonly type: 'null' }
  | { readonly type: 'array' | 'structure'; readonly elements: readonly Dlt698Data[] }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: IntegerType; readonly value: bigint }
  | { readonly type: FixedType | VariableType; readonly hex: string }
  /** Bit 0 is the highest bit of the first byte. */
  | { readonly type: 'bit-string'; readonly bitCount: number; readonly hex: string }
  | { readonly type: 'road'; readonly road: Road }
  | { readonly type: 'ti'; readonly interval: TimeInterval }
  | { readonly type: 'region'; readonly region: Region }
  /** Power of ten, -128 to 127, and the unit's number. */
  | { readonly type: 'scaler-unit'; readonly scaler: number; readonly unit: number }
  | { readonly type: 'rsd'; readonly selector: RowSelector }
  | { readonly type: 'csd'; readonly column: Column }
  | { readonly type: 'ms'; readonly meters: MeterSet }
  | { readonly type: 'sid'; readonly sid: SecurityId }
  | { readonly type: 'sid-mac'; readonly sid: SecurityId; readonly mac: string }
  | { readonly type: 'rcsd'; readonly columns: readonly Column[] }

/** Tag, bytes and sign of each integer. */
export const integerTypes = {
  'double-long': { tag: 5, byteCount: 4, signed: true },
  'double-long-unsigned': { tag: 6, byteCount: 4, signed: false },
  integer: { tag: 15, byteCount: 1, signed: true },
  long: { tag: 16, byteCount: 2, signed: true },
  unsigned: { tag: 17, byteCount: 1, signed: false },
  'long-unsigned': { tag: 18, byteCount: 2, signed: false },
  long64: { tag: 20, byteCount: 8, signed: true },
  'long64-unsigned': { tag: 21, byteCount: 8, signed: false },
  enum: { tag: 22, byteCount: 1, signed: false },
} as const
export type IntegerType = keyof typeof integerTypes

/** Types of fixed length that are kept as they come. Floats too: energies never pass through a float. */
export const fixedTypes = {
  float32: { tag: 23, byteCount: 4 },
  float64: { tag: 24, byteCount: 8 },
  /** Year 2, month, day, weekday, hour, minute, second, milliseconds 2. */
  'date-time': { tag: 25, byteCount: 10 },
  /** Year 2, month, day, weekday. */
  date: { tag: 26, byteCount: 5 },
  time: { tag: 27, byteCount: 3 },
  /** Year 2, month, day, hour, minute, second. */
  'date-time-s': { tag: 28, byteCount: 7 },
  oi: { tag: 80, byteCount: 2 },
  oad: { tag: 81, byteCount: 4 },
  omd: { tag: 83, byteCount: 4 },
  /** Rate, parity, data bits, stop bits, flow control. */
  comdcb: { tag: 95, byteCount: 5 },
} as const
export type FixedType = keyof typeof fixedTypes

/** Types whose bytes are counted in front. */
export const variableTypes = {
  'octet-string': { tag: 9 },
  'visible-string': { tag: 10 },
  'utf8-string': { tag: 12 },
  /** Address flag and address of a server. */
  tsa: { tag: 85 },
  mac: { tag: 86 },
  rn: { tag: 87 },
} as const
export type VariableType = keyof typeof variableTypes

/** Tags of the types that are built from others. */
export const composedTags = {
  null: 0,
  array: 1,
  structure: 2,
  bool: 3,
  'bit-string': 4,
  road: 82,
  ti: 84,
  region: 88,
  'scaler-unit': 89,
  rsd: 90,
  csd: 91,
  ms: 92,
  sid: 93,
  'sid-mac': 94,
  rcsd: 96,
} as const

/** A record object and the objects of which its column keeps values. */
export interface Road {
  readonly oad: string
  readonly columns: readonly string[]
}

/** One column: an object, or several that one record object relates. */
export type Column = { readonly oad: string } | { readonly road: Road }

export interface TimeInterval {
  /** 0 seconds, 1 minutes, 2 hours, 3 days, 4 months, 5 years. */
  readonly unit: number
  readonly count: number
}

export interface Region {
  /** 0 [start, end), 1 (start, end], 2 [start, end], 3 (start, end). */
  readonly bounds: number
  readonly start: Dlt698Data
  readonly end: Dlt698Data
}

export interface SecurityId {
  /** 8 digits. */
  readonly identifier: string
  readonly additional: string
}

/** RSD: which rows of a record object are asked for. */
export type RowSelector =
  | { readonly method: 0 }
  /** Rows whose column has the value. */
  | { readonly method: 1; readonly oad: string; readonly value: Dlt698Data }
  | ({ readonly method: 2 } & ColumnRange)
  | { readonly method: 3; readonly ranges: readonly ColumnRange[] }
  /** Collected (4) or stored (5) at a time, date_time_s. */
  | { readonly method: 4 | 5; readonly at: string; readonly meters: MeterSet }
  /** Collection begun (6), stored (7) or done (8) within a time. */
  | {
      readonly method: 6 | 7 | 8
      readonly from: string
      readonly to: string
      readonly interval: TimeInterval
      readonly meters: MeterSet
    }
  /** The row of that place counted from the newest, which is 1: not the last n rows. */
  | { readonly method: 9; readonly place: number }
  /** The newest n rows. */
  | { readonly method: 10; readonly newest: number; readonly meters: MeterSet }

/** Rows from the first value, included, to the second, excluded; `interval` is a TI, or null for every row. */
export interface ColumnRange {
  readonly oad: string
  readonly from: Dlt698Data
  readonly to: Dlt698Data
  readonly interval: Dlt698Data
}

/** MS: which meters behind a terminal. */
export type MeterSet =
  | { readonly kind: 'no_meters' | 'all_meters' }
  | { readonly kind: 'user_types' | 'numbers'; readonly values: readonly number[] }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | {
      readonly kind: 'user_type_regions' | 'address_regions' | 'number_regions'
      readonly regions: readonly Region[]
    }

/** In the order of their choice numbers. */
export const meterSetKinds = [
  'no_meters',
  'all_meters',
  'user_types',
  'addresses',
  'numbers',
  'user_type_regions',
  'address_regions',
  'number_regions',
] as const
