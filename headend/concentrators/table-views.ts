import { groupBy } from '../../domain/group-by.js'
import { uuidOf } from '../../domain/ids.js'
import { desiredTable, diffTables, type TableDifference, type TableEntry } from '../../domain/meter-tables.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import {
  metersBehindConcentrators,
  type NewTablePush,
  type RegisteredMeter,
  seenAddresses,
  type TablePush,
  tablePushes,
  type TableReport,
  tableReports,
} from '../../storage/headend/concentrator-tables.js'
import type { Uplink } from './uplink.js'

/** The meter tables of one concentrator: what it is to have, what it has, and what is under way between the two. */
export interface TableView {
  readonly uplink: Uplink
  readonly registered: readonly RegisteredMeter[]
  readonly desired: readonly TableEntry[]
  readonly report: TableReport | null
  /** What stands for its table: its own word, what it brought of `seenForDays`, or nothing, and then no meter can be said to be missing. */
  readonly basis: 'report' | 'seen' | 'nothing'
  readonly differences: readonly TableDifference[]
  /** By version. */
  readonly pushes: readonly TablePush[]
}

/** Whoever brought nothing of a meter for so long does not read it. */
export const seenForDays = 7

export async function loadTableViews(
  queryable: Queryable,
  uplinks: readonly Uplink[],
  now: Instant,
): Promise<readonly TableView[]> {
  const meters = groupBy(await metersBehindConcentrators(queryable, now), ({ lineId }) => lineId)
  const reports = await tableReports(queryable, now)
  const pushes = groupBy(await tablePushes(queryable), ({ lineId }) => lineId)
  const seen = groupBy(await seenAddresses(queryable, now - seenForDays * dayMs), ({ lineId }) => lineId)
  const holders = holdersOf(uplinks, reports)
  return uplinks.map((uplink) => {
    const { lineId, code } = uplink.line
    const registered = meters.get(lineId) ?? []
    const report = reports.get(lineId) ?? null
    const own = pushes.get(lineId) ?? []
    const addresses = registered.map(({ communicationAddress }) => communicationAddress)
    const desired = desiredTable(addresses, own.at(-1)?.meters ?? report?.meters ?? [])
    const brought = new Set(seen.get(lineId)?.map(({ address }) => address))
    const basis = report !== null ? 'report' : brought.size > 0 ? 'seen' : 'nothing'
    const differences = diffTables({
      registered: addresses,
      desired,
      reported: report?.meters ?? null,
      seen: brought,
      elsewhere: new Map([...holders].map(([address, codes]) => [address, codes.filter((each) => each !== code)])),
    })
    const shown = differences.filter(({ mismatch }) => basis !== 'nothing' || mismatch !== 'missing_in_concentrator')
    return { uplink, registered, desired, report, basis, differences: shown, pushes: own }
  })
}

/** Codes of the concentrators that say they have an address. */
function holdersOf(
  uplinks: readonly Uplink[],
  reports: ReadonlyMap<bigint, TableReport>,
): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>()
  for (const { line } of uplinks) {
    const addresses = new Set(reports.get(line.lineId)?.meters.map(({ address }) => address))
    for (const address of addresses) holders.set(address, [...(holders.get(address) ?? []), line.code])
  }
  return holders
}

/** The push that would give the concentrator the table that it is to have. */
export function pushOf(
  { uplink: { line }, desired, report, pushes }: TableView,
  why: Pick<NewTablePush, 'cause' | 'actor' | 'openedAt'>,
): NewTablePush {
  const versions = pushes.flatMap((push) => [push.version, push.versionInForce ?? 0])
  const version = 1 + Math.max(0, report?.version ?? 0, ...versions)
  return {
    pushId: uuidOf('meter table', line.code, String(version)),
    lineId: line.lineId,
    version,
    meters: desired,
    ...why,
  }
}

/** The newest push that the concentrator has not answered; older ones are overtaken by it. */
export function openPushOf({ pushes }: TableView): TablePush | null {
  const last = pushes.at(-1)
  return last === undefined || last.outcome !== null ? null : last
}
