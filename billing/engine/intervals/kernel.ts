import { type KernelMemory, reserve } from './kernel-memory.js'
import { assemble, type Code, i32, i64, op, run, v128, type WasmFunction } from './wasm-assembler.js'

/**
 * Sums over interval energies, four at a time, in a memory. All numbers are whole: 32-bit energies (e4) and prices (e8) come in,
 * sums are kept in 64 bits. Places and widths are in bytes; widths are multiples of 16.
 */
export interface IntervalKernel {
  /** The memory as it is now; a larger one after `reserve`, of the same bytes. */
  readonly memory: SharedArrayBuffer
  /** Makes the memory so many bytes long, if it is shorter. */
  readonly reserve: (bytes: number) => void
  /**
   * Adds up days interval by interval. `days` … `daysEnd` is a list of the places of their energies (int32); `width` is that of a day; for
   * each interval of a day one int64 goes to `out`.
   */
  readonly profile: (days: number, daysEnd: number, width: number, out: number) => void
  /**
   * Adds up runs of a profile. `runs` … `runsEnd` is a list of pairs (int32): where the run ends, counted from the beginning of the
   * profile, and where from `out` its sum is added to a float64, exact below 2^53. A run begins where the one before ends.
   */
  readonly addRuns: (profile: number, runs: number, runsEnd: number, out: number) => void
  /**
   * Σ value × price, times `multiplier`, divided by 10^10 half away from zero: fen, one float64 at `out`. `stretches` … `stretchesEnd` is a
   * list of pairs (int32): place and width of energies that follow each other; prices follow each other over all of them. The sum is exact
   * below 2^63: 16 bytes further stand four unsigned 32-bit numbers, the largest of which is the largest magnitude of a value, for the
   * caller's proof.
   */
  readonly priced: (stretches: number, stretchesEnd: number, prices: number, multiplier: number, out: number) => void
  /** Reads such stretches and does nothing with them, so that they come into the caches in order. */
  readonly touch: (stretches: number, stretchesEnd: number) => number
  /** Reads so many bytes and does nothing with them; what memory alone takes. */
  readonly read: (values: number, bytes: number) => number
}

const lanes = 16
/** Energy e4 × price e8 ÷ 10^10 = fen. */
const toFen = 10_000_000_000n

export function createIntervalKernel(memory: KernelMemory): IntervalKernel {
  const { exports } = new WebAssembly.Instance(module(), { engine: { memory } })
  return {
    ...(exports as Omit<IntervalKernel, 'memory' | 'reserve'>),
    get memory() {
      return memory.buffer
    },
    reserve: (bytes) => reserve(memory, bytes),
  }
}

let compiled: InstanceType<typeof WebAssembly.Module> | null = null

function module(): InstanceType<typeof WebAssembly.Module> {
  compiled ??= new WebAssembly.Module(assemble([profile(), addRuns(), priced(), touch(), read()]))
  return compiled
}

/**
 * Column by column down all days: the sums stay in registers. Columns are a cache line wide, sixteen slots, as long as a day has them, and
 * four slots at its end.
 */
function profile(): WasmFunction {
  return {
    name: 'profile',
    parameters: [i32, i32, i32, i32],
    results: [],
    locals: [i32, i32, i32, v128, ...Array.from({ length: 2 * columnsOfLine }, () => v128)],
    code: [...columns(columnsOfLine), ...columns(1)],
  }
}

const columnsOfLine = 4

/** A loop over columns of so many times four slots, while the day has as many left. */
function columns(count: number): readonly Code[] {
  const [days, daysEnd, width, out, column, day, row, four, firstSum] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const groups = Array.from({ length: count }, (_, index) => ({
    offset: lanes * index,
    low: firstSum + 2 * index,
    high: firstSum + 2 * index + 1,
  }))
  const add = (sum: number, widen: Code): readonly Code[] => [
    op.get(sum),
    op.get(four),
    widen,
    op.i64x2Add,
    op.set(sum),
  ]
  const isEnough = [op.get(column), op.i32Const(count * lanes), op.i32Add, op.get(width), op.i32LessOrEqualUnsigned]
  return [
    op.when(
      isEnough,
      op.loop(
        ...groups.flatMap(({ low, high }) => [op.v128Zero, op.set(low), op.v128Zero, op.set(high)]),
        run(op.get(days), op.set(day)),
        op.loop(
          run(op.get(day), op.i32Load(0), op.get(column), op.i32Add, op.set(row)),
          ...groups.flatMap(({ offset, low, high }) => [
            run(op.get(row), op.v128Load(offset), op.set(four)),
            ...add(low, op.extendLow),
            ...add(high, op.extendHigh),
          ]),
          run(op.get(day), op.i32Const(4), op.i32Add, op.set(day)),
          run(op.get(day), op.get(daysEnd), op.i32LessUnsigned, op.branchIf(0)),
        ),
        ...groups.flatMap(({ offset, low, high }) => [
          run(op.get(out), op.get(low), op.v128Store(2 * offset)),
          run(op.get(out), op.get(high), op.v128Store(2 * offset + lanes)),
        ]),
        run(op.get(out), op.i32Const(2 * count * lanes), op.i32Add, op.set(out)),
        run(op.get(column), op.i32Const(count * lanes), op.i32Add, op.set(column)),
        run(...isEnough, op.branchIf(0)),
      ),
    ),
  ]
}

/** Whole numbers are added up within a run; what slots come to over several day types is added as float64. */
function addRuns(): WasmFunction {
  const [first, runs, runsEnd, out, at, end, sum] = [0, 1, 2, 3, 4, 5, 6]
  const cell = [op.get(runs), op.i32Load(4), op.get(out), op.i32Add]
  return {
    name: 'addRuns',
    parameters: [i32, i32, i32, i32],
    results: [],
    locals: [i32, i32, i64],
    code: [
      run(op.get(first), op.set(at)),
      op.loop(
        run(op.get(runs), op.i32Load(0), op.get(first), op.i32Add, op.set(end)),
        run(op.i64Const(0n), op.set(sum)),
        op.loop(
          run(op.get(sum), op.get(at), op.i64Load(0), op.i64Add, op.set(sum)),
          run(op.get(at), op.i32Const(8), op.i32Add, op.set(at)),
          run(op.get(at), op.get(end), op.i32LessUnsigned, op.branchIf(0)),
        ),
        run(...cell, ...cell, op.f64Load(0), op.get(sum), op.f64ConvertSigned, op.f64Add, op.f64Store(0)),
        run(op.get(runs), op.i32Const(8), op.i32Add, op.set(runs)),
        run(op.get(runs), op.get(runsEnd), op.i32LessUnsigned, op.branchIf(0)),
      ),
    ],
  }
}

/** A loop over stretches (see `priced`): `values` and `end` are where the one at hand begins and ends. */
function eachStretch(
  { list, listEnd, values, end }: Readonly<Record<'list' | 'listEnd' | 'values' | 'end', number>>,
  ...body: readonly Code[]
): Code {
  return op.loop(
    run(op.get(list), op.i32Load(0), op.set(values)),
    run(op.get(list), op.i32Load(4), op.get(values), op.i32Add, op.set(end)),
    ...body,
    run(op.get(list), op.i32Const(8), op.i32Add, op.set(list)),
    run(op.get(list), op.get(listEnd), op.i32LessUnsigned, op.branchIf(0)),
  )
}

function priced(): WasmFunction {
  const [multiplier, out, low, high, largest, sum] = [3, 4, 7, 8, 9, 12]
  return {
    name: 'priced',
    parameters: [i32, i32, i32, i32, i32],
    results: [],
    locals: [i32, i32, v128, v128, v128, v128, v128, i64],
    code: [
      eachStretch({ list: 0, listEnd: 1, values: 5, end: 6 }, ...products(columnsOfLine), ...products(1)),
      run(op.get(low), op.get(high), op.i64x2Add, op.set(low)),
      run(op.get(low), op.i64x2Lane(0), op.get(low), op.i64x2Lane(1), op.i64Add),
      run(op.get(multiplier), op.i64ExtendSigned, op.i64Multiply, op.set(sum)),
      run(op.get(out), op.get(largest), op.v128Store(lanes)),
      op.get(out),
      // Half of the divisor, with the sign of the sum: integer division then cuts half away from zero.
      run(op.get(sum), op.i64Const(-toFen / 2n), op.i64Const(toFen / 2n)),
      run(op.get(sum), op.i64Const(0n), op.i64LessSigned, op.select),
      run(op.i64Add, op.i64Const(toFen), op.i64DivideSigned, op.f64ConvertSigned, op.f64Store(0)),
    ],
  }
}

/** A loop over so many times four products, while there are as many left. */
function products(count: number): readonly Code[] {
  const [prices, values, end, low, high, largest, four, price] = [2, 5, 6, 7, 8, 9, 10, 11]
  const add = (total: number, product: Code): readonly Code[] => [
    run(op.get(total), op.get(four), op.get(price), product),
    run(op.i64x2Add, op.set(total)),
  ]
  const isEnough = [op.get(values), op.i32Const(count * lanes), op.i32Add, op.get(end), op.i32LessOrEqualUnsigned]
  const offsets = Array.from({ length: count }, (_, index) => lanes * index)
  return [
    op.when(
      isEnough,
      op.loop(
        ...offsets.flatMap((offset) => [
          run(op.get(values), op.v128Load(offset), op.set(four), op.get(prices), op.v128Load(offset), op.set(price)),
          run(...add(low, op.multiplyLow), ...add(high, op.multiplyHigh)),
          run(op.get(largest), op.get(four), op.absolute, op.largerUnsigned, op.set(largest)),
        ]),
        run(op.get(prices), op.i32Const(count * lanes), op.i32Add, op.set(prices)),
        run(op.get(values), op.i32Const(count * lanes), op.i32Add, op.set(values)),
        run(...isEnough, op.branchIf(0)),
      ),
    ),
  ]
}

/** One look a cache line is enough. */
function touch(): WasmFunction {
  const [values, end, seen] = [2, 3, 4]
  return {
    name: 'touch',
    parameters: [i32, i32],
    results: [i32],
    locals: [i32, i32, v128],
    code: [
      eachStretch(
        { list: 0, listEnd: 1, values, end },
        op.loop(
          run(op.get(seen), op.get(values), op.v128Load(0), op.v128Or, op.set(seen)),
          run(op.get(values), op.i32Const(columnsOfLine * lanes), op.i32Add, op.set(values)),
          run(op.get(values), op.get(end), op.i32LessUnsigned, op.branchIf(0)),
        ),
      ),
      run(op.get(seen), op.anyTrue),
    ],
  }
}

function read(): WasmFunction {
  const [values, bytes, end, seen] = [0, 1, 2, 3]
  const wide = 4 * lanes
  const look = (offset: number): readonly Code[] => [
    op.get(seen),
    op.get(values),
    op.v128Load(offset),
    op.v128Or,
    op.set(seen),
  ]
  return {
    name: 'read',
    parameters: [i32, i32],
    results: [i32],
    locals: [i32, v128],
    code: [
      run(op.get(values), op.get(bytes), op.i32Add, op.set(end)),
      op.loop(
        ...[look(0), look(lanes), look(2 * lanes), look(3 * lanes)].flat(),
        run(op.get(values), op.i32Const(wide), op.i32Add, op.set(values)),
        run(op.get(values), op.get(end), op.i32LessUnsigned, op.branchIf(0)),
      ),
      run(op.get(seen), op.anyTrue),
    ],
  }
}
