import { UserError } from '../../domain/errors.js'
import type { Instant } from '../../domain/time.js'
import { CopyWriter } from '../../storage/copy-writer.js'
import { type Database, readBeside, type Transaction } from '../../storage/database.js'
import type { Row } from '../../storage/insert-rows.js'
import { insertDeterminantQuantities } from '../../storage/mdm/determinant-quantities.js'
import * as storage from '../../storage/mdm/determinant-sets.js'
import { copyPlainDeterminants } from '../../storage/mdm/plain-determinants.js'
import { findOrganisation } from '../../storage/registry/changes.js'
import { whileKeysCollide } from '../../storage/while-keys-collide.js'
import type { DerivedAccount } from './derive-accounts.js'
import { type DerivedHold, deriveAll, type TakeAccounts, takeNothing } from './derive-all.js'
import type { Period } from './determinant.js'
import { toDeterminantRow } from './determinant-row.js'
import { defaultDeterminantPolicy, type DeterminantPolicy } from './policy.js'
import { toQuantityRow } from './quantity-row.js'

export interface FreezeInput {
  /** Code of the organisation; accounts of those below it are included. */
  readonly organisation: string
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly now: Instant
  readonly policy?: DeterminantPolicy
}
export interface FreezeReport {
  /** `exists`: the last freeze of this period says the same, so nothing was written. */
  readonly outcome: 'created' | 'exists'
  readonly setId: bigint
  readonly revision: number
  /** Accounts in = determinants + holds. */
  readonly accountCount: number
  readonly determinantCount: number
  readonly holds: readonly DerivedHold[]
  readonly digest: Buffer
}

/**
 * Freezes what every account of an organisation is billed on for [periodStart, periodEnd). An account in doubt becomes a hold; none is
 * left out. Same inputs, same digest; a freeze that would say the same as the last one writes nothing, also where that one was made meanwhile.
 * @throws UserError not_found for an unknown organisation.
 */
export async function freezeDeterminants(database: Database, input: FreezeInput): Promise<FreezeReport> {
  const policy = input.policy ?? defaultDeterminantPolicy
  const organisationId = await findOrganisation(database, input.organisation)
  if (organisationId === null) throw new UserError('not_found', `无此单位 no organisation ${input.organisation}`)
  const { periodStart, periodEnd, now } = input
  const { liveToleranceMs } = policy.validation
  const query = { organisationId, periodStart, periodEnd, knownAt: now, liveToleranceMs }
  const freeze = () =>
    database.transaction<FreezeReport>(
      async (tx) => {
        const last = await storage.findLastSet(tx, query)
        const deriveInto = (take: TakeAccounts) =>
          readBeside(database, tx, (reader) => deriveAll({ tx, reader }, { query, policy }, take))
        if (last !== null) {
          const tally = await deriveInto(takeNothing)
          if (tally.digest.equals(last.digest)) return { outcome: 'exists', ...last, ...tally }
        }
        const setId = await storage.nextSetId(tx)
        const tally = await deriveInto(writeInto(tx, setId, query))
        const revision = (last?.revision ?? 0) + 1
        await storage.insertDeterminantSet(tx, query, { setId, revision, ...tally })
        return { outcome: 'created', setId, revision, ...tally }
      },
      { isolation: 'repeatable read' },
    )
  return whileKeysCollide(freeze)
}

function writeInto(tx: Transaction, setId: bigint, period: Period): TakeAccounts {
  const writer = new CopyWriter()
  return {
    plain: (plain) => copyPlainDeterminants(tx, writer, setId, period, plain),
    others: (accounts) => writeOthers(tx, setId, accounts),
  }
}

async function writeOthers(tx: Transaction, setId: bigint, accounts: readonly DerivedAccount[]): Promise<void> {
  const determinants: Row[] = []
  const quantityRows: Row[] = []
  const holds: Row[] = []
  for (const { accountId, result, quantities } of accounts) {
    if (!result.ok) {
      holds.push({ set_id: setId, account_id: accountId, code: result.error.kind, detail: result.error.detail })
      continue
    }
    determinants.push(toDeterminantRow(setId, result.value))
    for (const quantity of quantities) quantityRows.push(toQuantityRow(setId, result.value, quantity))
  }
  await storage.insertDeterminants(tx, determinants)
  await insertDeterminantQuantities(tx, quantityRows)
  await storage.insertDeterminantHolds(tx, holds)
}
