/** Bytes of instructions, in order. */
export type Code = readonly number[]

export const i32 = 0x7f
export const i64 = 0x7e
export const v128 = 0x7b

/** Instructions of WebAssembly (core and SIMD) that the kernel needs, by their names in the specification. */
export const op = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  /** A loop runs again when a branch to depth 0 is taken at its end. */
  loop: (...body: readonly Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0b],
  /** The body runs where the condition leaves something other than zero. */
  when: (condition: readonly Code[], ...body: readonly Code[]): Code => [
    ...condition.flat(),
    0x04,
    0x40,
    ...body.flat(),
    0x0b,
  ],
  branchIf: (depth: number): Code => [0x0d, depth],
  i32Const: (value: number): Code => [0x41, ...signed(BigInt(value))],
  i64Const: (value: bigint): Code => [0x42, ...signed(value)],
  i32Load: (offset: number): Code => [0x28, 2, ...unsigned(offset)],
  i32Add: [0x6a],
  i32LessUnsigned: [0x49],
  i32LessOrEqualUnsigned: [0x4d],
  i64ExtendSigned: [0xac],
  i64Load: (offset: number): Code => [0x29, 3, ...unsigned(offset)],
  i64Add: [0x7c],
  i64Multiply: [0x7e],
  i64DivideSigned: [0x7f],
  i64LessSigned: [0x53],
  f64ConvertSigned: [0xb9],
  f64Load: (offset: number): Code => [0x2b, 3, ...unsigned(offset)],
  f64Add: [0xa0],
  f64Store: (offset: number): Code => [0x39, 3, ...unsigned(offset)],
  select: [0x1b],
  v128Load: (offset: number): Code => [0xfd, 0x00, 2, ...unsigned(offset)],
  v128Store: (offset: number): Code => [0xfd, 0x0b, 2, ...unsigned(offset)],
  v128Zero: [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)],
  v128Or: [0xfd, 0x50],
  anyTrue: [0xfd, 0x53],
  /** Two 32-bit lanes, widened to 64 bits. */
  extendLow: [0xfd, 0xc7, 0x01],
  extendHigh: [0xfd, 0xc8, 0x01],
  /** Products of two 32-bit lanes each, in 64 bits. */
  multiplyLow: [0xfd, 0xdc, 0x01],
  multiplyHigh: [0xfd, 0xdd, 0x01],
  absolute: [0xfd, 0xa0, 0x01],
  /** The larger of two 32-bit lanes without sign, so that the lowest number counts as the largest magnitude. */
  largerUnsigned: [0xfd, 0xb9, 0x01],
  i64x2Add: [0xfd, 0xce, 0x01],
  i64x2Lane: (lane: number): Code => [0xfd, 0x1d, lane],
} as const

export interface WasmFunction {
  readonly name: string
  readonly parameters: readonly number[]
  readonly results: readonly number[]
  readonly locals: readonly number[]
  readonly code: readonly Code[]
}

/** Instructions one after the other. */
export function run(...code: readonly Code[]): Code {
  return code.flat()
}

const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** The largest memory of a module: 2 GiB. */
export const memoryLimitPages = 32_768
const isShared = 0x03

/** A module of these functions over a shared memory that is imported as `engine.memory`. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array {
  const types = functions.map(({ parameters, results }) => [
    0x60,
    ...vector(parameters.map(only)),
    ...vector(results.map(only)),
  ])
  const bodies = functions.map(({ locals, code }) => {
    const body = [...vector(locals.map((type) => [1, type])), ...code.flat(), 0x0b]
    return [...unsigned(body.length), ...body]
  })
  return Uint8Array.from([
    ...magic,
    ...section(1, vector(types)),
    ...section(2, vector([[...text('engine'), ...text('memory'), 0x02, isShared, 0, ...unsigned(memoryLimitPages)]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
    ...section(10, vector(bodies)),
  ])
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content]
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()]
}

function text(name: string): Code {
  return vector([...Buffer.from(name)].map(only))
}

function only(byte: number): Code {
  return [byte]
}

/** LEB128: seven bits a byte, lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: bigint): Code {
  const [low, rest] = [Number(value & 0x7fn), value >> 7n]
  const isLast = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)
  return isLast ? [low] : [low | 0x80, ...signed(rest)]
}
