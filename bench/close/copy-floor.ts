import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { secondsOf } from '../bench-report.js'
import { closeFrom, closeTo } from './fill-close.js'
import { emptyPeerTables, peerTables } from './sql-close.js'

const [from, to] = [`'${toTimestamptz(closeFrom)}'::timestamptz`, `'${toTimestamptz(closeTo)}'::timestamptz`]

/** What a session copies: readings out, and the rows of the three tables in. */
interface Part {
  readonly readings: string
  readonly rows: ReadonlyMap<string, readonly Buffer[]>
}

/**
 * What plain COPY takes for the same readings out and the same rows in: one session that does all, or two with half of it each at the same
 * time. The rows are held in memory before the clock starts.
 */
export async function secondsOfCopyFloor(
  owner: Database,
  { accounts, sessions }: { readonly accounts: number; readonly sessions: 1 | 2 },
  cpuSeconds: () => number,
): Promise<{ readonly seconds: number; readonly serverCpu: number }> {
  const parts: Part[] = []
  for (let part = 0; part < sessions; part++) {
    const first = Math.floor((part * accounts) / sessions) + 1
    parts.push(await partOf(owner, first, Math.floor(((part + 1) * accounts) / sessions)))
  }
  await emptyPeerTables(owner)
  const before = cpuSeconds()
  const seconds = await secondsOf(() => Promise.all(parts.map((part) => copyPart(owner, part))))
  return { seconds, serverCpu: cpuSeconds() - before }
}

/** Of accounts [first, last], whose meters have the same numbers. */
async function partOf(owner: Database, first: number, last: number): Promise<Part> {
  const rows = new Map<string, readonly Buffer[]>()
  for (const table of peerTables) {
    const chunks: Buffer[] = []
    const select = `select * from ${table} where account_id between ${first} and ${last}`
    await owner.copyOut(`copy (${select}) to stdout (format binary)`, (chunk) => chunks.push(chunk))
    rows.set(table, chunks)
  }
  const readings = `copy (select meter_id, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4 from validation_decision
    where quantity = 1 and read_at in (${from}, ${to}) and meter_id between ${first} and ${last}) to stdout (format binary)`
  return { readings, rows }
}

function copyPart(owner: Database, { readings, rows }: Part): Promise<void> {
  return owner.transaction(async (tx) => {
    await tx.copyOut(readings, () => undefined)
    for (const table of peerTables)
      await tx.copyIn(`copy peer_${table} from stdin (format binary)`, rows.get(table) ?? [])
  })
}
