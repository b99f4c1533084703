import { present } from '../../domain/result.js'
import type { SettlementKind } from '../../domain/bill.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import { createCopyDecoder } from '../copy-binary.js'
import type { Transaction } from '../database.js'

/** One account's determinants, with what is on record about where its ladder stands. Energies kWh e4 after the multiplier. */
export interface AccountUsage {
  readonly accountId: bigint
  readonly tariffCode: string
  readonly settlementKind: SettlementKind
  readonly periodStart: Instant
  readonly periodEnd: Instant
  readonly ladderFrom: LocalDate
  readonly energyE4: bigint
  readonly touE4: readonly [bigint, bigint, bigint, bigint]
  readonly estimated: boolean
  /** The bill whose period ended last before this one began. */
  readonly lastBill: { readonly periodEnd: Instant; readonly ladderEnergyE4: bigint } | null
  readonly opening: { readonly asOf: Instant; readonly ladderEnergyE4: bigint } | null
}

const columns = [
  'int8',
  'text',
  'text',
  'timestamptz',
  'timestamptz',
  'date',
  'int8',
  'int8',
  'int8',
  'int8',
  'int8',
  'bool',
  'timestamptz',
  'int8',
  'timestamptz',
  'int8',
] as const

// COPY takes no parameters, so they go through settings that end with the transaction.
const bounds = `select set_config('shuangwu.set_id', $1, true), set_config('shuangwu.first_account', $2, true),
  set_config('shuangwu.last_account', $3, true)`
const usages = `copy (
  select d.account_id, d.tariff_code, d.settlement_kind, d.period_start, d.period_end, d.ladder_from,
         d.energy_e4, d.tou1_e4, d.tou2_e4, d.tou3_e4, d.tou4_e4, d.estimated,
         b.period_end, b.ladder_energy_e4, o.as_of, o.ladder_energy_e4
    from determinant d
    left join lateral (select l.period_end, l.ladder_energy_e4 from bill l
      where l.account_id = d.account_id and l.period_start < d.period_start order by l.period_start desc limit 1) b on true
    left join opening_state o on o.account_id = d.account_id
   where d.set_id = current_setting('shuangwu.set_id')::bigint
     and d.account_id between current_setting('shuangwu.first_account')::bigint and current_setting('shuangwu.last_account')::bigint
   order by d.account_id) to stdout (format binary)`

export const everyAccount = { first: 0n, last: 2n ** 63n - 1n } as const

/** Streams the usages of a set's accounts in [first, last], ordered by account. */
export async function streamUsages(
  tx: Transaction,
  setId: bigint,
  accounts: { readonly first: bigint; readonly last: bigint },
  take: (usage: AccountUsage) => void,
): Promise<void> {
  await tx.query(bounds, [String(setId), String(accounts.first), String(accounts.last)])
  const decoder = createCopyDecoder(columns, (row) => take(fromRow(row)))
  await tx.copyOut(usages, decoder.push)
  decoder.end()
}

type UsageRow = Parameters<Parameters<typeof createCopyDecoder<typeof columns>>[1]>[0]

function fromRow(row: UsageRow): AccountUsage {
  const [accountId, tariffCode, kind, periodStart, periodEnd, ladderFrom, energy, tou1, tou2, tou3, tou4, estimated] =
    row
  const [, , , , , , , , , , , , billEnd, billLadder, asOf, openingLadder] = row
  return {
    accountId: present(accountId, 'account_id'),
    tariffCode: present(tariffCode, 'tariff_code'),
    settlementKind: kind === 'transfer' ? 'transfer' : 'regular',
    periodStart: present(periodStart, 'period_start'),
    periodEnd: present(periodEnd, 'period_end'),
    ladderFrom: present(ladderFrom, 'ladder_from'),
    energyE4: present(energy, 'energy_e4'),
    touE4: [present(tou1, 'tou1_e4'), present(tou2, 'tou2_e4'), present(tou3, 'tou3_e4'), present(tou4, 'tou4_e4')],
    estimated: present(estimated, 'estimated'),
    lastBill: billEnd === null || billLadder === null ? null : { periodEnd: billEnd, ladderEnergyE4: billLadder },
    opening: asOf === null || openingLadder === null ? null : { asOf, ladderEnergyE4: openingLadder },
  }
}
