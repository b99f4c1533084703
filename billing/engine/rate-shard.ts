import { hash } from 'node:crypto'
import { present } from '../../domain/result.js'
import { calendarFor } from '../../domain/time.js'
import type { BillRows } from '../../storage/billing/bills.js'
import type { SegmentTotals } from '../../storage/billing/segments.js'
import { unpackUsages } from '../../storage/billing/packed-usages.js'
import type { withAccountBills } from './account-bills.js'
import {
  accountInputsSha256,
  type AccountBills,
  type AccountShard,
  noAccountBills,
  type TakeComponents,
} from './account-shard.js'
import type { UsageColumns } from './columns.js'
import type { RateProgram } from './compile-program.js'
import type { EntryProgram } from './entry-program.js'
import { rememberDays } from './local-days.js'
import { rateColumns } from './rate-columns.js'
import { type HeldBill, heldBills, segmentTotals } from './segment-result.js'
import { usagesToRate } from './usages-to-rate.js'

/** A tariff version as a thread needs it. */
export interface ShardTariff {
  readonly code: string
  readonly version: number
  readonly program: RateProgram
  readonly entry: EntryProgram
}

/** A shard to rate. */
export interface Shard {
  /** Packed, as `run_input` keeps them. */
  readonly usages: Uint8Array<ArrayBuffer>
  readonly timeZone: string
  readonly tariffs: readonly ShardTariff[]
  /** Null in a run without tariffs of components. */
  readonly accounts: AccountShard | null
}

/** What a shard came to, small enough to hand about. */
export interface RatedShard {
  readonly inputSha256: string
  /** Of what accounts under tariffs of components are rated by; null where there are none. */
  readonly accountsSha256: string | null
  readonly accounts: number
  readonly held: readonly HeldBill[]
  readonly totals: SegmentTotals
}

/** A rated shard with everything its rows are written from. */
export interface ShardBills {
  readonly rated: RatedShard
  readonly usages: UsageColumns
  readonly bills: BillRows
  /** By the number of the tariff in `bills`. */
  readonly entries: readonly (EntryProgram | null)[]
  readonly accounts: AccountBills
  /** Code of a row's tariff, whether or not it is on record. */
  readonly codeOf: (row: number) => string
}

/** What rates accounts one by one; threads load it where they need it, because it brings the whole of `billing/rating` with it. */
export type RateAccounts = typeof withAccountBills

const passOver: TakeComponents = () => undefined

/** From the bytes that the run keeps to bills in columns, without an object per account but for those that are rated one by one; `take` gets what is stored of theirs. */
export function rateShard(
  { usages: bytes, timeZone, tariffs, accounts: shard }: Shard,
  rateAccounts: RateAccounts | null,
  take: TakeComponents = passOver,
): ShardBills {
  const found = unpackUsages(bytes)
  const codes = tariffs.map(({ code }) => code)
  const usages = usagesToRate(found, codes, rememberDays(calendarFor(timeZone)))
  const programs = tariffs.map(({ program }) => program)
  const { count, accountId, periodStart, periodEnd, energyE4, estimated } = found
  const terms = tariffs.map(({ code, version }) => ({ code, version }))
  const columns: BillRows = {
    ...rateColumns(programs, usages),
    count,
    accountId,
    periodStart,
    periodEnd,
    energyE4,
    estimated,
    program: usages.program,
    tariffs: terms,
  }
  const { bills, accounts } =
    shard === null
      ? { bills: columns, accounts: noAccountBills }
      : present(rateAccounts, 'what rates accounts one by one')(columns, shard, found, timeZone, take)
  const codeOf = (row: number) => found.tariffCodes[found.tariff[row] ?? -1] ?? ''
  const held = heldBills(bills, codeOf, accounts.problems)
  const rated = {
    inputSha256: hash('sha256', bytes, 'hex'),
    accountsSha256: shard === null ? null : accountInputsSha256(shard),
    accounts: count,
    held,
    totals: segmentTotals(bills),
  }
  return {
    rated,
    usages,
    bills,
    entries: [...tariffs.map(({ entry }) => entry), ...accounts.entries],
    accounts,
    codeOf,
  }
}
