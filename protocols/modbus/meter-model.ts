import * as z from 'zod'
import { quantities, type Quantity } from '../../domain/quantities.js'
import { err, ok, type Result } from '../../domain/result.js'
import { addressSpace, maxRegistersPerRead } from './pdu-limits.js'
import { parseExact } from './exact-decimal.js'

const address = z.int().min(0).max(0xffff)
const decimalText = z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'expected a plain decimal such as "0.01"')
const order = z.enum(['high_first', 'low_first'])

/** How many registers a value takes, by type. Registers are read together, so that a value belongs to one moment. */
export const registerWidths = {
  uint16: 1,
  int16: 1,
  bcd16: 1,
  uint32: 2,
  int32: 2,
  float32: 2,
  bcd32: 2,
  uint64: 4,
  int64: 4,
} as const

export type RegisterType = keyof typeof registerWidths

export const tariffRegisters = ['total', 'tou1', 'tou2', 'tou3', 'tou4'] as const

const readingTypeSchema = z.strictObject({
  quantity: z.enum(Object.keys(quantities) as [Quantity, ...Quantity[]]),
  /** tou1…tou4 in the meter's own numbering. */
  register: z.enum(tariffRegisters),
})

/** One value of a meter: where it stands, how its bytes are read and what it counts. */
export const registerSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'expected a name in snake_case'),
  /** Which cumulative register of which quantity it is; absent for everything that is not one. */
  readingType: readingTypeSchema.optional(),
  /** 03 reads holding registers, 04 input registers. */
  function: z.union([z.literal(3), z.literal(4)]),
  /** As it goes over the wire, from 0. */
  address,
  type: z.enum(Object.keys(registerWidths) as [RegisterType, ...RegisterType[]]),
  /** Of the registers of a value. */
  wordOrder: order,
  /** Of the two bytes of each register. */
  byteOrder: order,
  /** What one count stands for, in `unit`. */
  multiplier: decimalText,
  /** Decimals that the value is declared to have. */
  decimals: z.int().min(0).max(9),
  /** Without it a value with more decimals than declared is refused; a float always needs it. */
  rounding: z.literal('half_up').optional(),
  unit: z.string().min(1).max(16),
  /** Before (`secondary`) or after (`primary`) the transformer ratio; the multiplier is applied once, to `secondary` only. */
  side: z.enum(['secondary', 'primary']),
})

const spanSchema = z.strictObject({ function: z.union([z.literal(3), z.literal(4)]), from: address, to: address })

const limitsSchema = z.strictObject({
  /** Most registers that the device gives in one reply. */
  maxRegisters: z.int().min(4).max(maxRegistersPerRead),
  /** Most registers that a request may read without need, to save another request. */
  maxGap: z.int().min(0).max(maxRegistersPerRead),
  /** Registers that must not be asked for, both ends included: the device refuses, or it costs it something. */
  forbidden: z.array(spanSchema).max(64).optional(),
})

/** What a meter model shows and where, taken from a public register list. */
export const meterModelSchema = z
  .strictObject({
    model: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens'),
    /** The public document, and against what the numbers were checked. */
    source: z.string().min(1).max(2000),
    /** Why the registers are primary or secondary. */
    sideBasis: z.string().min(1).max(1000),
    limits: limitsSchema,
    registers: z.array(registerSchema).min(1).max(1000),
  })
  .superRefine((model, context) => {
    for (const { path, message } of defectsOf(model)) context.addIssue({ code: 'custom', path: [...path], message })
  })

export type MeterModel = z.infer<typeof meterModelSchema>
export type MeterRegister = z.infer<typeof registerSchema>
export type ReadLimits = z.infer<typeof limitsSchema>
export type RegisterSide = MeterRegister['side']

/** Why a file is no meter model: which file, where in it, and what is wrong there. */
export interface MeterModelError {
  readonly kind: 'invalid_meter_model'
  readonly file: string
  readonly path: string
  readonly reason: string
}

/** A meter model from the text of its file; `file` is named in the error. */
export function parseMeterModel(text: string, file: string): Result<MeterModel, MeterModelError> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no JSON'
    return err({ kind: 'invalid_meter_model', file, path: '(top level)', reason })
  }
  return toMeterModel(document, file)
}

/** A meter model from a document that is parsed already. */
export function toMeterModel(document: unknown, file: string): Result<MeterModel, MeterModelError> {
  const parsed = meterModelSchema.safeParse(document)
  if (parsed.success) return ok(parsed.data)
  const issue = parsed.error.issues[0]
  const path = issue?.path.join('.') || '(top level)'
  return err({ kind: 'invalid_meter_model', file, path, reason: issue?.message ?? 'invalid' })
}

/** Last register of a value, included. */
export function lastAddressOf({ address: first, type }: Pick<MeterRegister, 'address' | 'type'>): number {
  return first + registerWidths[type] - 1
}

interface Defect {
  readonly path: readonly (string | number)[]
  readonly message: string
}

function defectsOf({ registers, limits }: Pick<MeterModel, 'registers' | 'limits'>): readonly Defect[] {
  return registers.flatMap((register, index) => {
    const earlier = registers.slice(0, index)
    return registerDefects(register, earlier, limits).map(([field, message]) => ({
      path: ['registers', index, field],
      message,
    }))
  })
}

type FieldDefect = readonly [field: keyof MeterRegister, message: string]

function registerDefects(
  register: MeterRegister,
  earlier: readonly MeterRegister[],
  { forbidden = [] }: ReadLimits,
): readonly FieldDefect[] {
  const { readingType, unit } = register
  const checks: readonly (readonly [broken: boolean, ...FieldDefect])[] = [
    [earlier.some(({ name }) => name === register.name), 'name', `${register.name} is named twice`],
    [
      readingType !== undefined && earlier.some((one) => isSameReading(one, register)),
      'readingType',
      'another register has this reading type',
    ],
    [
      readingType !== undefined && unit !== quantities[readingType.quantity].unit,
      'unit',
      `expected ${readingType === undefined ? '' : quantities[readingType.quantity].unit} for this reading type`,
    ],
    [lastAddressOf(register) >= addressSpace, 'address', 'the value leads beyond register 65535'],
    [parseExact(register.multiplier)?.units === 0n, 'multiplier', 'must not be zero'],
    [register.type === 'float32' && register.rounding === undefined, 'rounding', 'a float needs rounding: half_up'],
    [forbidden.some((span) => touches(span, register)), 'address', 'lies in a range that must not be read'],
  ]
  return checks.filter(([broken]) => broken).map(([, field, message]) => [field, message])
}

function isSameReading({ readingType: left }: MeterRegister, { readingType: right }: MeterRegister): boolean {
  return left?.quantity === right?.quantity && left?.register === right?.register
}

function touches(span: z.infer<typeof spanSchema>, register: MeterRegister): boolean {
  return span.function === register.function && span.from <= lastAddressOf(register) && register.address <= span.to
}
