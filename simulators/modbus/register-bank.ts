import { invariant } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'

/** The four tables of a Modbus device. Bits are 0 or 1, registers 0 to 65535. */
export const bankTables = ['coils', 'discreteInputs', 'holding', 'input'] as const
export type BankTable = (typeof bankTables)[number]

/** Cells that the device keeps; what a master writes stays. */
export interface StoredCells {
  readonly table: BankTable
  readonly address: number
  readonly values: readonly number[]
}

/** Registers that the device makes up when it is asked; nobody writes them. */
export interface LiveCells {
  readonly table: 'holding' | 'input'
  readonly address: number
  readonly count: number
  /** `2 * count` bytes, high byte first. */
  readonly bytesAt: (now: Instant) => Buffer
}

export interface RegisterBank {
  /** Values from `address` on; null when one of them does not exist. */
  readonly read: (table: BankTable, address: number, count: number, now: Instant) => readonly number[] | null
  /** Writes all or nothing. @returns false when one of them does not exist or cannot be written. */
  readonly write: (table: 'coils' | 'holding', address: number, values: readonly number[]) => boolean
}

/** The memory of one device. Live registers hide stored ones. */
export function createRegisterBank(stored: readonly StoredCells[], live: readonly LiveCells[]): RegisterBank {
  const tables = new Map(bankTables.map((table) => [table, new Map<number, number>()]))
  for (const { table, address, values } of stored)
    for (const [index, value] of values.entries()) cellsOf(table).set(address + index, value)

  function cellsOf(table: BankTable): Map<number, number> {
    const cells = tables.get(table)
    invariant(cells !== undefined, 'a bank has four tables')
    return cells
  }

  function liveAt(table: BankTable, at: number): LiveCells | undefined {
    return live.find(({ table: one, address, count }) => one === table && address <= at && at < address + count)
  }

  return {
    read(table, address, count, now) {
      const cells = cellsOf(table)
      const blocks = new Map<LiveCells, Buffer>()
      const values: number[] = []
      for (let at = address; at < address + count; at += 1) {
        const block = liveAt(table, at)
        const value = block === undefined ? cells.get(at) : liveValue(block, blocks, at, now)
        if (value === undefined) return null
        values.push(value)
      }
      return values
    },
    write(table, address, values) {
      const cells = cellsOf(table)
      const isHere = values.every(
        (_, index) => cells.has(address + index) && liveAt(table, address + index) === undefined,
      )
      if (!isHere) return false
      for (const [index, value] of values.entries()) cells.set(address + index, value)
      return true
    },
  }
}

/** One request sees one moment of a block. */
function liveValue(block: LiveCells, seen: Map<LiveCells, Buffer>, at: number, now: Instant): number {
  const bytes = seen.get(block) ?? block.bytesAt(now)
  seen.set(block, bytes)
  return bytes.readUInt16BE(2 * (at - block.address))
}
