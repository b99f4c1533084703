import { maxTableMeters, type DesiredTable, type TableReceipt } from '../../protocols/concentrator/meter-table.js'

/** A concentrator's own meter table. It reads what is in it and nothing else. */
export interface TableMemory {
  /** In the order of terminal points. */
  readonly addresses: () => readonly string[]
  readonly holds: (address: string) => boolean
  /** Takes a table over as a whole, or leaves the one in force; the receipt says which. */
  readonly apply: (table: DesiredTable) => TableReceipt
}

/** `addresses` are what was set on site; that table has version 0. */
export function createTableMemory(concentrator: string, addresses: readonly string[]): TableMemory {
  let listed: ReadonlySet<string> = new Set(addresses)
  let versionInForce = 0

  function apply({ version, meters }: DesiredTable): TableReceipt {
    if (version < versionInForce) return { concentrator, version, outcome: 'table_outdated', versionInForce }
    if (version === versionInForce) return { concentrator, version, outcome: 'in_force', versionInForce }
    if (meters.length > maxTableMeters) return { concentrator, version, outcome: 'table_too_long', versionInForce }
    const ordered = meters.toSorted((left, right) => left.terminalPoint - right.terminalPoint)
    listed = new Set(ordered.map(({ address }) => address))
    versionInForce = version
    return { concentrator, version, outcome: 'in_force', versionInForce }
  }

  return { addresses: () => [...listed], holds: (address) => listed.has(address), apply }
}
