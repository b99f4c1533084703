import { child, type Cursor, text } from './cursor.js'
import { reversedHex } from './dlt645-evidence.js'
import { Fault } from './fault.js'
import type { Rational } from './rational.js'
import type { Registers } from './registers.js'
import { decodeSettlement } from './settlement-evidence.js'

/** What demands are asked by: in the edition of 2007 as one item, in that of 1997 as their values and their times. */
export interface DemandItems {
  readonly item: string
  readonly live: readonly [values: string, times: string]
}

const valueBytes = 3
const timeBytes = 5

/**
 * Decodes the maximum demands that the settlement at an instant left, total and tou1…tou4, from the replies of the meter `address`: XX.XXXX kW
 * each, and in 2007 the minute in which it came about.
 * @param at when the meter settled, by the day and hour that it names.
 */
export function decodeDemands(frame: Cursor, address: string, { item, live }: DemandItems, at: Cursor): Registers {
  const { path } = child(frame, 'response')
  const is2007 = text(child(frame, 'protocol')) === 'dlt645_2007'
  const [payload = Buffer.alloc(0)] = decodeSettlement(frame, address, { of2007: [item], of1997: live }, at)
  const demandBytes = is2007 ? valueBytes + timeBytes : valueBytes
  if (payload.length === 0 || payload.length % demandBytes !== 0 || payload.length > 5 * demandBytes)
    throw new Fault(`${path}.values`, 'one to five demands', `${payload.length} bytes`)
  return Array.from({ length: 5 }, (_, index) => {
    const digits = reversedHex(payload.subarray(demandBytes * index, demandBytes * index + valueBytes))
    return digits === '' || digits === 'ffffff' ? null : tenThousandths(digits, path)
  })
}

function tenThousandths(digits: string, node: string): Rational {
  if (!/^\d{6}$/.test(digits)) throw new Fault(`${node}.values`, 'decimal digits', digits)
  return { numerator: BigInt(digits), denominator: 10_000n }
}
