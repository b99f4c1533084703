import type { Instant } from '../domain/time.js'
import type { Frame } from '../protocols/dlt645/frame.js'
import type { Dlt645Meter } from './meter/dlt645-meter.js'

/** A meter on the line over [from, to); `to` null until further notice. */
export interface LineMeter {
  readonly meter: Dlt645Meter
  readonly from: Instant
  readonly to: Instant | null
}

export interface Answer {
  readonly address: string
  readonly reply: Buffer
}

/** The meters that hang on two wires. */
export interface LineMeters {
  /** What is said to a frame; more than one answer when several meters feel called. */
  readonly answers: (frame: Frame, now: Instant) => readonly Answer[]
}

export function createLineMeters(meters: readonly LineMeter[]): LineMeters {
  const byAddress = new Map<string, LineMeter[]>()
  for (const each of meters) byAddress.set(each.meter.address(), [...(byAddress.get(each.meter.address()) ?? []), each])

  /** A plain address finds its meters at once; others, and addresses that were written later, are asked of everybody. */
  function called(address: string): readonly LineMeter[] {
    const found = byAddress.get(address)
    return found?.every(({ meter }) => meter.address() === address) === true ? found : meters
  }

  return {
    answers(frame, now) {
      return called(frame.address)
        .filter(({ from, to }) => from <= now && (to === null || now < to))
        .flatMap(({ meter }) => {
          const reply = meter.answer(frame, now)
          return reply === null ? [] : [{ address: meter.address(), reply }]
        })
    },
  }
}
