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
      columns.linesSha256.set(digest(columns, start, end), digestBytes * row)
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

function digest(columns: BillColumns, start: number, end: number): Uint8Array {
  let text = ''
  for (let line = start; line < end; line++) {
    text += `${columns.lineComponent[line]},${columns.lineSlot[line]},${columns.lineBlock[line]},`
    text += `${columns.lineQuantityE4[line]},${columns.linePriceE8[line]},${columns.lineFen[line]}\n`
  }
  return hash('sha256', text, 'buffer')
}
