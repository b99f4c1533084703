import { maxBilledE4 } from '../../../domain/bill.js'
import type { DateSpan } from '../../rating/months.js'
import { decimalText } from './line-texts.js'

/** Where a ladder stands: what its scope has used, in all and by block, kWh e4. */
export interface LadderState {
  readonly usedE4: number
  /** Null where it lies in the blocks as their bounds say. */
  readonly byBlockE4: readonly number[] | null
}

export const nothingUsed: LadderState = { usedE4: 0, byBlockE4: null }

/** A block counter as the database writes it, cut where its numbers stand: what was used, by block. */
export type CounterText = readonly [head: string, afterUsed: string, tail: string]

const betweenBlocks = '", "'
const energyDecimals = 4
const highestE4 = Number(maxBilledE4)

export function counterText(code: string, { from, to }: DateSpan): CounterText {
  return [`{"to": "${to}", "used": "`, `", "scope": "${from}", "byBlock": ["`, `"], "component": "${code}"}`]
}

/** Strictly: null for any other counter. */
export function readCounter(text: string, [head, afterUsed, tail]: CounterText, blocks: number): LadderState | null {
  const at = text.indexOf(afterUsed)
  if (at < 0 || !text.startsWith(head) || !text.endsWith(tail)) return null
  const usedE4 = parseE4(text, head.length, at)
  const byBlockE4: number[] = []
  const end = text.length - tail.length
  for (let from = at + afterUsed.length; from < end; ) {
    const next = text.indexOf(betweenBlocks, from)
    const to = next < 0 || next > end ? end : next
    byBlockE4.push(parseE4(text, from, to))
    from = to + betweenBlocks.length
  }
  const isWhole = usedE4 >= 0 && byBlockE4.length === blocks && byBlockE4.every((value) => value >= 0)
  return isWhole ? { usedE4, byBlockE4 } : null
}

/** With what a bill adds to each block. */
export function writeCounter(
  [head, afterUsed, tail]: CounterText,
  { usedE4, byBlockE4 }: LadderState,
  energyE4: number,
  blockE4: Float64Array,
): string {
  let byBlock = ''
  for (let block = 0; block < blockE4.length; block++) {
    const inBlockE4 = (byBlockE4?.[block] ?? 0) + (blockE4[block] ?? 0)
    byBlock += `${block === 0 ? '' : betweenBlocks}${decimalText(inBlockE4, energyDecimals)}`
  }
  return `${head}${decimalText(usedE4 + energyE4, energyDecimals)}${afterUsed}${byBlock}${tail}`
}

const [zero, nine, pointCode] = [0x30, 0x39, 0x2e]

/** kWh e4 of a plain decimal at [from, to) of a text; NaN for anything else, and for more than a ladder holds here. */
function parseE4(text: string, from: number, to: number): number {
  let value = 0
  let decimals = -1
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === pointCode && decimals < 0 && at > from) decimals = 0
    else if (code >= zero && code <= nine && decimals < energyDecimals) {
      value = 10 * value + code - zero
      if (decimals >= 0) decimals++
    } else return Number.NaN
  }
  for (let missing = Math.max(decimals, 0); missing < energyDecimals; missing++) value *= 10
  return from < to && value <= highestE4 ? value : Number.NaN
}
