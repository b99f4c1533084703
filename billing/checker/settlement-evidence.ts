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

interface Layout {
  readonly edition: Edition
  /** When the meter settles, `DDhh`: its reply dates what follows it. */
  readonly settlementDay: string
  readonly itemsOf: (asked: SettledItems) => readonly string[]
}

/** Items of a settlement, by edition. */
export interface SettledItems {
  readonly of2007: readonly string[]
  readonly of1997: readonly string[]
}

const layouts: Readonly<Record<string, Layout>> = {
  dlt645_2007: { edition: edition2007, settlementDay: '04000B01', itemsOf: ({ of2007 }) => of2007 },
  dlt645_1997: { edition: edition1997, settlementDay: 'C117', itemsOf: ({ of1997 }) => of1997 },
}

/**
 * What the replies of the meter `address` say that a settlement left, one payload for each item.
 * @param at when the meter settled, by the day and hour that it names.
 */
export function decodeSettlement(frame: Cursor, address: string, asked: SettledItems, at: Cursor): readonly Buffer[] {
  const protocol = child(frame, 'protocol')
  const layout = layouts[text(protocol)]
  if (layout === undefined) throw new Fault(protocol.path, 'a protocol the checker knows', text(protocol))
  const { edition, settlementDay, itemsOf } = layout
  const replies = decodeFrames(child(frame, 'response'), edition)
  requireAnswers(frame, address, replies, [settlementDay, ...itemsOf(asked)], edition)
  const [day, ...values] = replies.map(({ payload }) => payload)
  requireSame(at.path, dayAndHour(instant(at)), reversedHex(day ?? Buffer.alloc(0)))
  return values
}

/** `DDhh` in Beijing time, as a meter names the day on which it settles. */
function dayAndHour(at: number): string {
  const local = new Date(at + beijingOffsetMs).toISOString()
  return `${local.slice(8, 10)}${local.slice(11, 13)}`
}
