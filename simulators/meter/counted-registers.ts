import type { RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { MeterMemory } from './memory.js'
import type { RegisterSource } from './register-source.js'

/** What a meter has counted of its load: nothing while its relay was open, and only what came since it was set to zero. */
export function countedRegisters(
  load: RegisterSource,
  { relay, meterClearedAt }: MeterMemory,
  at: Instant,
): RegisterSource {
  const { interruptions } = relay
  const flowing = interruptions.length === 0 ? load : withoutInterruptions(load, interruptions)
  return meterClearedAt === null || meterClearedAt > at ? flowing : since(flowing, meterClearedAt)
}

function withoutInterruptions(
  load: RegisterSource,
  interruptions: MeterMemory['relay']['interruptions'],
): RegisterSource {
  return {
    registersAt: (instant) =>
      interruptions
        .filter(({ from }) => from < instant)
        .reduce(
          (counted, { from, to }) =>
            minus(counted, minus(load.registersAt(Math.min(to ?? instant, instant)), load.registersAt(from))),
          load.registersAt(instant),
        ),
  }
}

function since(load: RegisterSource, clearedAt: Instant): RegisterSource {
  const before = load.registersAt(clearedAt)
  return { registersAt: (instant) => minus(load.registersAt(Math.max(instant, clearedAt)), before) }
}

function minus(registers: RegisterSet, less: RegisterSet): RegisterSet {
  const [tou1, tou2, tou3, tou4] = registers.touE4
  const [less1, less2, less3, less4] = less.touE4
  return {
    totalE4: registers.totalE4 - less.totalE4,
    touE4: [difference(tou1, less1), difference(tou2, less2), difference(tou3, less3), difference(tou4, less4)],
  }
}

function difference(value: bigint | null, less: bigint | null): bigint | null {
  return value === null || less === null ? null : value - less
}
