import { err, ok, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { parseTableReceipt, parseTableReport } from '../../protocols/concentrator/meter-table.js'
import type { Database } from '../../storage/database.js'
import { insertTableReceipt, insertTableReport, tablePushes } from '../../storage/headend/concentrator-tables.js'
import type { PayloadError } from '../../protocols/concentrator/messages.js'
import type { Uplink } from './uplink.js'

/** Why a word about a meter table is kept aside. `kind` as in the quarantine. */
export interface TableWordRefused {
  readonly kind: PayloadError['kind'] | 'wrong_concentrator' | 'unknown_table_version'
}
type Heard = Result<null, TableWordRefused>

/** Keeps which meters a concentrator says it has. */
export async function hearTableReport(
  database: Database,
  { line, device }: Uplink,
  payload: Buffer,
  receivedAt: Instant,
): Promise<Heard> {
  const report = parseTableReport(payload)
  if (!report.ok) return err({ kind: report.error.kind })
  if (report.value.concentrator !== device) return err({ kind: 'wrong_concentrator' })
  const { version } = report.value
  const meters = report.value.meters.toSorted(
    (left, right) => left.terminalPoint - right.terminalPoint || (left.address < right.address ? -1 : 1),
  )
  const said = { lineId: line.lineId, reportedAt: receivedAt, version, basis: 'report' as const, meters }
  await insertTableReport(database, said, receivedAt)
  return ok(null)
}

/** Keeps a concentrator's answer to a table of ours; a table in force is from then on the one that it has. */
export async function hearTableReceipt(
  database: Database,
  { line, device }: Uplink,
  payload: Buffer,
  receivedAt: Instant,
): Promise<Heard> {
  const receipt = parseTableReceipt(payload)
  if (!receipt.ok) return err({ kind: receipt.error.kind })
  if (receipt.value.concentrator !== device) return err({ kind: 'wrong_concentrator' })
  const { version, outcome, versionInForce } = receipt.value
  const { lineId } = line
  return database.transaction(async (tx) => {
    const push = (await tablePushes(tx, lineId)).find((each) => each.version === version)
    if (push === undefined) return err({ kind: 'unknown_table_version' })
    const isNew = (await insertTableReceipt(tx, { lineId, version, outcome, versionInForce, receivedAt })) === 1
    // A receipt that the broker delivers again may be older than the table in force.
    if (isNew && outcome === 'in_force') {
      const now = { lineId, reportedAt: receivedAt, version, basis: 'receipt' as const, meters: push.meters }
      await insertTableReport(tx, now, receivedAt)
    }
    return ok(null)
  })
}
