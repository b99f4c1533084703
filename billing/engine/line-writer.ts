import { hash } from 'node:crypto'
import { invariant } from '../../domain/result.js'
import { type BillColumns, maxLinesPerBill } from './columns.js'

const digestBytes = 32

export interface LineWriter {
  readonly add: (
    component: number,
    slot: number,
    block: number,
    quantityE4: number,
    priceE8: number,
    fen: number,
  ) => void
  /** Closes the lines of account `row`; a held account keeps none. */
  readonly close: (row: number, hold: number, ladderEnergyE4: number) => void
  readonly finish: () => BillColumns
}

/** Collects the lines of a shard in typed arrays of fixed capacity. */
export function createLineWriter(count: number): LineWriter {
  const columns = allocate(count)
  let start = 0
  let end = 0
  return {
    add(component, slot, block, quantityE4, priceE8, fen) {
      // A typed array ignores what is written beyond its end; the line would be missing and the bill too low.
      invariant(end - start < maxLinesPerBill, 'a bill has more lines than its columns hold')
      columns.lineComponent[end] = component
      columns.lineSlot[end] = slot
      columns.lineBlock[end] = block
      columns.lineQuantityE4[end] = quantityE4
      columns.linePriceE8[end] = priceE8
      columns.lineFen[end] = fen
      end++
    },
    close(row, hold, ladderEnergyE4) {
      if (hold !== 0) end = start
      columns.hold[row] = hold
      columns.ladderEnergyE4[row] = hold === 0 ? ladderEnergyE4 : 0
      columns.amountFen[row] = sum(columns.lineFen, start, end)
      setBytes(columns.linesSha256, digestBytes * row, digest(columns, start, end))
      columns.lineStart[row + 1] = end
      start = end
    },
    finish: () => trim(columns, end),
  }
}

function allocate(count: number): BillColumns {
  const capacity = maxLinesPerBill * count
  return {
    hold: new Uint8Array(count),
    amountFen: new Float64Array(count),
    ladderEnergyE4: new Float64Array(count),
    lineStart: new Uint32Array(count + 1),
    lineComponent: new Uint8Array(capacity),
    lineSlot: new Uint8Array(capacity),
    lineBlock: new Uint8Array(capacity),
    lineQuantityE4: new Float64Array(capacity),
    linePriceE8: new Float64Array(capacity),
    lineFen: new Float64Array(capacity),
    linesSha256: new Uint8Array(digestBytes * count),
  }
}

function trim(columns: BillColumns, end: number): BillColumns {
  return {
    ...columns,
    lineComponent: columns.lineComponent.slice(0, end),
    lineSlot: columns.lineSlot.slice(0, end),
    lineBlock: columns.lineBlock.slice(0, end),
    lineQuantityE4: columns.lineQuantityE4.slice(0, end),
    linePriceE8: columns.linePriceE8.slice(0, end),
    lineFen: columns.lineFen.slice(0, end),
  }
}

function sum(values: Float64Array, start: number, end: number): number {
  let total = 0
  for (let index = start; index < end; index++) total += values[index] ?? 0
  return total
}

const [newline, comma, minus, zero] = [0x0a, 0x2c, 0x2d, 0x30]
/** Six numbers of at most 17 characters, each with what ends it. */
const lineBytes = 6 * 18
/** One bill after the other is written here and digested. */
const text = Buffer.alloc(maxLinesPerBill * lineBytes)

/**
 * SHA-256 over a line of six numbers for each line, as `linesSha256` of domain/bill.ts, a character for each of its bytes. Written in bytes and
 * read as characters, because texts take twice as long and a buffer for each digest keeps the collector busy.
 */
function digest(columns: BillColumns, start: number, end: number): string {
  let at = 0
  for (let line = start; line < end; line++) {
    at = putWhole(at, columns.lineComponent[line] ?? 0, comma)
    at = putWhole(at, columns.lineSlot[line] ?? 0, comma)
    at = putWhole(at, columns.lineBlock[line] ?? 0, comma)
    at = putWhole(at, columns.lineQuantityE4[line] ?? 0, comma)
    at = putWhole(at, columns.linePriceE8[line] ?? 0, comma)
    at = putWhole(at, columns.lineFen[line] ?? 0, newline)
  }
  return hash('sha256', text.subarray(0, at), 'binary')
}

/** Characters of one byte each, at a place of some bytes. */
export function setBytes(bytes: Uint8Array, start: number, characters: string): void {
  for (let at = 0; at < characters.length; at++) bytes[start + at] = characters.charCodeAt(at)
}

/** A whole number below 2^53 in decimal with the byte that ends it. @returns the place behind it */
function putWhole(start: number, value: number, end: number): number {
  let at = start
  if (value < 0) text[at++] = minus
  let rest = Math.abs(value)
  let digits = 1
  for (let limit = 10; rest >= limit; limit *= 10) digits++
  for (let place = at + digits - 1; place >= at; place--) {
    const tens = Math.floor(rest / 10)
    text[place] = zero + rest - 10 * tens
    rest = tens
  }
  text[at + digits] = end
  return at + digits + 1
}
