import {
  type DesiredTable,
  maxTableMeters,
  type ReportedTable,
  type TableMeter,
  type TableReceipt,
} from '../../protocols/concentrator/meter-table.js'

/** A concentrator's own meter table. It reads what is in it and nothing else. */
export interface TableMemory {
  /** In the order of terminal points. */
  readonly addresses: () => readonly string[]
  readonly holds: (address: string) => boolean
  /** Takes a table over as a whole, or leaves the one in force; the receipt says which. */
  readonly apply: (table: DesiredTable) => TableReceipt
  readonly report: () => ReportedTable
}

/** `addresses` are what was set on site; that table has version 0. */
export function createTableMemory(concentrator: string, addresses: readonly string[]): TableMemory {
  let meters: readonly TableMeter[] = addresses.map((address, index) => ({ terminalPoint: index + 1, address }))
  let listed: ReadonlySet<string> = new Set(addresses)
  let versionInForce = 0

  function apply({ version, meters: desired }: DesiredTable): TableReceipt {
    if (version < versionInForce) return { concentrator, version, outcome: 'table_outdated', versionInForce }
    if (version === versionInForce) return { concentrator, version, outcome: 'in_force', versionInForce }
    if (desired.length > maxTableMeters) return { concentrator, version, outcome: 'table_too_long', versionInForce }
    meters = desired.toSorted((left, right) => left.terminalPoint - right.terminalPoint)
    listed = new Set(meters.map(({ address }) => address))
    versionInForce = version
    return { concentrator, version, outcome: 'in_force', versionInForce }
  }

  return {
    addresses: () => [...listed],
    holds: (address) => listed.has(address),
    apply,
    report: () => ({ concentrator, version: versionInForce, meters }),
  }
}
