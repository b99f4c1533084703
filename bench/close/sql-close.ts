import type { Database, Transaction } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { secondsOf } from '../bench-report.js'
import { closeFrom, closeTariff, closeTo } from './fill-close.js'

/** Tables of the peers, with the columns, checks and keys of ours. */
export const peerTables = ['bill', 'receivable', 'journal_entry'] as const

export async function createPeerTables(owner: Database): Promise<void> {
  for (const table of peerTables) await owner.execute(`create table peer_${table} (like ${table} including all)`)
}

export async function emptyPeerTables(owner: Database): Promise<void> {
  for (const table of peerTables) await owner.execute(`truncate peer_${table}`)
}

const [from, to] = [`'${toTimestamptz(closeFrom)}'::timestamptz`, `'${toTimestamptz(closeTo)}'::timestamptz`]

/**
 * Prices and limits of the tariff, written out: peak 0.5769, valley 0.3769 with what the registers leave of the total, blocks over 2520 and
 * 4800 kWh a year plus 0.05 and 0.30. `numeric`, rounded half away from zero, a line without energy left out.
 */
const rated = `
  with used as (
    select a.account_id, e.total_e4 - s.total_e4 as energy, e.tou2_e4 - s.tou2_e4 as peak, o.ladder_energy_e4 as opening
      from agreement_timeline a
      join installation_timeline i on i.usage_point_id = a.usage_point_id and i.effective_from <= ${from}
      join multiplier_timeline m on m.usage_point_id = a.usage_point_id and m.effective_from <= ${from}
      join validation_decision s on (s.meter_id, s.quantity, s.read_at) = (i.meter_id, 1, ${from}) and s.verdict = 'accepted'
      join validation_decision e on (e.meter_id, e.quantity, e.read_at) = (i.meter_id, 1, ${to}) and e.verdict = 'accepted'
      join opening_state o on o.account_id = a.account_id and o.as_of = ${from}
     where a.effective_from <= ${from}),
  blocked as (
    select *, energy - peak as valley, opening + energy as closing,
           greatest(least(opening + energy, 48000000) - greatest(opening, 25200000), 0) as second,
           greatest(opening + energy - greatest(opening, 48000000), 0) as third
      from used),
  priced as (
    select *, round(peak * 0.5769 / 100)::bigint as peak_fen, round(valley * 0.3769 / 100)::bigint as valley_fen,
           round(second * 0.05 / 100)::bigint as second_fen, round(third * 0.30 / 100)::bigint as third_fen
      from blocked),
  lined as (
    select *, array_remove(array[case when peak > 0 then 1 end, case when valley > 0 then 2 end,
                                 case when second > 0 then 3 end, case when third > 0 then 4 end], null) as kept,
           peak_fen + valley_fen + second_fen + third_fen as amount
      from priced)
  select (row_number() over (order by account_id) - 1)::integer as ordinal, account_id, energy, closing, amount,
         (select array_agg((array[1, 1, 2, 2])[k]::smallint order by k) from unnest(kept) k) as components,
         (select array_agg((array[2, 4, 0, 0])[k]::smallint order by k) from unnest(kept) k) as slots,
         (select array_agg((array[0, 0, 2, 3])[k]::smallint order by k) from unnest(kept) k) as blocks,
         (select array_agg((array[peak, valley, second, third])[k] order by k) from unnest(kept) k) as quantities,
         (select array_agg((array[57690000, 37690000, 5000000, 30000000]::bigint[])[k] order by k) from unnest(kept) k) as prices,
         (select array_agg((array[peak_fen, valley_fen, second_fen, third_fen])[k] order by k) from unnest(kept) k) as fen,
         round(amount / 1.13)::bigint as net
    from lined`

const bills = `insert into peer_bill
  select 1, ordinal, account_id, ${from}, ${to}, energy, amount, closing, false, components, slots, blocks, quantities, prices, fen,
         '${closeTariff}', 1, sha256(convert_to(concat_ws(',', components, slots, blocks, quantities, prices, fen), 'utf8')) from rated`
const receivables = `insert into peer_receivable select 1, ordinal, account_id, '2026-07-18', amount from rated where amount <> 0`
const entries = `insert into peer_journal_entry
  select 1, ordinal, '2026-07-03', 'bill', account_id, case when net < amount then array[1122, 2221, 6001] else array[1122, 6001] end,
         case when net < amount then array[amount, net - amount, -net] else array[amount, -net] end from rated where amount <> 0`

/** Ways to close the month in SQL; each fills the tables of the peers in one transaction. The fastest counts. */
export const sqlCloses: Readonly<Record<string, (tx: Transaction) => Promise<void>>> = {
  'one statement': async (tx) => {
    await tx.execute(`with rated as materialized (${rated}), b as (${bills}), r as (${receivables}) ${entries}`)
  },
  'rated in parallel into a table first': async (tx) => {
    await tx.execute(`create unlogged table peer_rated as ${rated}`)
    for (const statement of [bills, receivables, entries])
      await tx.execute(statement.replace('from rated', 'from peer_rated'))
    await tx.execute('drop table peer_rated')
  },
}

/** Seconds of one way, the tables empty before. */
export async function secondsOfSqlClose(owner: Database, name: string): Promise<number> {
  await emptyPeerTables(owner)
  const close = sqlCloses[name]
  if (close === undefined) throw new Error(`no way to close is ${name}`)
  return secondsOf(() => owner.transaction(close))
}

/** Rows that the last SQL close and ours do not have in common; the digest of lines is each side's own. */
export async function differingRows(owner: Database): Promise<number> {
  const columns = `account_id, period_start, period_end, energy_e4, amount_fen, ladder_energy_e4, line_component, line_slot, line_block,
    line_quantity_e4, line_price_e8, line_fen`
  const pairs = [
    [`select ${columns} from bill`, `select ${columns} from peer_bill`],
    ['select account_id, amount_fen from receivable', 'select account_id, amount_fen from peer_receivable'],
    [
      'select account_id, ledger_numbers, amounts_fen from journal_entry',
      'select account_id, ledger_numbers, amounts_fen from peer_journal_entry',
    ],
  ] as const
  let differing = 0
  for (const [ours, theirs] of pairs) {
    for (const [one, other] of [
      [ours, theirs],
      [theirs, ours],
    ]) {
      const [row] = await owner.query<{ readonly count: bigint }>(`select count(*) from (${one} except ${other}) d`)
      differing += Number(row?.count ?? 0n)
    }
  }
  return differing
}

/** What plain COPY takes for the same: the readings out, the rows of the three tables in. */
export async function secondsOfCopyFloor(owner: Database): Promise<number> {
  const written = new Map<string, Buffer[]>()
  for (const table of peerTables) {
    const chunks: Buffer[] = []
    await owner.copyOut(`copy ${table} to stdout (format binary)`, (chunk) => chunks.push(chunk))
    written.set(table, chunks)
  }
  await emptyPeerTables(owner)
  return secondsOf(() =>
    owner.transaction(async (tx) => {
      await tx.copyOut(
        `copy (select meter_id, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4 from validation_decision
                where quantity = 1 and read_at in (${from}, ${to})) to stdout (format binary)`,
        () => undefined,
      )
      for (const table of peerTables)
        await tx.copyIn(`copy peer_${table} from stdin (format binary)`, written.get(table) ?? [])
    }),
  )
}
