import { child, type Cursor, instant, text } from './cursor.js'
import {
  beijingOffsetMs,
  decodeFrames,
  type Edition,
  edition1997,
  edition2007,
  requireAnswers,
  reversedHex,
} from './dlt645-evidence.js'
import { Fault, requireSame } from './fault.js'
import type { Rational } from './rational.js'
import type { Registers } from './registers.js'

/** What demands are asked by: in the edition of 2007 as one item, in that of 1997 as their values and their times. */
export interface DemandItems {
  readonly item: string
  readonly live: readonly [values: string, times: string]
}

/** How an edition lays demands out. When the meter settles comes first: that reply dates the demands behind it. */
interface Layout {
  readonly edition: Edition
  readonly settlementDay: string
  readonly itemsOf: (demand: DemandItems) => readonly string[]
  /** Of a demand: XX.XXXX kW, and in 2007 the minute in which it came about. */
  readonly demandBytes: number
}

const layouts: Readonly<Record<string, Layout>> = {
  dlt645_2007: {
    edition: edition2007,
    settlementDay: '04000B01',
    itemsOf: ({ item }) => [item],
    demandBytes: 8,
  },
  dlt645_1997: { edition: edition1997, settlementDay: 'C117', itemsOf: ({ live }) => live, demandBytes: 3 },
}
const valueBytes = 3

/**
 * Decodes the maximum demands that the settlement at an instant left, total and tou1…tou4, from the replies of the meter `address`.
 * @param at when the meter settled, by the day and hour that it names.
 */
export function decodeDemands(frame: Cursor, address: string, demand: DemandItems, at: Cursor): Registers {
  const response = child(frame, 'response')
  const protocol = child(frame, 'protocol')
  const layout = layouts[text(protocol)]
  if (layout === undefined) throw new Fault(protocol.path, 'a protocol the checker knows', text(protocol))
  const { edition, settlementDay, itemsOf, demandBytes } = layout
  const replies = decodeFrames(response, edition)
  requireAnswers(frame, address, replies, [settlementDay, ...itemsOf(demand)], edition)
  requireSame(at.path, dayAndHour(instant(at)), reversedHex(replies[0]?.payload ?? Buffer.alloc(0)))
  const payload = replies[1]?.payload ?? Buffer.alloc(0)
  if (payload.length === 0 || payload.length % demandBytes !== 0 || payload.length > 5 * demandBytes)
    throw new Fault(`${response.path}.values`, 'one to five demands', `${payload.length} bytes`)
  return Array.from({ length: 5 }, (_, index) => {
    const digits = reversedHex(payload.subarray(demandBytes * index, demandBytes * index + valueBytes))
    return digits === '' || digits === 'ffffff' ? null : tenThousandths(digits, response.path)
  })
}

/** `DDhh` in Beijing time, as a meter names the day on which it settles. */
function dayAndHour(at: number): string {
  const local = new Date(at + beijingOffsetMs).toISOString()
  return `${local.slice(8, 10)}${local.slice(11, 13)}`
}

function tenThousandths(digits: string, node: string): Rational {
  if (!/^\d{6}$/.test(digits)) throw new Fault(`${node}.values`, 'decimal digits', digits)
  return { numerator: BigInt(digits), denominator: 10_000n }
}
