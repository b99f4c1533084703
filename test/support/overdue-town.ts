import type { Database } from '../../storage/database.js'

/** A synthetic account with one posted bill, as its neighbours in the tables left it. */
export interface OverdueAccount {
  readonly accountId: bigint
  readonly openFen: bigint
  readonly contacts: readonly ('sms' | 'voice' | 'email')[]
}

export const townDueDate = '2026-08-18'
const segmentId = 1n

/**
 * Lays down, as owner, what collection reads of others: accounts 1…n with one issued and posted bill each, all in one grid cell.
 * Only the rows behind the `open_item` view are written; the run that billing makes before them is billing's own test.
 */
export async function buildOverdueTown(owner: Database, accounts: readonly OverdueAccount[]): Promise<void> {
  await owner.transaction(async (tx) => {
    // Without the rows of a whole billing run the foreign keys and triggers of billing cannot hold.
    await tx.execute('set local session_replication_role = replica')
    for (const sql of registryRows) await tx.execute(sql)
    for (const { accountId, openFen, contacts } of accounts) {
      await tx.execute(`insert into account values ($1, 1, $2, 1)`, [
        accountId,
        `37${accountId.toString().padStart(8, '0')}`,
      ])
      await tx.execute(
        `insert into agreement_timeline values ($1, 1, '2026-01-01', null, 1, 'any', '2026-01-01', '2026-01-01', 'system', 'import')`,
        [accountId],
      )
      await tx.execute(`insert into receivable values ($1, $2, $3, $4, $5)`, [
        segmentId,
        accountId,
        accountId,
        townDueDate,
        openFen,
      ])
      for (const channel of contacts) await addContact(tx, accountId, channel)
    }
  })
}

const registryRows = [
  `insert into actor values ('system', 'system', 'process', '2026-01-01'), ('manager-1', 'manager', 'person', '2026-01-01'),
     ('dunning-1', 'author', 'person', '2026-01-01'), ('dunning-2', 'approver', 'person', '2026-01-01')`,
  `insert into organisation values (1, 'demo', null, '示例供电公司', 'county', 'Asia/Shanghai', 'CNY', 2)`,
  `insert into grid_cell values (1, 1, 'grid-1', '第一网格', 'manager-1', null)`,
  `insert into usage_point values (1, 1, 'point-1', 1, 1, 'somewhere')`,
  `insert into segment_issue values (1, 'system', '2026-08-03', 1000, 1, '\\x00')`,
  `insert into segment_posting values (1, 'system', '2026-08-03', 1, 1, sha256('posting'))`,
]

async function addContact(tx: Pick<Database, 'execute'>, accountId: bigint, channel: string): Promise<void> {
  await tx.execute(
    `insert into contact_timeline values ($1, $2, 1, '2026-01-01', null, $3, 'contract', 'contract signed', true, '2026-01-01', 'system', 'import')`,
    [accountId, channel, `${channel}-of-${accountId}`],
  )
}

/** The contact has no segment any more from now on. */
export async function withdrawContact(owner: Database, accountId: bigint, channel: string, at: string): Promise<void> {
  await owner.execute(
    `insert into contact_timeline
     select account_id, channel, revision + 1, effective_from, $3::timestamptz, address, purpose, consent_evidence, verified, $3::timestamptz, 'system', 'withdrawn'
       from contact_timeline where account_id = $1 and channel = $2`,
    [accountId, channel, at],
  )
}

/** Clears an amount of the account's bill, as billing's cash does. */
export async function pay(owner: Database, accountId: bigint, amountFen: bigint): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.execute('set local session_replication_role = replica')
    await tx.execute(
      `insert into payment_allocation
       select 'bank', concat($2::bigint, '-', count(*)), $1, $2, $3 from payment_allocation`,
      [segmentId, accountId, amountFen],
    )
  })
}
