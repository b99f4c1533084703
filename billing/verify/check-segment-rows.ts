import { UserError } from '../../domain/errors.js'
import { segmentStrays } from '../../storage/billing/segment-strays.js'
import type { RunSegmentRow } from '../../storage/billing/segments.js'
import type { Database } from '../../storage/database.js'
import { auditLedger } from '../ledger/audit-ledger.js'
import { type OpenRun, tariffsOf } from '../runs/open-run.js'
import type { RunFault } from './run-fault.js'

const ledgerNodes = {
  chain_broken: ['ledger.chain', 'the chain of its entries'],
  entry_count_differs: ['ledger.entries', 'as many entries as were posted'],
  balance_differs: ['ledger.balances', 'the totals of its entries'],
} as const

/** What stands beside the bills of a segment, compared with them row by row. */
export async function strayFaults(database: Database, segment: RunSegmentRow): Promise<readonly RunFault[]> {
  const strays = await segmentStrays(database, segment.segment_id)
  return strays.map(({ number, account, node, expected, found }) => ({
    bill: account === null ? null : String(number),
    account,
    segment: segment.natural_key,
    node: account === null ? `bill ${number}: ${node}` : node,
    expected,
    found,
  }))
}

/** What a run says of itself as a whole: the tariffs that it froze are on record and signed, its segments are posted as their entries say. */
export async function runFaults(
  database: Database,
  run: OpenRun,
  segments: readonly RunSegmentRow[],
): Promise<readonly RunFault[]> {
  const of = (segment: string) => ({ bill: null, account: null, segment })
  const unposted = run.state === 'posted' ? segments.filter(({ posted }) => !posted) : []
  const own = new Set(segments.map(({ natural_key }) => natural_key))
  const audited = (await auditLedger(database)).faults.filter(({ segment }) => own.has(segment))
  return [
    ...(await tariffFaults(database, run)),
    ...unposted.map(({ natural_key }) => ({
      ...of(natural_key),
      node: 'ledger.posting',
      expected: 'posted with its run',
      found: 'none',
    })),
    ...audited.map(({ kind, segment }) => {
      const [node, expected] = ledgerNodes[kind]
      return { ...of(segment), node, expected, found: kind }
    }),
  ]
}

async function tariffFaults(database: Database, run: OpenRun): Promise<readonly RunFault[]> {
  try {
    await tariffsOf(database, run)
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const expected = 'as the run froze them, signed by two people'
    return [{ bill: null, account: null, segment: run.runId, node: 'tariffs', expected, found: error.message }]
  }
}
